"""Answers what customers write to a Page or its Instagram account with products of the store.

A Lambda function (`bot.handler`) behind the stack's queue, or behind a rule on its message bus. It
has no secret, and keeps no token and no word of a customer's. docs/bot.md explains it in pieces.

    CONNECTION_TOKENS    the function that knows which store a Page answers for: the stack's output
                         ConnectionTokensFunction
    UCP_PROFILE          who asks the store's catalog: https://HOST/.well-known/ucp-profile.json
    SEEN_TABLE           optional, a table against repetitions: see seen.py
    OPENAI_API_KEY, …    optional, a model that understands: see words.py
    GRAPH_URL, SHOP_URL  for local work, in place of Meta's, and of https://SHOP as SHOP_URL/SHOP
"""

import contextlib
import json
import os

import boto3
from botocore.config import Config

import seen
import words
from store import search
from web import LARGEST, dig, post

CONNECTION_TOKENS = os.environ["CONNECTION_TOKENS"]
GRAPH_URL = os.environ.get("GRAPH_URL") or "https://graph.facebook.com/v26.0"
TWICE = Config(connect_timeout=2, read_timeout=6, retries={"total_max_attempts": 2})
LAMBDA = boto3.client("lambda", config=TWICE)

ACCOUNT_IDS = {"facebook": "page_id", "instagram": "instagram_id"}
ANSWERED = ("text", "quick_reply", "postback", "attachment", "referral")
# What Meta refuses for good, by its number. Whatever else goes wrong is tried again.
REFUSALS = {
    10: "may_not_answer",  # the 24 hours are over, or another app has the conversation
    100: "not_accepted",
    190: "token_refused",
    200: "no_permission",
    551: "not_available",  # the customer is
}
ENOUGH = 15_000  # milliseconds in which a message is answered, unless everybody is slow


class Dropped(Exception):
    """Nothing can be done for this message, now or later."""


class TryAgain(Exception):
    """It did not work this time."""


def handler(event, context):
    """Takes a batch from the queue, of which what fails comes again; or the event of a rule."""
    if "Records" not in event:
        return handle(event["detail"])  # what raises is tried again as well
    failed = []
    for place, record in enumerate(event["Records"]):
        try:
            if place and context and context.get_remaining_time_in_millis() < ENOUGH:
                raise TryAgain("no_time_left")
            handle(json.loads(record["body"])["detail"])
        except Exception as error:  # whatever it is, the other messages can't help it
            print(error if isinstance(error, TryAgain) else type(error).__name__, flush=True)
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def handle(message):
    """Answers a message that is for the bot, once, and logs a word about it that tells nothing."""
    if message.get("platform") not in ACCOUNT_IDS or message.get("kind") not in ANSWERED:
        return  # a colleague's words (echo), another app's conversation (standby), a heart
    if not seen.is_new(message["event_id"]):
        return
    try:
        answer(message)
        print("answered", flush=True)
    except Dropped as reason:
        print(reason, flush=True)
    seen.note(message["event_id"])


def answer(message):
    """Says that it is at work, finds something to say, and says it."""
    shop, page = accounts(message)
    with contextlib.suppress(Dropped, TryAgain):
        send(page, message["sender"], {"sender_action": "typing_on"})
    words_or_cards = compose(message, shop)
    send(page, message["sender"], {"messaging_type": "RESPONSE", "message": words_or_cards})


def accounts(message):
    """The store and the Page, with tokens that work now; asked for each time, and never kept."""
    question = {ACCOUNT_IDS[message["platform"]]: message["account"]}
    reply = LAMBDA.invoke(FunctionName=CONNECTION_TOKENS, Payload=json.dumps(question))
    told = json.loads(reply["Payload"].read(LARGEST))
    if "FunctionError" in reply:
        raise TryAgain("function_error")
    if error := dig(told, "error", "code"):
        raise (Dropped if error in ("not_found", "invalid_request") else TryAgain)(error)
    shop, page = told["shops"][0], told["pages"][0]
    if page["status"] != "active":
        raise Dropped(page["status"])  # only the merchant can change that
    if not page["access_token"]:
        raise TryAgain("no_token_now")
    return shop, page


def compose(message, shop):
    """What to say: a sentence, or up to ten products as cards."""
    if message["kind"] == "attachment":
        return {"text": words.ATTACHMENT}
    if message["kind"] == "referral":
        return {"text": words.GREETING}
    # a pressed button says what is written on it
    text = message.get("text") or dig(message, "raw", "postback", "title") or ""
    meant = words.understand(str(text)[:1000])
    if not meant["query"]:
        return {"text": words.GREETING if meant["greeting"] else words.HELP}
    cards = search(shop, meant["query"])
    if not cards:
        return {"text": words.BUSY if cards is None else words.NOTHING}
    payload = {"template_type": "generic", "elements": cards}
    return {"attachment": {"type": "template", "payload": payload}}


def send(page, customer, body):
    """Sends in the Page's name, which is its Instagram account's too."""
    url = f"{GRAPH_URL}/{page['page_id']}/messages?appsecret_proof={page['appsecret_proof']}"
    headers = {"Authorization": f"Bearer {page['access_token']}"}
    status, reply = post(url, {"recipient": {"id": customer}, **body}, headers)
    error = reply.get("error")  # Meta is known to send one with status 200
    if status == 200 and not error:
        return
    code = dig(error, "code")
    if status < 500 and code in REFUSALS:
        raise Dropped(REFUSALS[code])
    raise TryAgain(f"meta_{code or status}")
