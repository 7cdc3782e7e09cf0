// The sample against a stand-in for Meta, the store, the model and AWS: what the tests of Python's
// sample know of its parts, and those that run both from outside can't see.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, beforeEach, mock, test } from "node:test";

const [SHOP, PAGE, NUMBER, CUSTOMER] = ["acme.myshopify.com", "1001", "2002", "4711"];
const [MESSAGES, NUMBERS] = [`/v26.0/${PAGE}/messages`, `/v26.0/${NUMBER}/messages`];
const [CATALOG, MODEL] = [`/${SHOP}/api/ucp/mcp`, "/v1/chat/completions"];
const TOKENS = "/2015-03-31/functions/connection-tokens/invocations";
const MUG = {
  title: "Green mug",
  url: "https://acme.example/mug",
  media: [{ type: "image", url: "https://cdn.example/mug.jpg" }],
  price_range: { min: { amount: 1250, currency: "EUR" } },
};

let requests, answers, table;
const web = createServer(async (request, response) => {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const body = JSON.parse(Buffer.concat(pieces).toString() || "{}");
  const [path, query] = request.url.split("?");
  requests.push({ path, query, headers: request.headers, body });
  const answer = path === "/" ? put(body) : (answers[path] ?? [404, {}]);
  if (answer === "hang") return;
  const [status, content, headers] = answer;
  response.writeHead(status, headers).end(typeof content === "string" ? content : JSON.stringify(content));
});
await new Promise((resolve) => web.listen(0, "127.0.0.1", resolve));
after(() => web.closeAllConnections() ?? web.close());
const URL_OF_WEB = `http://127.0.0.1:${web.address().port}`;

/** DynamoDB's `PutItem`, as far as conditions of the sample go. */
function put({ Item, ConditionExpression, ExpressionAttributeValues: values }) {
  const [id, until] = [Item.event_id.S, Number(Item.expires_at.N)];
  if (ConditionExpression && table.get(id) >= Number(values[":now"].N)) {
    return [400, { __type: "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException" }];
  }
  table.set(id, until);
  return [200, {}];
}

