"""Tests the sample against stand-ins for Meta, the store, the model and AWS, both working and failing."""

import contextlib
import io
import json
import os
import subprocess
import sys
import threading
import types
import unittest
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest import mock

from botocore.exceptions import ClientError, ReadTimeoutError

PAGE, INSTAGRAM, NUMBER, CUSTOMER, SHOP = "1001", "1784", "2002", "4711", "acme.myshopify.com"
TOKEN, PROOF, SHOP_TOKEN = "page-token", "a" * 64, "shop-token"
MESSAGES, NUMBERS, CATALOG = f"/v26.0/{PAGE}/messages", f"/v26.0/{NUMBER}/messages", f"/{SHOP}/api/ucp/mcp"
ADMIN = f"/{SHOP}/admin/api/2026-10/graphql.json"
MODEL = "/v1/chat/completions"
SENT = {"recipient_id": CUSTOMER, "message_id": "m_1"}
GREEN_MUG = {
    "id": "gid://shopify/Product/1",
    "title": "Green mug",
    "url": "https://acme.example/products/green-mug",
    "media": [{"type": "image", "url": "https://cdn.example/green.jpg"}],
    "price_range": {"min": {"amount": 1250, "currency": "EUR"}},
}
GREEN_CARD = {
    "title": "Green mug",
    "subtitle": "12.50 EUR",
    "image_url": "https://cdn.example/green.jpg",
    "buttons": [{"type": "web_url", "url": "https://acme.example/products/green-mug", "title": "View in store"}],
}


class Web:
    """Meta, the store and the model at one address; each path answers what `answers` has for it."""

    def __init__(self):
        self.requests, self.answers, self.over = [], {}, threading.Event()
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                path, _, query = self.path.partition("?")
                web.requests.append(types.SimpleNamespace(path=path, query=query, headers=self.headers, body=body))
                answer = web.answers.get(path, (404, {}))
                if callable(answer):
                    answer = answer(body)
                if answer == "hang":
                    web.over.wait()
                    return
                status, content, *headers = answer
                content = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.end_headers()
                if content == b"drip":
                    # Each chunk comes in time, but they never end.
                    with contextlib.suppress(OSError):
                        while not web.over.wait(0.02):
                            self.wfile.write(b" ")
                    return
                with contextlib.suppress(OSError):
                    self.wfile.write(content)

            do_GET = do_POST

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self):
        self.over.set()
        self.server.shutdown()
        self.server.server_close()

    def at(self, path):
        return [request for request in self.requests if request.path == path]


