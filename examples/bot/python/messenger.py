"""Messenger and Instagram: the bot writes to both through the Page, with the Page's token."""

import meta
import words

REFUSALS = {
    10: "may_not_answer",  # the 24 hours are over, or another app has the conversation
    100: "not_accepted",
    190: "token_refused",
    200: "no_permission",
    551: "not_available",  # the customer is
}


def show_typing(page, message):
    """Shows the customer that the bot is typing."""
    send(page, message["sender"], {"sender_action": "typing_on"})


def say(page, customer, answer):
    """A sentence, or products as cards of a generic template."""
    if isinstance(answer, str):
        content = {"text": answer}
    else:
        payload = {"template_type": "generic", "elements": [card(product) for product in answer]}
        content = {"attachment": {"type": "template", "payload": payload}}
    send(page, customer, {"messaging_type": "RESPONSE", "message": content})


def card(product):
    """One card, with at most 80 characters a line."""
    element = {"title": product["title"][:80], "subtitle": product["price"][:80]}
    if product["image"]:
        element["image_url"] = product["image"]
    if product["link"]:
        element["buttons"] = [{"type": "web_url", "url": product["link"], "title": words.BUTTON}]
    return element


def send(page, customer, body):
    """Sends as the Page, also for its Instagram account."""
    meta.send(page["page_id"], page, {"recipient": {"id": customer}, **body}, REFUSALS)
