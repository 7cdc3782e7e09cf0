"""WhatsApp: a number writes with the token that `connection-tokens` gives for it.

It has no cards. One product is a picture with its name, price and URL; several are a list to
choose from, and the choice comes back as a message, which is answered with that product.
"""

import meta
import words
from web import dig

REFUSALS = {
    10: "no_permission",
    33: "not_available",  # the number is gone
    100: "not_accepted",
    190: "token_refused",
    200: "no_permission",
    368: "account_restricted",
    131005: "no_permission",
    131009: "not_accepted",
    131026: "not_available",  # the customer: has blocked the number, or can't get this message
    131031: "account_restricted",
    131042: "no_payment",  # only the merchant can add a payment method
    131047: "may_not_answer",  # the 24 hours are over
    131051: "not_accepted",
}


def show_typing(number, message):
    """Shows the customer that the message was read and the bot is typing."""
    read = {"status": "read", "message_id": message["message_id"]}
    send(number, {**read, "typing_indicator": {"type": "text"}})


def say(number, customer, answer):
    """A sentence, a product, or a list of products."""
    # Customers with a username can hide their number: the event then has an id such as DE.1234.
    to = {"to" if customer.isdigit() else "recipient": customer}
    if isinstance(answer, str):
        content = {"type": "text", "text": {"body": answer}}
    elif len(answer) == 1:
        content = picture(answer[0])
    else:
        content = {"type": "interactive", "interactive": choice(answer)}
    send(number, {"recipient_type": "individual", **to, **content})


def picture(product):
    """A product as a picture with a caption, or as text only."""
    lines = [product["title"], product["price"], product["link"]]
    text = "\n".join(line for line in lines if line)[:1024]
    if not product["image"]:
        return {"type": "text", "text": {"body": text, "preview_url": True}}
    return {"type": "image", "image": {"link": product["image"], "caption": text}}


def choice(products):
    """A list of at most ten rows, whose ids are the products' full names."""
    named = {product["title"]: product for product in products}  # each id must be unique
    rows = [
        {"id": title, "title": title[:24].strip(), "description": product["price"][:72]}
        for title, product in named.items()
    ]
    action = {"button": words.CHOOSE, "sections": [{"rows": rows}]}
    return {"type": "list", "body": {"text": words.FOUND}, "action": action}


def chosen(message):
    """The name of the product that was chosen from a list, or None."""
    return dig(message, "raw", "interactive", "list_reply", "id")


def send(number, body):
    """Sends as the number."""
    body = {"messaging_product": "whatsapp", **body}
    meta.send(number["phone_number_id"], number, body, REFUSALS)
