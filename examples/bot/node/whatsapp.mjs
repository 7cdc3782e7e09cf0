// WhatsApp: a number writes with the token that `connection-tokens` gives for it.
//
// It has no cards. One product is a picture with its name, price and URL; several are a list to
// choose from, and the choice comes back as a message, which is answered with that product.

import * as meta from "./meta.mjs";
import { cut } from "./web.mjs";
import * as words from "./words.mjs";

const REFUSALS = {
  10: "no_permission",
  33: "not_available", // the number is gone
  100: "not_accepted",
  190: "token_refused",
  200: "no_permission",
  368: "account_restricted",
  131005: "no_permission",
  131009: "not_accepted",
  131026: "not_available", // the customer: has blocked the number, or can't get this message
  131031: "account_restricted",
  131042: "no_payment", // only the merchant can add a payment method
  131047: "may_not_answer", // the 24 hours are over
  131051: "not_accepted",
};

/** Shows the customer that the message was read and the bot is typing. */
export async function showTyping(number, message) {
  const read = { status: "read", message_id: message.message_id };
  await send(number, { ...read, typing_indicator: { type: "text" } });
}

/** A sentence, a product, or a list of products. */
export async function say(number, customer, answer) {
  // Customers with a username can hide their number: the event then has an id such as DE.1234.
  const to = { [/^\d+$/.test(customer) ? "to" : "recipient"]: customer };
  let content = { type: "text", text: { body: answer } };
  if (typeof answer !== "string") {
    const one = answer.length === 1;
    content = one ? picture(answer[0]) : { type: "interactive", interactive: choice(answer) };
  }
  await send(number, { recipient_type: "individual", ...to, ...content });
}

/** A product as a picture with a caption, or as text only. */
function picture({ title, price, link, image }) {
  const text = cut([title, price, link].filter(Boolean).join("\n"), 1024);
  if (!image) return { type: "text", text: { body: text, preview_url: true } };
  return { type: "image", image: { link: image, caption: text } };
}

/** A list of at most ten rows, whose ids are the products' full names. */
function choice(products) {
  // Each id must be unique.
  const named = new Map(products.map((product) => [product.title, product]));
  const rows = [...named.values()].map(({ title, price }) => {
    return { id: title, title: cut(title, 24).trim(), description: cut(price, 72) };
  });
  const action = { button: words.CHOOSE, sections: [{ rows }] };
  return { type: "list", body: { text: words.FOUND }, action };
}

/** The name of the product that was chosen from a list, or undefined. */
export function chosen(message) {
  return message.raw?.interactive?.list_reply?.id;
}

/** Sends as the number. */
async function send(number, body) {
  const whole = { messaging_product: "whatsapp", ...body };
  await meta.send(number.phone_number_id, number, whole, REFUSALS);
}
