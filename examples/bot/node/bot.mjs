// Answers customers who write to a Page, its Instagram account or a WhatsApp number, with products.
//
// A Lambda function (`bot.handler`) behind a queue, or behind a rule on the stack's message bus. It
// has no secret, and stores no token and no customer's words. docs/bot.md explains it step by step.
//
//     CONNECTION_TOKENS    the function that knows which store an account belongs to: the stack's
//                          output ConnectionTokensFunction
//     UCP_PROFILE          the catalog client's profile: https://HOST/.well-known/ucp-profile.json
//     SEEN_TABLE           optional, a table to detect repetitions: see seen.mjs
//     OPENAI_API_KEY, …    optional, a language model: see words.mjs
//     GRAPH_URL, SHOP_URL  for local work: replace Meta's URL, and https://SHOP by SHOP_URL/SHOP

import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { Dropped, TryAgain } from "./meta.mjs";
import * as messenger from "./messenger.mjs";
import * as seen from "./seen.mjs";
import { search } from "./store.mjs";
import * as whatsapp from "./whatsapp.mjs";
import * as words from "./words.mjs";

const TIMES = { connectionTimeout: 2000, requestTimeout: 6000, throwOnRequestTimeout: true };
const LAMBDA = new LambdaClient({ maxAttempts: 2, requestHandler: TIMES });

// By the event's platform: how to ask for an account, where the reply has it, and what sends.
const PLATFORMS = {
  facebook: { id: "page_id", list: "pages", api: messenger },
  instagram: { id: "instagram_id", list: "pages", api: messenger },
  whatsapp: { id: "phone_number_id", list: "phone_numbers", api: whatsapp },
};
const ANSWERED = ["text", "quick_reply", "postback", "attachment", "referral"];
const ENOUGH = 15_000; // milliseconds that answering a message takes, unless everything is slow

/** Takes a batch from the queue, whose failures are redelivered, or the event of a rule. */
export async function handler(event, context) {
  if (!("Records" in event)) {
    return handle(event.detail); // an exception is retried too
  }
  const failed = [];
  for (const [place, record] of event.Records.entries()) {
    try {
      if (place && context && context.getRemainingTimeInMillis() < ENOUGH) {
        throw new TryAgain("no_time_left");
      }
      await handle(JSON.parse(record.body).detail);
    } catch (error) {
      // of any kind: the other messages are still handled
      console.log(error instanceof TryAgain ? error.message : error.name);
      failed.push({ itemIdentifier: record.messageId });
    }
  }
  return { batchItemFailures: failed };
}

/** Answers a message that is for the bot, once, and logs a word that reveals nothing of it. */
async function handle(message) {
  if (message.kind === "failed") {
    // an answer that WhatsApp accepted but did not deliver
    console.log(`failed_${message.raw?.errors?.[0]?.code}`);
  }
  if (!Object.hasOwn(PLATFORMS, message.platform) || !ANSWERED.includes(message.kind)) {
    return; // a colleague's reply (echo), another app's conversation (standby), a reaction
  }
  if (!(await seen.isNew(message.event_id))) {
    return;
  }
  try {
    await answer(message);
    console.log("answered");
  } catch (error) {
    if (!(error instanceof Dropped)) throw error;
    console.log(error.message);
  }
  await seen.note(message.event_id);
}

/** Shows that it is typing, finds an answer, and sends it. */
async function answer(message) {
  const { api } = PLATFORMS[message.platform];
  const [shop, account] = await accounts(message);
  await api.showTyping(account, message).catch(() => {});
  await api.say(account, message.sender, await compose(message, shop));
}

/** The store and the account, with tokens that work now; fetched each time and never stored. */
async function accounts(message) {
  const { id, list } = PLATFORMS[message.platform];
  const Payload = JSON.stringify({ [id]: message.account });
  const FunctionName = process.env.CONNECTION_TOKENS;
  const reply = await LAMBDA.send(new InvokeCommand({ FunctionName, Payload }));
  if (reply.FunctionError) throw new TryAgain("function_error");
  const told = JSON.parse(reply.Payload.transformToString());
  if (told.error) {
    const { code } = told.error;
    throw ["not_found", "invalid_request"].includes(code) ? new Dropped(code) : new TryAgain(code);
  }
  const [shop, account] = [told.shops[0], told[list][0]];
  if (account.status !== "active") throw new Dropped(account.status); // the merchant must act
  if (!account.access_token) throw new TryAgain("no_token_now");
  return [shop, account];
}

/** The answer: a sentence, or up to ten products. */
async function compose(message, shop) {
  if (message.kind === "attachment") return words.ATTACHMENT;
  if (message.kind === "referral") return words.GREETING;
  const chosen = whatsapp.chosen(message);
  let query = chosen;
  if (!chosen) {
    // a pressed button sends its label
    const text = message.text || message.raw?.postback?.title || "";
    const meant = await words.understand(String(text).slice(0, 1000));
    query = meant.query;
    if (!query) return meant.greeting ? words.GREETING : words.HELP;
  }
  const products = await search(shop, query);
  if (!products?.length) return products ? words.NOTHING : words.BUSY;
  const named = products.filter((product) => product.title === chosen);
  return named.length ? named : products;
}