WEB = Web()
SETTINGS = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "CONNECTION_TOKENS": "connection-tokens",
    "UCP_PROFILE": "https://link.example/.well-known/ucp-profile.json",
    "GRAPH_URL": f"{WEB.url}/v26.0",
    "SHOP_URL": WEB.url,
}
UNSET = ["SEEN_TABLE", "SHOPIFY_API_VERSION", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"]
for name in UNSET:
    os.environ.pop(name, None)
os.environ.update(SETTINGS)

import bot  # noqa: E402
import local  # noqa: E402
import meta  # noqa: E402
import seen  # noqa: E402
import store  # noqa: E402
import web  # noqa: E402
import whatsapp  # noqa: E402
import words  # noqa: E402


def unload():
    WEB.close()


unittest.addModuleCleanup(unload)


def catalog(*products):
    return 200, {"jsonrpc": "2.0", "id": 1, "result": {"structuredContent": {"products": products}, "isError": False}}


def meta_error(code, status=400, **more):
    return status, {"error": {"message": "(#…) What Meta says.", "type": "OAuthException", "code": code, **more}}


def event(kind="text", text="Do you have green mugs?", number=1, platform="facebook", **more):
    account = {"facebook": PAGE, "instagram": INSTAGRAM, "whatsapp": NUMBER}[platform]
    detail = {"event_id": f"{number:064x}", "user_uuid": "b0", "shop": SHOP, "platform": platform, "account": account}
    detail |= {"sender": CUSTOMER, "message_id": f"m{number}", "at": "2026-12-01T00:00:00Z", "kind": kind}
    detail |= {"text": text} if text is not None else {}
    return {"source": "messenger-link.messages", "detail-type": "message", "detail": {**detail, **more}}


def batch(*events):
    return {"Records": [{"messageId": f"r{at}", "body": json.dumps(one)} for at, one in enumerate(events)]}


def failed(*places):
    return {"batchItemFailures": [{"itemIdentifier": f"r{at}"} for at in places]}


class FakeLambda:
    """`connection-tokens`: replies with what is wanted, and remembers what it was asked."""

    def __init__(self):
        self.asked, self.error, self.function_error = [], None, None
        self.shop = {"shop": SHOP, "status": "active", "access_token": SHOP_TOKEN, "scope": [], "expires_at": None}
        self.page = {"page_id": PAGE, "status": "active", "access_token": TOKEN, "appsecret_proof": PROOF}
        self.number = {**self.page, "phone_number_id": NUMBER}

    def invoke(self, FunctionName, Payload):  # noqa: N803, as boto3 has it
        self.asked.append((FunctionName, json.loads(Payload)))
        if isinstance(self.error, Exception):
            raise self.error
        told = {"user_uuid": "b0", "shops": [self.shop], "pages": [self.page], "phone_numbers": [self.number]}
        told = {"error": {"code": self.error, "detail": "…"}} if self.error else told
        reply = {"Payload": io.BytesIO(json.dumps(told).encode())}
        return reply | ({"FunctionError": self.function_error} if self.function_error else {})


class Case(unittest.TestCase):
    """A store with green mugs, and everybody answers."""

    def setUp(self):
        WEB.requests.clear()
        WEB.answers = {MESSAGES: (200, SENT), NUMBERS: (200, SENT), CATALOG: catalog(GREEN_MUG)}
        seen._done.clear()
        self.tokens, self.log = FakeLambda(), io.StringIO()
        for patch in (
            mock.patch.object(bot, "LAMBDA", self.tokens),
            mock.patch.object(web, "TIMEOUT", 0.2),
            contextlib.redirect_stdout(self.log),
            contextlib.redirect_stderr(self.log),
        ):
            self.enterContext(patch)

    def sent(self):
        """What customers got, without the typing indicator."""
        return [request.body["message"] for request in WEB.at(MESSAGES) if "message" in request.body]

    def said(self, *events):
        """The answer to events that all go well."""
        self.assertEqual(bot.handler(batch(*events), None), failed())
        return self.sent()

    def cards(self):
        return self.sent()[-1]["attachment"]["payload"]["elements"]

    def outcome(self, one=None):
        """The outcome of an event: what was logged, and whether it comes again."""
        self.log.truncate(self.log.seek(0))
        again = bot.handler(batch(one or event()), None) == failed(0)
        return self.log.getvalue().strip(), again


class Answers(Case):
    def test_a_question_is_answered_with_a_card(self):
        payload = {"template_type": "generic", "elements": [GREEN_CARD]}
        self.assertEqual(self.said(event()), [{"attachment": {"type": "template", "payload": payload}}])
        self.assertEqual(self.tokens.asked, [("connection-tokens", {"page_id": PAGE})])
        typing, answer = WEB.at(MESSAGES)
        self.assertEqual(typing.body, {"recipient": {"id": CUSTOMER}, "sender_action": "typing_on"})
        self.assertEqual((answer.body["recipient"], answer.body["messaging_type"]), ({"id": CUSTOMER}, "RESPONSE"))
        for request in (typing, answer):
            self.assertEqual(request.query, f"appsecret_proof={PROOF}")
            self.assertEqual(request.headers["Authorization"], f"Bearer {TOKEN}")
            self.assertEqual(request.headers["Content-Type"], "application/json")
        self.assertEqual(self.log.getvalue(), "answered\n")

    def test_the_catalog_is_asked_without_a_token_after_the_typing_indicator(self):
        self.said(event())
        self.assertEqual([request.path for request in WEB.requests], [MESSAGES, CATALOG, MESSAGES])
        asked = WEB.at(CATALOG)[0]
        self.assertIsNone(asked.headers["Authorization"])
        self.assertIsNone(asked.headers["X-Shopify-Access-Token"])
        profile = {"ucp-agent": {"profile": SETTINGS["UCP_PROFILE"]}}
        arguments = {"meta": profile, "catalog": {"query": "green mugs"}}
        call = {"name": "search_catalog", "arguments": arguments}
        self.assertEqual(asked.body, {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call})

    def test_instagram_is_answered_through_its_page(self):
        self.said(event(platform="instagram"))
        self.assertEqual(self.tokens.asked, [("connection-tokens", {"instagram_id": INSTAGRAM})])
        self.assertEqual(self.cards(), [GREEN_CARD])

    def test_a_rule_hands_over_one_event(self):
        self.assertIsNone(bot.handler(event(), None))
        self.assertEqual(self.cards(), [GREEN_CARD])

    def test_a_choice_and_a_pressed_button_are_questions(self):
        self.said(event("quick_reply", "Mugs"))
        raw = {"postback": {"title": "Show me plates", "payload": "PLATES"}}
        self.said(event("postback", None, 2, raw=raw))
        queries = [request.body["params"]["arguments"]["catalog"]["query"] for request in WEB.at(CATALOG)]
        self.assertEqual(queries, ["mugs", "plates"])

    def test_a_message_about_no_product_gets_a_sentence(self):
        for number, (one, text) in enumerate((
            (event("text", "Hello!"), words.GREETING),
            (event("text", "Thank you"), words.HELP),
            (event("text", "👍"), words.HELP),
            (event("postback", None, raw={"postback": {"title": "Get Started"}}), words.GREETING),
            (event("postback", None), words.HELP),
            (event("attachment", None), words.ATTACHMENT),
            (event("referral", None), words.GREETING),
        )):  # fmt: skip
            one["detail"]["event_id"] = f"other {number}"
            self.assertEqual(self.said(one)[-1], {"text": text}, one)
        self.assertEqual(WEB.at(CATALOG), [])

    def test_nothing_found_is_said(self):
        WEB.answers[CATALOG] = catalog()
        self.assertEqual(self.said(event()), [{"text": words.NOTHING}])
        self.assertEqual(WEB.at(ADMIN), [])

    def test_other_conversations_and_messages_that_need_no_answer_are_ignored(self):
        kinds = ("echo", "standby", "reaction", "other", "yet to come")
        quiet = [event(kind, number=number) for number, kind in enumerate(kinds)]
        quiet += [event("echo", platform="whatsapp", number=20), {"detail-type": "linked", "detail": {"platform": "facebook"}}]
        self.assertEqual(self.said(*quiet), [])
        self.assertEqual((WEB.requests, self.tokens.asked, self.log.getvalue()), ([], [], ""))

    def test_every_sentence_fits(self):
        for text in (words.GREETING, words.HELP, words.ATTACHMENT, words.NOTHING, words.BUSY):
            self.assertIn("automated assistant", text)
            self.assertLess(len(text.encode()), 1000)
        self.assertLessEqual(len(words.BUTTON), 20)


class Cards(Case):
    def test_ten_at_most_with_eighty_characters_a_line(self):
        WEB.answers[CATALOG] = catalog(*[{"title": f"{at} " + "ä" * 100} for at in range(12)])
        self.said(event())
        cards = self.cards()
        self.assertEqual([card["title"][0] for card in cards], [str(at) for at in range(10)])
        self.assertEqual({len(card["title"]) for card in cards}, {80})

    def test_money_is_in_minor_units_of_its_currency(self):
        for amount, currency, tag in (
            (1250, "EUR", "12.50 EUR"),
            (129900, "USD", "1,299.00 USD"),
            ("1250", "EUR", "12.50 EUR"),
            (1250, "JPY", "1,250 JPY"),
            (1250, "KWD", "1.250 KWD"),
            (0, "EUR", "0.00 EUR"),
            (1250, None, ""),
            (None, "EUR", ""),
            ("cheap", "EUR", ""),
            ([], {}, ""),
            (10**400, "EUR", ""),
        ):
            self.assertEqual(store.price_tag(amount, currency, in_minor_units=True), tag)
        self.assertEqual(store.price_tag("12.5", "EUR"), "12.50 EUR")

    def test_a_product_is_read_as_far_as_it_can_be(self):
        film = {"type": "video", "url": "https://cdn.example/film.mp4"}
        picture = {"type": "image", "url": "https://cdn.example/2.jpg"}
        variant = {"price": {"amount": 500, "currency": "EUR"}, "media": [picture]}
        WEB.answers[CATALOG] = catalog(
            "no product", None, 7, [], {}, {"title": ""}, {"title": 5},
            {"title": "Bare"},
            {"title": "By handle", "handle": "by handle/../", "variants": [variant]},
            {"title": "Odd", "url": "javascript:alert(1)", "media": [{"url": 5}], "price_range": {"min": 5}},
            {"title": "Film", "link": "https://acme.example/film", "media": [film, picture]},
        )  # fmt: skip
        self.said(event())
        base = f"{WEB.url}/{SHOP}/products"
        button = {"type": "web_url", "title": words.BUTTON}
        self.assertEqual(self.cards(), [
            {"title": "Bare", "subtitle": SHOP},
            {"title": "By handle", "subtitle": "5.00 EUR", "image_url": picture["url"],
             "buttons": [button | {"url": f"{base}/by%20handle/../"}]},
            {"title": "Odd", "subtitle": SHOP},
            {"title": "Film", "subtitle": SHOP, "image_url": picture["url"],
             "buttons": [button | {"url": "https://acme.example/film"}]},
        ])  # fmt: skip


class WhatsApp(Case):
    """A number, which has no cards."""

    def numbers(self):
        """What customers of the number got."""
        return [request.body for request in WEB.at(NUMBERS) if "status" not in request.body]

    def test_one_product_is_a_picture_with_its_address(self):
        self.said(event(platform="whatsapp"))
        self.assertEqual(self.tokens.asked, [("connection-tokens", {"phone_number_id": NUMBER})])
        read, answer = WEB.at(NUMBERS)
        typing = {"status": "read", "message_id": "m1", "typing_indicator": {"type": "text"}}
        self.assertEqual(read.body, {"messaging_product": "whatsapp", **typing})
        caption = "Green mug\n12.50 EUR\nhttps://acme.example/products/green-mug"
        image = {"link": "https://cdn.example/green.jpg", "caption": caption}
        to = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": CUSTOMER}
        self.assertEqual(answer.body, {**to, "type": "image", "image": image})
        for request in (read, answer):
            self.assertEqual(request.query, f"appsecret_proof={PROOF}")
            self.assertEqual(request.headers["Authorization"], f"Bearer {TOKEN}")

    def test_a_customer_without_a_number_is_answered_by_their_id_for_the_business(self):
        self.said(event(text="Hello", platform="whatsapp", sender="DE.4711"))
        (answer,) = self.numbers()
        self.assertEqual((answer.get("to"), answer["recipient"]), (None, "DE.4711"))
        self.assertEqual((answer["type"], answer["text"]), ("text", {"body": words.GREETING}))

    def test_several_products_are_a_list_and_the_chosen_one_is_shown(self):
        long = {"title": "Green mug for " + "ä" * 300, "url": "https://acme.example/long"}
        WEB.answers[CATALOG] = catalog(GREEN_MUG, GREEN_MUG, long)
        self.said(event(platform="whatsapp"))
        listed = self.numbers()[0]["interactive"]
        self.assertEqual((listed["type"], listed["body"]), ("list", {"text": words.FOUND}))
        rows = listed["action"]["sections"][0]["rows"]
        title = long["title"][:200]
        self.assertEqual(rows, [
            {"id": "Green mug", "title": "Green mug", "description": "12.50 EUR"},
            {"id": title, "title": title[:24], "description": SHOP},
        ])  # fmt: skip
        raw = {"interactive": {"type": "list_reply", "list_reply": {"id": title, "title": title[:24]}}}
        self.said(event("quick_reply", title[:24], 2, "whatsapp", raw=raw))
        text = f"{title}\n{SHOP}\nhttps://acme.example/long"
        self.assertEqual(self.numbers()[1]["text"], {"body": text, "preview_url": True})
        self.assertEqual(WEB.at(CATALOG)[1].body["params"]["arguments"]["catalog"], {"query": title})

    def test_what_whatsapp_refuses(self):
        for number, (code, word) in enumerate(whatsapp.REFUSALS.items()):
            WEB.answers[NUMBERS] = meta_error(code)
            one = event(platform="whatsapp", number=number)
            self.assertEqual(self.outcome(one), (word, False))
        for number, code in enumerate((4, 80007, 130429, 131056, 131000, 133010), 100):
            WEB.answers[NUMBERS] = meta_error(code)
            self.assertEqual(self.outcome(event(platform="whatsapp", number=number)), (f"meta_{code}", True))

    def test_what_was_not_delivered_is_a_line_in_the_log(self):
        raw = {"status": "failed", "errors": [{"code": 131047, "title": "Re-engagement message"}]}
        self.assertEqual(self.outcome(event("failed", None, platform="whatsapp", raw=raw)), ("failed_131047", False))
        self.assertEqual(WEB.requests, [])

    def test_the_list_s_words_fit(self):
        self.assertIn("automated assistant", words.FOUND)
        self.assertLessEqual(len(words.CHOOSE), 20)


class Fallback(Case):
    """The store's catalog does not answer."""

    LOCKED = (302, b"", ("Location", "/password"))
    SILENT = (
        LOCKED,
        (301, b"", ("Location", f"{WEB.url}{CATALOG}/elsewhere")),
        (429, {}, ("Retry-After", "30")),
        (200, {"jsonrpc": "2.0", "id": 1, "error": {"code": -32000, "message": "Slow down"}}, ("Retry-After", "30")),
        (200, {"jsonrpc": "2.0", "id": 1, "error": {"code": -32001, "message": "invalid_profile_url"}}),
        (200, {"result": {"isError": True, "structuredContent": {"products": []}}}),
        (200, {"result": {"structuredContent": {"products": {}}}}),
        (200, {"result": "…"}),
        (200, [catalog(GREEN_MUG)]),
        (200, b"<html>"),
        (200, b""),
        (200, b"[" * 100_000),
        (200, json.dumps(catalog(GREEN_MUG)[1]).encode() + b" " * web.LARGEST),
        (200, b"drip"),
        (500, {}),
        (503, catalog(GREEN_MUG)[1]),
        "hang",
    )
    NODES = [
        {
            "title": "Green mug",
            "onlineStoreUrl": "https://acme.example/products/green-mug",
            "featuredMedia": {"preview": {"image": {"url": "https://cdn.example/green.jpg"}}},
            "priceRangeV2": {"minVariantPrice": {"amount": "12.5", "currencyCode": "EUR"}},
        },
        {"title": "Not in the online store", "onlineStoreUrl": None, "featuredMedia": None},
        {"title": "Plain", "onlineStoreUrl": "https://acme.example/products/plain", "featuredMedia": None},
    ]

    def setUp(self):
        super().setUp()
        WEB.answers[CATALOG] = self.LOCKED
        WEB.answers[ADMIN] = (200, {"data": {"products": {"nodes": self.NODES}}})

    def test_the_admin_api_answers_with_the_store_s_token(self):
        for number, silence in enumerate(self.SILENT):
            with self.subTest(silence=str(silence)[:80]):
                WEB.requests.clear()
                WEB.answers[CATALOG] = silence
                self.said(event(number=number))
                self.assertEqual(self.cards()[0], GREEN_CARD)
                # No redirect was followed, and nothing asked twice.
                self.assertEqual([request.path for request in WEB.requests], [MESSAGES, CATALOG, ADMIN, MESSAGES])

    def test_it_is_asked_for_active_products_and_shows_those_of_the_online_store(self):
        self.said(event())
        asked = WEB.at(ADMIN)[0]
        self.assertEqual(asked.headers["X-Shopify-Access-Token"], SHOP_TOKEN)
        self.assertEqual(asked.body["variables"], {"query": "title:*green* title:*mugs* status:active"})
        self.assertIn("products(first: 10, query: $query)", asked.body["query"])
        self.assertEqual([card["title"] for card in self.cards()], ["Green mug", "Plain"])
        self.assertEqual(self.cards()[1]["subtitle"], SHOP)

    def test_a_customer_s_words_are_no_search_syntax(self):
        store.from_admin(SHOP, SHOP_TOKEN, 'mug" OR status:draft) -*')
        asked = WEB.at(ADMIN)[0].body["variables"]["query"]
        self.assertEqual(asked, "title:*mug* title:*OR* title:*status* title:*draft* status:active")

    def test_without_a_token_or_an_answer_the_customer_learns_that_search_failed(self):
        self.tokens.shop = {"shop": SHOP, "status": "reconnect_needed", "reason": "revoked", "login_url": "https://…"}
        self.assertEqual(self.said(event()), [{"text": words.BUSY}])
        self.assertEqual(WEB.at(ADMIN), [])
        self.tokens.shop = FakeLambda().shop
        odd = (200, {"data": {"products": {"nodes": 1}}})
        for number, answer in enumerate(((200, {"errors": [{"message": "Throttled"}]}), (401, {}), odd, "hang"), 2):
            WEB.answers[ADMIN] = answer
            self.assertEqual(self.said(event(number=number))[-1], {"text": words.BUSY})

    def test_an_active_store_that_lacks_a_token_now_counts_as_without_one(self):
        self.tokens.shop |= {"access_token": None, "reason": "provider_error"}
        self.assertEqual(self.said(event()), [{"text": words.BUSY}])


class Repetitions(Case):
    def test_an_event_that_comes_twice_is_answered_once(self):
        self.said(event(), event())
        self.said(event())
        self.assertEqual(len(self.sent()), 1)
        self.said(event(number=2))
        self.assertEqual(len(self.sent()), 2)

    def test_a_failed_event_is_answered_when_it_comes_again(self):
        WEB.answers[MESSAGES] = (500, {})
        self.assertEqual(self.outcome(), ("meta_500", True))
        WEB.answers[MESSAGES] = (200, SENT)
        self.assertEqual(self.outcome(), ("answered", False))

    def test_a_dropped_event_is_not_retried(self):
        WEB.answers[MESSAGES] = meta_error(551)
        self.assertEqual(self.outcome(), ("not_available", False))
        asked = len(self.tokens.asked)
        self.assertEqual(self.outcome(), ("", False))
        self.assertEqual(len(self.tokens.asked), asked)

    def test_an_instance_remembers_a_limited_number(self):
        with mock.patch.object(seen, "MOST", 3):
            for number in range(5):
                seen.note(str(number))
        self.assertEqual(list(seen._done), ["2", "3", "4"])


class FakeTable:
    """DynamoDB's `PutItem`, as far as conditions of the sample go."""

    def __init__(self):
        self.items, self.error = {}, None

    def put_item(self, TableName, Item, ConditionExpression="", ExpressionAttributeValues=None):  # noqa: N803
        if self.error:
            raise ClientError({"Error": {"Code": self.error}}, "PutItem")
        key, until = Item["event_id"]["S"], int(Item["expires_at"]["N"])
        if ConditionExpression:
            assert ConditionExpression == "attribute_not_exists(event_id) OR expires_at < :now"
            if self.items.get(key, 0) >= int(ExpressionAttributeValues[":now"]["N"]):
                raise ClientError({"Error": {"Code": "ConditionalCheckFailedException"}}, "PutItem")
        self.items[key] = until


class SharedRepetitions(Case):
    """With a table, which other instances use as well."""

    def setUp(self):
        super().setUp()
        self.table, self.now = FakeTable(), 1_800_000_000
        self.enterContext(mock.patch.multiple(seen, TABLE="seen", DYNAMODB=self.table))
        self.enterContext(mock.patch.object(seen.time, "time", lambda: self.now))
        self.key = event()["detail"]["event_id"]

    def elsewhere(self, one=None):
        """The same in an instance that remembers nothing."""
        seen._done.clear()
        return self.outcome(one)

    def test_an_event_is_answered_by_one_instance(self):
        self.assertEqual(self.elsewhere(), ("answered", False))
        self.assertEqual(self.table.items, {self.key: self.now + seen.KEEP})
        self.assertEqual(self.elsewhere(), ("", False))
        self.now += 4 * 24 * 3600
        self.assertEqual(self.elsewhere(), ("", False))

    def test_a_failed_event_is_free_before_it_comes_again(self):
        WEB.answers[MESSAGES] = (500, {})
        self.assertEqual(self.elsewhere(), ("meta_500", True))
        WEB.answers[MESSAGES] = (200, SENT)
        self.now += 60
        self.assertEqual(self.elsewhere(), ("answered", False))

    def test_an_event_claimed_by_another_instance_is_left_alone(self):
        self.table.items[self.key] = self.now + 30
        self.assertEqual(self.elsewhere(), ("", False))
        self.assertEqual(WEB.requests, [])

    def test_a_table_failure_before_the_answer_is_retried_and_after_it_ignored(self):
        self.table.error = "ProvisionedThroughputExceededException"
        self.assertEqual(self.elsewhere(), ("ClientError", True))
        self.assertEqual(WEB.requests, [])
        self.table.error = None
        WEB.answers[MESSAGES] = lambda body: self.fail_table(body)
        self.assertEqual(self.elsewhere(), ("answered", False))

    def fail_table(self, body):
        if "message" in body:
            self.table.error = "InternalServerError"
        return 200, SENT


class Sending(Case):
    def test_what_meta_refuses_for_good_is_dropped_with_a_word(self):
        for code, word in (
            (10, "may_not_answer"),
            (100, "not_accepted"),
            (190, "token_refused"),
            (200, "no_permission"),
            (551, "not_available"),
        ):
            for number, status in enumerate((400, 403, 200)):
                WEB.answers[MESSAGES] = meta_error(code, status)
                self.assertEqual(self.outcome(event(number=code * 10 + number)), (word, False))

    def test_a_transient_failure_is_retried(self):
        for answer, word in (
            (meta_error(4), "meta_4"),
            (meta_error(613), "meta_613"),
            (meta_error(2), "meta_2"),
            (meta_error(80006), "meta_80006"),
            (meta_error(10, 500), "meta_10"),
            (meta_error([]), "TypeError"),
            ((429, {}), "meta_429"),
            ((503, b"<html>"), "meta_0"),
            ((200, {"error": "odd"}), "meta_200"),
            ((302, b"", ("Location", f"{WEB.url}/elsewhere")), "meta_0"),
            ("hang", "meta_0"),
        ):
            with self.subTest(word=word, answer=str(answer)):
                WEB.answers[MESSAGES] = answer
                self.assertEqual(self.outcome(), (word, True))
        self.assertEqual(WEB.at("/elsewhere"), [])

    def test_no_connection_is_retried(self):
        with mock.patch.object(meta, "GRAPH_URL", "http://127.0.0.1:1/v26.0"):
            self.assertEqual(self.outcome(), ("meta_0", True))

    def test_the_typing_indicator_may_fail(self):
        for number, trouble in enumerate((meta_error(100), meta_error(613), (500, {}), "hang")):
            WEB.answers[MESSAGES] = lambda body, trouble=trouble: trouble if "sender_action" in body else (200, SENT)
            self.assertEqual(self.outcome(event(number=number)), ("answered", False))

    def test_only_what_failed_of_a_batch_comes_again(self):
        WEB.answers[MESSAGES] = lambda body: (500, {}) if body["recipient"]["id"] == "bad" else (200, SENT)
        events = [event(number=1), event(number=2, sender="bad"), event(number=3)]
        records = batch(*events)
        records["Records"].append({"messageId": "r3", "body": "no JSON"})
        self.assertEqual(bot.handler(records, None), failed(1, 3))
        self.assertEqual(len(self.sent()), 3)
        self.assertEqual(self.log.getvalue().split(), ["answered", "meta_500", "answered", "JSONDecodeError"])

    def test_a_rule_s_event_raises(self):
        WEB.answers[MESSAGES] = meta_error(613)
        with self.assertRaises(bot.TryAgain):
            bot.handler(event(), None)

    def test_with_too_little_time_the_rest_comes_again(self):
        left = iter((14_000,))
        context = types.SimpleNamespace(get_remaining_time_in_millis=lambda: next(left))
        self.assertEqual(bot.handler(batch(event(), event(number=2)), context), failed(1))
        self.assertEqual(len(self.sent()), 1)


class Tokens(Case):
    def test_they_are_asked_for_each_time(self):
        self.said(event(), event(number=2))
        self.assertEqual(len(self.tokens.asked), 2)

    def test_what_only_the_merchant_can_fix_is_dropped(self):
        for number, status in enumerate(("reconnect_needed", "uninstalled")):
            self.tokens.page = {"page_id": PAGE, "status": status}
            self.assertEqual(self.outcome(event(number=number)), (status, False))
        for number, code in enumerate(("not_found", "invalid_request"), 10):
            self.tokens.error = code
            self.assertEqual(self.outcome(event(number=number)), (code, False))
        self.assertEqual(WEB.requests, [])

    def test_a_transient_failure_is_retried(self):
        self.tokens.page |= {"access_token": None, "appsecret_proof": None, "reason": "provider_error"}
        self.assertEqual(self.outcome(), ("no_token_now", True))
        for code in ("provider_error", "storage_unavailable", "misconfigured"):
            self.tokens.error = code
            self.assertEqual(self.outcome(), (code, True))
        for error in (
            ReadTimeoutError(endpoint_url="https://lambda"),
            ClientError({"Error": {"Code": "TooManyRequestsException"}}, "Invoke"),
        ):
            self.tokens.error = error
            self.assertEqual(self.outcome(), (type(error).__name__, True))
        self.tokens.error, self.tokens.function_error = None, "Unhandled"
        self.assertEqual(self.outcome(), ("function_error", True))
        self.assertEqual(WEB.requests, [])


class Logs(Case):
    def test_nothing_of_a_customer_or_a_token_is_logged(self):
        secret = "Zanzibar"
        for number, answer in enumerate(((200, SENT), meta_error(10), meta_error(613), (500, {}), "hang", (200, b"<"))):
            WEB.answers[MESSAGES] = answer
            self.outcome(event(text=secret, number=number, sender="998877"))
            with contextlib.suppress(bot.TryAgain):
                bot.handler(event(text=secret, number=100 + number, sender="998877"), None)
            log = self.log.getvalue()
            self.assertTrue(log.strip())
            for private in (secret.lower(), "998877", TOKEN, PROOF, SHOP_TOKEN, PAGE, SHOP):
                self.assertNotIn(private, log.lower())


class Understanding(Case):
    def model(self, content, status=200):
        """A model that says this; what is then understood."""
        WEB.answers[MODEL] = (status, {"choices": [{"message": {"role": "assistant", "content": content}}]})
        settings = {"OPENAI_API_KEY": "model-key", "OPENAI_BASE_URL": f"{WEB.url}/v1/", "OPENAI_MODEL": "small"}
        with mock.patch.dict(os.environ, settings):
            return words.understand("Hi, do you have green mugs?", [{"role": "assistant", "content": "Hello"}])

    def test_words_without_a_model(self):
        for text, greeting, query in (
            ("Hi", True, ""),
            ("Hello! Do you have green mugs?", True, "green mugs"),
            ("I'm looking for a T-shirt, size 42", False, "t-shirt size 42"),
            ("Do you sell a hat?", False, "hat"),
            ("Guten Tag, habt ihr einen Hut oder grüne Tassen?", True, "hut grüne tassen"),
            ("Hola, ¿tenéis tazas verdes?", True, "tazas verdes"),
            ("Bonjour, avez-vous des tasses vertes s'il vous plaît ?", True, "tasses vertes"),
            ("highlighter", False, "highlighter"),
            ("Thanks!", False, ""),
            ("", False, ""),
        ):
            self.assertEqual(words.understand(text), {"greeting": greeting, "query": query})
        self.assertEqual(WEB.requests, [])
        self.assertEqual(words.understand("one " + "word " * 20)["query"], " ".join(["word"] * 8))
        self.assertEqual(len(words.understand("x" * 1000)["query"]), 100)

    def test_a_model_is_asked_if_there_is_a_key(self):
        meant = {"greeting": True, "query": "green mug"}
        self.assertEqual(self.model(json.dumps(meant)), meant)
        asked = WEB.at(MODEL)[0]
        self.assertEqual(asked.headers["Authorization"], "Bearer model-key")
        self.assertEqual(asked.body["model"], "small")
        self.assertEqual([said["role"] for said in asked.body["messages"]], ["system", "assistant", "user"])
        self.assertEqual(asked.body["messages"][-1]["content"], "Hi, do you have green mugs?")
        fenced = f"```json\n{json.dumps(meant)}\n```"
        self.assertEqual(self.model(fenced), meant)
        long = self.model(json.dumps({"greeting": False, "query": "x\n" * 200}))
        self.assertEqual(long, {"greeting": False, "query": " ".join("x" * 50)})

    def test_a_failing_model_falls_back_to_the_words(self):
        expected = {"greeting": True, "query": "green mugs"}
        for content in (
            None, 5, [], "", "Certainly!", "{}", "}{", "[1]", '{"greeting": "yes", "query": "x"}',
            '{"greeting": true, "query": null}', '{"greeting": true', "{" * 100_000 + "}",
        ):  # fmt: skip
            self.assertEqual(self.model(content), expected, str(content)[:40])
        self.assertEqual(self.model('{"greeting": false, "query": "x"}', 500), expected)
        settings = {"OPENAI_API_KEY": "model-key", "OPENAI_BASE_URL": f"{WEB.url}/v1"}
        with mock.patch.dict(os.environ, settings):
            for answer in ("hang", (200, {}), (200, b"<html>"), (401, {"error": {"message": "bad key"}}), (429, {})):
                WEB.answers[MODEL] = answer
                self.assertEqual(words.understand("Hi, do you have green mugs?"), expected)

    def test_its_query_is_what_is_searched_for(self):
        with mock.patch.object(words, "understand", lambda text: {"greeting": False, "query": f"({text})"}):
            self.said(event(text="¿Tazas?"))
        self.assertEqual(WEB.at(CATALOG)[0].body["params"]["arguments"]["catalog"], {"query": "(¿Tazas?)"})


class Local(Case):
    """What `./dev run` starts."""

    def setUp(self):
        super().setUp()
        server = local.serve(0)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}"

    def post(self, body, path="/events"):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, content), timeout=10) as reply:
                return reply.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def test_an_event_is_answered(self):
        self.assertEqual(self.post(event()), 200)
        self.assertEqual(self.cards(), [GREEN_CARD])
        self.assertEqual(self.post(batch(event(number=2))), 200)
        self.assertEqual(len(self.sent()), 2)

    def test_an_event_to_redeliver_is_500(self):
        WEB.answers[MESSAGES] = (500, {})
        self.assertEqual((self.post(event()), self.post(batch(event())), self.post({})), (500, 500, 500))
        self.assertEqual(self.log.getvalue().split(), ["meta_500", "meta_500", "KeyError"])

    def test_anything_else_is_refused(self):
        self.assertEqual(self.post(event(), "/"), 404)
        self.assertEqual((self.post(b"<"), self.post(b"[]"), self.post(b"\xff")), (400, 400, 400))
        with mock.patch.object(local, "LARGEST", 10):
            self.assertEqual(self.post(b"x" * 11), 413)
        self.assertEqual(WEB.requests, [])


class Fresh(unittest.TestCase):
    """As it runs in another AWS account."""

    def test_it_starts_with_the_settings_of_production(self):
        program = (
            "import os; [os.environ.pop(name, None) for name in ('GRAPH_URL', 'SHOP_URL')]\n"
            "os.environ['SEEN_TABLE'] = 'seen'\n"
            "import bot, meta, seen, store\n"
            "print(meta.GRAPH_URL, store.url_of('acme.myshopify.com'), seen.DYNAMODB.meta.service_model.service_name)"
        )
        folder = os.path.dirname(os.path.abspath(__file__))
        command = [sys.executable, "-B", "-c", program]
        told = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=True).stdout
        self.assertEqual(told.split(), ["https://graph.facebook.com/v26.0", "https://acme.myshopify.com", "dynamodb"])


if __name__ == "__main__":
    unittest.main()
