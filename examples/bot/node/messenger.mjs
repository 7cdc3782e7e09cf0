// Messenger and Instagram: the bot writes to both through the Page, with the Page's token.

import * as meta from "./meta.mjs";
import { cut } from "./web.mjs";
import * as words from "./words.mjs";

const REFUSALS = {
  10: "may_not_answer", // the 24 hours are over, or another app has the conversation
  100: "not_accepted",
  190: "token_refused",
  200: "no_permission",
  551: "not_available", // the customer is
};

/** Shows the customer that the bot is typing. */
export async function showTyping(page, message) {
  await send(page, message.sender, { sender_action: "typing_on" });
}

/** A sentence, or products as cards of a generic template. */
export async function say(page, customer, answer) {
  let content = { text: answer };
  if (typeof answer !== "string") {
    const payload = { template_type: "generic", elements: answer.map(card) };
    content = { attachment: { type: "template", payload } };
  }
  await send(page, customer, { messaging_type: "RESPONSE", message: content });
}

/** One card, with at most 80 characters a line. */
function card({ title, price, image, link }) {
  const element = { title: cut(title, 80), subtitle: cut(price, 80) };
  if (image) element.image_url = image;
  if (link) element.buttons = [{ type: "web_url", url: link, title: words.BUTTON }];
  return element;
}

/** Sends as the Page, also for its Instagram account. */
async function send(page, customer, body) {
  await meta.send(page.page_id, page, { recipient: { id: customer }, ...body }, REFUSALS);
}
