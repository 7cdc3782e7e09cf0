// Serves the bot without Lambda: `node local.mjs [PORT]` takes events as `POST /events`.
//
// It answers 200 once an event has been handled, and 500 if the event should come again. It listens
// on loopback only; with EVENTS_SECRET, to anyone who sends `Authorization: Bearer SECRET`.

import { createHash, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { handler } from "./bot.mjs";
import { TryAgain } from "./meta.mjs";

const LARGEST = 1 << 20; // bytes; the bus accepts no larger event
const SECRET = process.env.EVENTS_SECRET;
const sum = (text) => createHash("sha256").update(text).digest(); // of equal length, to compare

/** Passes the event of a request to the bot. */
async function status(request) {
  if (request.method !== "POST" || request.url !== "/events") return 404;
  const said = request.headers.authorization ?? "";
  if (SECRET && !timingSafeEqual(sum(said), sum(`Bearer ${SECRET}`))) return 401;
  const length = request.headers["content-length"] ?? "";
  if (!/^\d+$/.test(length) || Number(length) > LARGEST) return 413;
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  let event;
  try {
    event = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(pieces)));
  } catch {
    return 400;
  }
  if (!event || typeof event !== "object" || Array.isArray(event)) return 400;
  try {
    const failed = await handler(event);
    return failed?.batchItemFailures.length ? 500 : 200;
  } catch (error) {
    // As Lambda does: the error is logged, and the next event is handled.
    console.log(error instanceof TryAgain ? error.message : error.name);
    return 500;
  }
}

const server = createServer({ requestTimeout: 10_000 }, async (request, response) => {
  response.writeHead(await status(request).catch(() => 400), { "content-length": 0 }).end();
});
const port = Number(process.argv[2] || process.env.PORT || 9004);
server.listen(port, SECRET ? "0.0.0.0" : "127.0.0.1", () => {
  console.log(`The bot takes events at http://127.0.0.1:${server.address().port}/events`);
});
