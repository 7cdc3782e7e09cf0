// The one way in which the bot asks anybody on the web.

const TIMEOUT = 4000; // milliseconds for a whole answer
const LARGEST = 1 << 20; // bytes of an answer; none that is expected comes near

/** Status and JSON object of what answers a POST; `[0, {}]` where nothing does, or not in time. */
export async function post(url, body, headers = {}) {
  const about = { "content-type": "application/json", accept: "application/json" };
  try {
    const reply = await fetch(url, {
      method: "POST",
      body: JSON.stringify(body),
      // A connection that was kept while Lambda slept is dead when it wakes.
      headers: { ...about, connection: "close", ...headers },
      redirect: "manual", // who follows it takes tokens elsewhere
      signal: AbortSignal.timeout(TIMEOUT),
    });
    const answer = JSON.parse(await read(reply));
    const isObject = answer && typeof answer === "object" && !Array.isArray(answer);
    return isObject ? [reply.status, answer] : [0, {}];
  } catch {
    return [0, {}];
  }
}

/** The whole body, unless it is too large. */
async function read(reply) {
  const pieces = [];
  let size = 0;
  for await (const piece of reply.body ?? []) {
    size += piece.length;
    if (size > LARGEST) throw new Error("too much");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

/** The beginning of a text, by characters. */
export function cut(text, most) {
  return [...text].slice(0, most).join("");
}
