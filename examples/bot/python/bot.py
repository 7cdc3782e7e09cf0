"""Answers customers who write to a Page, its Instagram account or a WhatsApp number, with products.

A Lambda function (`bot.handler`) behind a queue, or behind a rule on the stack's message bus. It
has no secret, and stores no token and no customer's words. docs/bot.md explains it step by step.

    CONNECTION_TOKENS    the function that knows which store an account belongs to: the stack's
                         output ConnectionTokensFunction
    UCP_PROFILE          the catalog client's profile: https://HOST/.well-known/ucp-profile.json
    SEEN_TABLE           optional, a table to detect repetitions: see seen.py
    OPENAI_API_KEY, …    optional, a language model: see words.py
    GRAPH_URL, SHOP_URL  for local work: replace Meta's URL, and https://SHOP by SHOP_URL/SHOP
"""

import contextlib
import json
import os

import boto3
from botocore.config import Config

import messenger
import seen
import whatsapp
import words
from meta import Dropped, TryAgain
from store import search
from web import LARGEST, dig

CONNECTION_TOKENS = os.environ["CONNECTION_TOKENS"]
TWICE = Config(connect_timeout=2, read_timeout=6, retries={"total_max_attempts": 2})
LAMBDA = boto3.client("lambda", config=TWICE)

# By the event's platform: how to ask for an account, where the reply has it, and what sends.
PLATFORMS = {
    "facebook": ("page_id", "pages", messenger),
    "instagram": ("instagram_id", "pages", messenger),
    "whatsapp": ("phone_number_id", "phone_numbers", whatsapp),
}
ANSWERED = ("text", "quick_reply", "postback", "attachment", "referral")
ENOUGH = 15_000  # milliseconds that answering a message takes, unless everything is slow


def handler(event, context):
    """Takes a batch from the queue, whose failures are redelivered, or the event of a rule."""
    if "Records" not in event:
        return handle(event["detail"])  # an exception is retried too
    failed = []
    for place, record in enumerate(event["Records"]):
        try:
            if place and context and context.get_remaining_time_in_millis() < ENOUGH:
                raise TryAgain("no_time_left")
            handle(json.loads(record["body"])["detail"])
        except Exception as error:  # of any kind: the other messages are still handled
            print(error if isinstance(error, TryAgain) else type(error).__name__, flush=True)
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def handle(message):
    """Answers a message that is for the bot, once, and logs a word that reveals nothing of it."""
    if message.get("kind") == "failed":  # an answer that WhatsApp accepted but did not deliver
        print(f"failed_{dig(message, 'raw', 'errors', 0, 'code')}", flush=True)
    if message.get("platform") not in PLATFORMS or message.get("kind") not in ANSWERED:
        return  # a colleague's reply (echo), another app's conversation (standby), a reaction
    if not seen.is_new(message["event_id"]):
        return
    try:
        answer(message)
        print("answered", flush=True)
    except Dropped as reason:
        print(reason, flush=True)
    seen.note(message["event_id"])


def answer(message):
    """Shows that it is typing, finds an answer, and sends it."""
    platform = PLATFORMS[message["platform"]][2]
    shop, account = accounts(message)
    with contextlib.suppress(Dropped, TryAgain):
        platform.show_typing(account, message)
    platform.say(account, message["sender"], compose(message, shop))


def accounts(message):
    """The store and the account, with tokens that work now; fetched each time and never stored."""
    id_name, list_name, _ = PLATFORMS[message["platform"]]
    question = {id_name: message["account"]}
    reply = LAMBDA.invoke(FunctionName=CONNECTION_TOKENS, Payload=json.dumps(question))
    told = json.loads(reply["Payload"].read(LARGEST))
    if "FunctionError" in reply:
        raise TryAgain("function_error")
    if error := dig(told, "error", "code"):
        raise (Dropped if error in ("not_found", "invalid_request") else TryAgain)(error)
    shop, account = told["shops"][0], told[list_name][0]
    if account["status"] != "active":
        raise Dropped(account["status"])  # only the merchant can change that
    if not account["access_token"]:
        raise TryAgain("no_token_now")
    return shop, account


def compose(message, shop):
    """The answer: a sentence, or up to ten products."""
    if message["kind"] == "attachment":
        return words.ATTACHMENT
    if message["kind"] == "referral":
        return words.GREETING
    query = chosen = whatsapp.chosen(message)
    if not chosen:
        # a pressed button sends its label
        text = message.get("text") or dig(message, "raw", "postback", "title") or ""
        meant = words.understand(str(text)[:1000])
        query = meant["query"]
        if not query:
            return words.GREETING if meant["greeting"] else words.HELP
    products = search(shop, query)
    if not products:
        return words.BUSY if products is None else words.NOTHING
    return [product for product in products if product["title"] == chosen] or products