for (const name of ["SEEN_TABLE", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"]) delete process.env[name];
Object.assign(process.env, {
  AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local",
  AWS_ENDPOINT_URL: URL_OF_WEB, CONNECTION_TOKENS: "connection-tokens", SEEN_TABLE: "seen",
  GRAPH_URL: `${URL_OF_WEB}/v26.0`, SHOP_URL: URL_OF_WEB, UCP_PROFILE: "https://link.example/ucp.json",
});
const { handler } = await import("./bot.mjs");
const { priceTag, product } = await import("./store.mjs");
const words = await import("./words.mjs");

const catalog = (...products) => [200, { result: { structuredContent: { products }, isError: false } }];
let number = 0;

function event(more = {}) {
  number += 1;
  const detail = { event_id: `event ${number}`, platform: "facebook", account: PAGE, sender: CUSTOMER };
  return { detail: { ...detail, message_id: "m1", kind: "text", text: "Do you have green mugs?", ...more } };
}

/** What becomes of events: the words that are logged, and which come again. */
async function outcome(...events) {
  const log = mock.method(console, "log", () => {});
  const Records = events.map((one, at) => ({ messageId: `r${at}`, body: JSON.stringify(one) }));
  const { batchItemFailures } = await handler({ Records }, undefined).finally(() => log.mock.restore());
  const again = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  return [log.mock.calls.map((call) => call.arguments[0]).join(" "), again];
}

const at = (path) => requests.filter((request) => request.path === path);

beforeEach(() => {
  const account = { page_id: PAGE, phone_number_id: NUMBER, status: "active", access_token: "token", appsecret_proof: "aa" };
  const told = { shops: [{ shop: SHOP, status: "active" }], pages: [account], phone_numbers: [account] };
  [requests, table] = [[], new Map()];
  answers = { [TOKENS]: [200, told], [CATALOG]: catalog(MUG), [MESSAGES]: [200, {}], [NUMBERS]: [200, {}] };
});

test("a question is answered with a card, after the customer saw that the bot is at work", async () => {
  assert.deepEqual(await outcome(event()), ["answered", []]);
  const [typing, answer] = at(MESSAGES);
  assert.deepEqual(typing.body, { recipient: { id: CUSTOMER }, sender_action: "typing_on" });
  const buttons = [{ type: "web_url", url: MUG.url, title: "View in store" }];
  const card = { title: "Green mug", subtitle: "12.50 EUR", image_url: MUG.media[0].url, buttons };
  assert.deepEqual(answer.body.message.attachment.payload, { template_type: "generic", elements: [card] });
  assert.deepEqual([answer.query, answer.headers.authorization], ["appsecret_proof=aa", "Bearer token"]);
  assert.deepEqual(at(CATALOG)[0].body.params.arguments.catalog, { query: "green mugs" });
});

test("on WhatsApp one product is a picture, and several are a list of which one is chosen", async () => {
  const number = { platform: "whatsapp", account: NUMBER };
  await outcome(event(number));
  const [read, picture] = at(NUMBERS).map((request) => request.body);
  assert.deepEqual([read.status, read.message_id, read.typing_indicator], ["read", "m1", { type: "text" }]);
  const caption = `Green mug\n12.50 EUR\n${MUG.url}`;
  assert.deepEqual([picture.to, picture.image], [CUSTOMER, { link: MUG.media[0].url, caption }]);

  const long = { title: `Green mug for ${"ä".repeat(300)}` };
  answers[CATALOG] = catalog(MUG, MUG, long);
  await outcome(event({ ...number, sender: "DE.4711" }));
  const list = at(NUMBERS).at(-1).body;
  assert.deepEqual([list.to, list.recipient, list.interactive.body], [undefined, "DE.4711", { text: words.FOUND }]);
  const id = long.title.slice(0, 200);
  assert.deepEqual(list.interactive.action.sections[0].rows, [
    { id: "Green mug", title: "Green mug", description: "12.50 EUR" },
    { id, title: id.slice(0, 24), description: SHOP },
  ]);
  const raw = { interactive: { list_reply: { id, title: id.slice(0, 24) } } };
  await outcome(event({ ...number, kind: "quick_reply", text: id.slice(0, 24), raw }));
  assert.deepEqual(at(NUMBERS).at(-1).body.text, { body: `${id}\n${SHOP}`, preview_url: true });
});

test("what Meta refuses for good is dropped, and what passes comes again", async () => {
  const number = { platform: "whatsapp", account: NUMBER };
  for (const [more, code, word, again] of [
    [{}, 10, "may_not_answer", []], [{}, 551, "not_available", []], [{}, 613, "meta_613", ["r0"]],
    [number, 10, "no_permission", []], [number, 131047, "may_not_answer", []], [number, 131026, "not_available", []],
    [number, 190, "token_refused", []], [number, 131056, "meta_131056", ["r0"]], [number, 130429, "meta_130429", ["r0"]],
  ]) {
    answers[MESSAGES] = answers[NUMBERS] = [400, { error: { code } }];
    assert.deepEqual(await outcome(event(more)), [word, again]);
  }
  const raw = { errors: [{ code: 131047 }] };
  assert.deepEqual(await outcome(event({ ...number, kind: "failed", raw })), ["failed_131047", []]);
});

test("with too little time the rest of a batch comes again", async () => {
  const Records = [event(), event()].map((one, at) => ({ messageId: `r${at}`, body: JSON.stringify(one) }));
  const { batchItemFailures } = await handler({ Records }, { getRemainingTimeInMillis: () => 14_000 });
  assert.deepEqual(batchItemFailures, [{ itemIdentifier: "r1" }]);
});

test("an event is answered by one instance of those that share a table", async () => {
  const one = event();
  const now = Math.floor(Date.now() / 1000);
  table.set(one.detail.event_id, now + 40);
  assert.deepEqual(await outcome(one), ["", []]);
  table.set(one.detail.event_id, now - 1);
  assert.deepEqual(await outcome(one), ["answered", []]);
  assert.ok(table.get(one.detail.event_id) > now + 7 * 24 * 3600);
  table.clear();
  assert.deepEqual(await outcome(one), ["", []], "the instance remembers it as well");
});

test("money is in minor units of its currency", () => {
  for (const [amount, currency, tag] of [
    [1250, "EUR", "12.50 EUR"], [129900, "USD", "1,299.00 USD"], ["1250", "EUR", "12.50 EUR"],
    [1250, "JPY", "1,250 JPY"], [1250, "KWD", "1.250 KWD"], [0, "EUR", "0.00 EUR"], [1250, null, ""],
    [null, "EUR", ""], ["cheap", "EUR", ""], ["", "EUR", ""], [[], {}, ""], [Infinity, "EUR", ""],
  ]) {
    assert.equal(priceTag(amount, currency, true), tag);
  }
  assert.equal(priceTag("12.5", "EUR"), "12.50 EUR");
  assert.equal(product(" ", "1", null, null), null);
  assert.deepEqual(product("Odd", "1", "javascript:alert(1)", 5), { title: "Odd", price: "1", link: null, image: null });
});

test("words without a model", async () => {
  for (const [text, greeting, query] of [
    ["Hi", true, ""], ["Hello! Do you have green mugs?", true, "green mugs"],
    ["I'm looking for a T-shirt, size 42", false, "t-shirt size 42"],
    ["Guten Tag, habt ihr einen Hut oder grüne Tassen?", true, "hut grüne tassen"],
    ["Hola, ¿tenéis tazas verdes?", true, "tazas verdes"],
    ["Bonjour, avez-vous des tasses vertes s'il vous plaît ?", true, "tasses vertes"],
    ["Démarrer", true, ""], ["highlighter", false, "highlighter"], ["Thanks!", false, ""], ["", false, ""],
  ]) {
    assert.deepEqual(await words.understand(text), { greeting, query });
  }
});

test("a model is asked if there is a key, and its failures fall back to the words", async () => {
  const settings = { OPENAI_API_KEY: "key", OPENAI_BASE_URL: `${URL_OF_WEB}/v1/`, OPENAI_MODEL: "small" };
  Object.assign(process.env, settings);
  const said = (content, status = 200) => {
    answers[MODEL] = [status, { choices: [{ message: { content } }] }];
    return words.understand("Hi, do you have green mugs?", [{ role: "assistant", content: "Hello" }]);
  };
  const meant = { greeting: true, query: "green mug" };
  assert.deepEqual(await said(JSON.stringify(meant)), meant);
  const [{ headers, body }] = at(MODEL);
  assert.deepEqual([headers.authorization, body.model], ["Bearer key", "small"]);
  assert.deepEqual(body.messages.map(({ role }) => role), ["system", "assistant", "user"]);
  assert.deepEqual(await said(`\`\`\`json\n${JSON.stringify(meant)}\n\`\`\``), meant);
  const expected = { greeting: true, query: "green mugs" };
  for (const content of [null, 5, [], "", "Certainly!", "{}", "}{", "[1]", '{"greeting": "yes", "query": "x"}']) {
    assert.deepEqual(await said(content), expected);
  }
  assert.deepEqual(await said(JSON.stringify(meant), 500), expected);
  for (const name of Object.keys(settings)) delete process.env[name];
});
