// Shopify's Admin schema, as its own tool for developers carries it: what our documents, and the local Shopify's answers, are worth in it.
import { readFileSync, readdirSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { answer, home, installed } from "./task.mjs";

const graphql = installed("graphql");

// The release behind a version, or, while it is not out, what will become it.
function next(version) {
  const known = readdirSync(`${home}/schema`).map((name) => name.slice("admin_".length, -".json.gz".length));
  return known.filter((name) => name > version && name !== "unstable").sort()[0] ?? "unstable";
}

function load(version) {
  const { data, offline_scopes } = JSON.parse(gunzipSync(readFileSync(`${home}/schema/admin_${version}.json.gz`)));
  const schema = graphql.buildClientSchema(data);
  const access = new Map();
  for (const item of offline_scopes.items) {
    access.set(item.fieldName ? `${item.typeName}.${item.fieldName}` : item.typeName, item);
  }
  const restricted = new Set();
  for (const type of data.__schema.types) {
    if (type.accessRestricted) restricted.add(type.name);
    for (const field of type.fields ?? []) if (field.accessRestricted) restricted.add(`${type.name}.${field.name}`);
  }
  return { schema, access, restricted };
}

// Every type and field that a document names, or gets without naming it.
function named(schema, document) {
  const found = new Set();
  const info = new graphql.TypeInfo(schema);
  const visitor = {
    Field() {
      const field = info.getFieldDef();
      if (!field || field.name.startsWith("__")) return;
      found.add(`${info.getParentType().name}.${field.name}`);
      found.add(graphql.getNamedType(field.type).name);
    },
    InlineFragment(node) {
      if (node.typeCondition) found.add(node.typeCondition.name.value);
    },
  };
  graphql.visit(document, graphql.visitWithTypeInfo(info, visitor));
  return [...found].sort();
}

const implied = (scopes) => new Set(scopes.flatMap((scope) => [scope, scope.replace(/^(unauthenticated_)?write_/, "$1read_")]));

function check(version, scopes, documents) {
  const { schema, access, restricted } = load(version);
  const granted = implied(scopes);
  const rules = [...graphql.specifiedRules, graphql.NoDeprecatedCustomRule];
  const problems = [];
  const used = new Set();
  for (const [name, text] of Object.entries(documents)) {
    const problem = (what) => problems.push(`${version}: ${name}: ${what}`);
    let document;
    try {
      document = graphql.parse(text);
    } catch (error) {
      problem(error.message);
      continue;
    }
    for (const error of graphql.validate(schema, document, rules)) problem(error.message);
    for (const what of named(schema, document)) {
      if (restricted.has(what)) problem(`${what} is not open to every app`);
      const { offlineScopes = [], requiredAccess = "" } = access.get(what) ?? {};
      const held = offlineScopes.filter((scope) => granted.has(scope));
      // Where there are several, the schema's words join them by "or".
      if (offlineScopes.length > 0 && held.length === 0) problem(`${what} needs ${offlineScopes.join(" or ")}`);
      // What goes beyond scopes, such as the rights of a person, an app's own token may lack.
      if (/\bAlso:/.test(requiredAccess)) problem(`${what}: ${requiredAccess}`);
      for (const scope of held) used.add(scope);
    }
  }
  const known = new Set([...access.values()].flatMap((item) => item.offlineScopes));
  for (const scope of scopes) if (!known.has(scope)) problems.push(`${version}: no field asks for the scope ${scope}`);
  return { problems, unused: scopes.filter((scope) => !used.has(scope)) };
}

// Carries a document out on an answer, as if it were the shop: what the schema does not allow is an error, or missing.
function replay(schema, { document, variables, data }) {
  const result = graphql.executeSync({ schema, document: graphql.parse(document), rootValue: data, variableValues: variables });
  return { errors: (result.errors ?? []).map((error) => `${error.path?.join(".")}: ${error.message}`), data: result.data };
}

await answer({
  documents({ version, scopes, documents }) {
    const later = next(version);
    const [now, then] = [check(version, scopes, documents), check(later, scopes, documents)];
    return { next: later, problems: [...now.problems, ...then.problems], unused: now.unused };
  },
  replies({ version, replies }) {
    const { schema } = load(version);
    return replies.map((reply) => replay(schema, reply));
  },
  webhook_topics({ version }) {
    return load(version).schema.getType("WebhookSubscriptionTopic").getValues().map(({ name }) => name);
  },
});
