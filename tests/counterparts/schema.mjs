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

// The words that offer scopes to choose from, and say nothing else. Other words may join them by "and", or ask for what an app's own token lacks.
const SCOPE = "`\\w+` access scope";
const CHOICE = new RegExp(`^(?:Apps must have )?${SCOPE}(?:(?:, ${SCOPE})* or ${SCOPE})?\\.$`);

// The scopes of which any one is enough for a type or field; none where its words have to be read by somebody.
function choice({ offlineScopes, requiredAccess }) {
  const said = requiredAccess.match(/(?<=`)\w+(?=`)/g) ?? [];
  const same = said.length === offlineScopes.length && said.every((scope) => offlineScopes.includes(scope));
  return CHOICE.test(requiredAccess) && same ? offlineScopes : null;
}

const implied = (scopes) => new Set(scopes.flatMap((scope) => [scope, scope.replace(/^(unauthenticated_)?write_/, "$1read_")]));

const permits = (scopes, choices) => choices.every((choice) => choice.some((scope) => implied(scopes).has(scope)));

// What can be left out of the scopes, all of it together, with every choice still met.
function spare(scopes, choices) {
  const needed = scopes.reduce((left, scope) => {
    const fewer = left.filter((other) => other !== scope);
    return permits(fewer, choices) ? fewer : left;
  }, scopes);
  return scopes.filter((scope) => !needed.includes(scope));
}

function check(version, scopes, documents) {
  const { schema, access, restricted } = load(version);
  const rules = [...graphql.specifiedRules, graphql.NoDeprecatedCustomRule];
  const problems = [];
  const choices = [];
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
      const needed = access.get(what);
      if (!needed?.requiredAccess && !needed?.offlineScopes.length) continue;
      const scopesForIt = choice(needed);
      if (!scopesForIt) problem(`${what} has to be looked at: ${needed.requiredAccess}`);
      else if (!permits(scopes, [scopesForIt])) problem(`${what} needs ${scopesForIt.join(" or ")}`);
      else choices.push(scopesForIt);
    }
  }
  const known = new Set([...access.values()].flatMap((item) => item.offlineScopes));
  for (const scope of scopes) if (!known.has(scope)) problems.push(`${version}: no field asks for the scope ${scope}`);
  return { problems, unused: spare(scopes, choices) };
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
    return { next: later, problems: [...now.problems, ...then.problems], unused: [now.unused, then.unused] };
  },
  replies({ version, replies }) {
    const { schema } = load(version);
    return replies.map((reply) => replay(schema, reply));
  },
  webhook_topics({ version }) {
    return load(version).schema.getType("WebhookSubscriptionTopic").getValues().map(({ name }) => name);
  },
});
