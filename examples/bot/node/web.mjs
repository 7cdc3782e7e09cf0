// The bot's only HTTP client.

const TIMEOUT = 4000; // milliseconds for a whole answer
const LARGEST = 1 << 20; // bytes of an answer; the expected ones are much smaller

/** Status and JSON object of the answer to a POST; `[0, {}]` if none comes in time. */
export async function post(url, body, headers = {}) {
  const about = { "content-type": "application/json", accept: "application/json" };
  try {
    const reply = await fetch(url, {
      method: "POST",
      body: JSON.stringify(body),
      // A connection kept open while Lambda is frozen is dead afterwards.
      headers: { ...about, connection: "close", ...headers },
      redirect: "manual", // following it would take tokens elsewhere
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

/** The beginning of a text, cut between characters. */
export function cut(text, most) {
  return [...text].slice(0, most).join("");
}
