// What the bot understands, and what it says: the two parts to adapt.

import { cut, post } from "./web.mjs";

// California and Germany require that customers know that they are talking to a machine.
export const GREETING = "Hi! I'm the store's automated assistant. What are you looking for?";
export const HELP =
  "I'm the store's automated assistant, and I can search it for you. What are you looking for?";
export const ATTACHMENT =
  "I'm an automated assistant and can't look at files. Could you tell me in a few words?";
export const NOTHING =
  "I'm an automated assistant and found nothing like that. Could you put it another way?";
export const BUSY =
  "I'm an automated assistant and can't search the store right now. Please try again later.";
export const BUTTON = "View in store";
// WhatsApp's list of products.
export const FOUND =
  "I'm an automated assistant, and this is what I found. Which one would you like to see?";
export const CHOOSE = "See products";

// Also what Messenger's first button says, as Meta writes it.
const GREETINGS = `
  hi | hey | hello | good (?:morning|afternoon|evening) | get started
  | hallo | moin | servus | grüezi | grüß gott | guten (?:tag|morgen|abend) | los geht.?s
  | hola | buen[oa]s (?:d[ií]as|tardes|noches) | empezar | comenzar
  | bonjour | bonsoir | salut | coucou | commencer | démarrer`;
const CHARACTER = "[\\p{L}\\p{N}_]";
const ANY = GREETINGS.trim().split(/\s+\|\s+/).join("|");
const GREETS = new RegExp(`(?<!${CHARACTER})(?:${ANY})(?!${CHARACTER})`, "gu");
// Of four languages, except words that are products in another: a hat, lager, an aux cable.
const STOP_WORDS = new Set(
  `
  about all also am an and any anything are as at be buy can could did do does don for from get
  give got had has have how if in is it its just know like ll looking me my need no of ok okay on
  one or order our please re sell selling shop show so some something stock store tell than thank
  thanks that the their them there these they this those to today too us ve want was we were what
  when where which who will with would yes you your
  aber alle als am auch auf aus bei bitte da danke das dass dem den der des die dir du ein eine
  einem einen einer eines er es etwas euch euer für gerne gibt habe haben habt hätte ich ihr ihre
  im ist ja kann kaufen kannst können könnt mein mich mir mit möchte nach nein nicht noch oder sie
  sind suche suchen und uns verkauft verkaufen vom von vorrätig war welche wie wir wo zeig zeigen
  zu zum zur
  al algo algún alguna busco buscar con cómo comprar cuál cuánto de del el ella en esta está este
  favor gracias hay la las le lo los más mi muestra necesito nos para pero por puede puedo que qué
  quiero quisiera se si sí son su sus tenéis tiene tienen tienes tu un una unas unos usted venden
  ya yo
  ai aimerais alors au avec avez avoir bien ce ces cet cette cherche chercher combien comme
  comment dans elle est et eu il ils je les leur lui mais merci moi mon ne nous ou où par pas
  plaît pour pouvez quel quelle quelque quels qui quoi sa sans ses sont sur te toi trouver une
  vendez veux vos votre voudrais vous
  `.trim().split(/\s+/),
);

const PROMPT = `Customers write to an online store, in any language. Answer with nothing but JSON:
{"greeting": true or false, "query": "…"}
"greeting": whether they greet. "query": what to search the catalog for, in their own language, at
most five words, without stop words; "" where they are not looking for anything.`;

/**
 * What a customer means: {greeting: whether they greet, query: what to search for or ""}.
 *
 * Replace it with your own model. `history` is the conversation so far, in the format of
 * `chat/completions` ([{role, content}, …]), if you store it; the sample stores nothing.
 */
export async function understand(text, history = []) {
  return (await byModel(text, history)) ?? byWords(text);
}

/** The text without greetings and the words that mean no product. */
function byWords(text) {
  const lower = text.toLowerCase();
  const rest = lower.replace(GREETS, " ");
  const found = rest.match(/[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*/gu) ?? [];
  const isTelling = (word) => !word.split("-").every((part) => STOP_WORDS.has(part));
  const telling = found.filter((word) => (word.length > 1 || /\d/.test(word)) && isTelling(word));
  return { greeting: rest !== lower, query: cut(telling.slice(0, 8).join(" "), 100) };
}

/** The same from a service with `chat/completions`; null if there is none or it fails. */
async function byModel(text, history) {
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL, OPENAI_MODEL } = process.env;
  if (!key) return null;
  const url = (OPENAI_BASE_URL || "https://api.openai.com/v1").replace(/\/+$/, "");
  const asked = { role: "user", content: text };
  const messages = [{ role: "system", content: PROMPT }, ...history, asked];
  const body = { model: OPENAI_MODEL || "gpt-4.1-mini", messages };
  const headers = { authorization: `Bearer ${key}` };
  const [status, answer] = await post(`${url}/chat/completions`, body, headers);
  try {
    const { content } = answer.choices[0].message;
    // Some models wrap the JSON in a code block.
    const meant = JSON.parse(content.slice(content.indexOf("{"), content.lastIndexOf("}") + 1));
    const { greeting, query } = meant;
    if (status !== 200 || typeof greeting !== "boolean" || typeof query !== "string") return null;
    return { greeting, query: cut(query.trim().split(/\s+/).join(" "), 100).trim() };
  } catch {
    return null;
  }
}
