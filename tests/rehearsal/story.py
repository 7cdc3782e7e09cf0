"""What merchants, the bot, the providers and the schedule do with the deployed service, from the first login to the last trace."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import json
import re
import secrets
import time
from collections import Counter
from typing import Any

from browser import Browser, Form, Forms, Reply
from local_aws import HOST, Apps, LocalAws, say

SHOP = "acme.myshopify.com"
JSON = {"accept": "application/json"}
PIN = "271828"


class Story:
    """One merchant with one store, and what is around them."""

    def __init__(self, aws: LocalAws, apps: Apps, outputs: dict[str, str], api_host: str) -> None:
        self.aws, self.apps = aws, apps
        self.move(outputs, api_host)
        # What must turn up in no log and, once the store is forgotten, in no table.
        self.secret: set[str] = {apps.shopify_api_secret, apps.facebook_app_secret}

    def move(self, outputs: dict[str, str], api_host: str) -> None:
        """The service is this stack's from now on."""
        self.outputs = outputs
        self.hosts = {HOST: (self.aws.address, api_host)}
        self.merchant = Browser(self.hosts)
        self.tables = {name: outputs[name] for name in ("SessionsTable", "ConnectionsTable")}
        self.bot = self.make_bot()

    def url(self, path: str) -> str:
        return f"https://{HOST}{path}"

    # --- The merchant ----------------------------------------------------------------------------------------------

    def refuses_without_secret(self) -> None:
        for path in ("/shopify/acme/login", "/facebook/login"):
            reply = self.merchant.get(self.url(path), **JSON)
            expect(reply, 500)
            assert reply.json()["code"] == "misconfigured", reply.text
        say("without a secret every function answers `misconfigured`")

    def link_store(self) -> None:
        login = self.merchant.get(self.url("/shopify/acme/login"))
        self.shopify = login.location().partition(f"/{SHOP}/")[0]
        back = self.merchant.get(login.location())
        # A store that has approved the app is sent back at once.
        if back.status == 200:
            back = self.merchant.submit(back, back.form(), ("decision", "approve"))
        linked = self.merchant.get(back.location())
        expect(linked, 200)
        assert "__Host-session_id" in self.merchant.cookies[HOST], "the callback set no session"
        assert "acme" in linked.text.lower()

    def link_pages(self) -> None:
        login = self.merchant.get(self.url("/facebook/login"))
        dialog = self.merchant.get(login.location())
        self.facebook = dialog.url.partition("/v")[0]
        back = self.merchant.submit(dialog, dialog.form(), ("decision", "approve"))
        linked = self.merchant.get(back.location())
        expect(linked, 200)
        assert "Acme Outlet" in linked.text, linked.text[:2000]
        has_more = "WhatsAppRedirectUri" in self.outputs and not self.numbers()
        assert ("__Host-session_id" in self.merchant.cookies[HOST]) == has_more, "the session is to end with the last link"
        say("a merchant linked a store and Pages through the API's routes")

    def link_numbers(self) -> None:
        """Every number of a portfolio: one is new, one has a PIN, one is in the WhatsApp Business app, one is not verified."""
        self.link_store()
        login = self.merchant.get(self.url("/whatsapp/login"))
        dialog = self.merchant.get(login.location())
        business = re.search(r'<option value="(\d+)"', dialog.text)
        assert business, dialog.text
        back = self.merchant.submit(dialog, dialog.form(), ("business", business[1]), ("decision", "approve"))
        expect(self.merchant.get(back.location()), 200)
        assert self.reasons() == {None: 2, "pin_required": 1, "not_verified": 1}, self.reasons()
        self.give_pin()
        assert self.reasons() == {None: 3, "not_verified": 1}, self.reasons()
        say("WhatsApp numbers are linked, registered, and given their PIN")

    def start_numbers(self) -> None:
        """Both functions for numbers run in this stack as well, though none is linked in it."""
        expect(self.merchant.get(self.url("/whatsapp/login")), 302)
        expect(self.merchant.get(self.url("/whatsapp/callback")), 400)

    def numbers(self) -> list[dict[str, Any]]:
        numbers: list[dict[str, Any]] = self.tokens({"shop": SHOP})["phone_numbers"]
        self.secret.update(number["display_phone_number"] for number in numbers)
        return numbers

    def reasons(self) -> dict[str | None, int]:
        return dict(Counter(number["messaging_reason"] for number in self.numbers()))

    def give_pin(self) -> None:
        """The PIN that the local WhatsApp's merchants have."""
        self.link_store()
        page = self.merchant.get(self.url("/connections"))
        form = page.form("/connections/pin")
        form.fields.remove(("pin", ""))
        done = self.merchant.submit(page, form, ("pin", PIN))
        assert done.status == 303, (done.status, done.text[:2000])
        self.secret.add(PIN)

    def disconnect_a_number(self) -> None:
        before = self.numbers()
        self.link_store()
        page = self.merchant.get(self.url("/connections"))
        gone = before[0]["phone_number_id"]
        form = next(form for form in forms(page, "/connections/disconnect") if ("account", gone) in form.fields)
        done = self.merchant.submit(page, form)
        assert done.status == 303, (done.status, done.text[:2000])
        assert self.tokens({"phone_number_id": gone})["error"]["code"] == "not_found"
        assert len(self.numbers()) == len(before) - 1
        say("a number was disconnected on the page of connections")

    def disconnect_a_page(self) -> str:
        before = self.tokens({"shop": SHOP})
        self.link_store()
        page = self.merchant.get(self.url("/connections"))
        expect(page, 200)
        gone = before["pages"][0]["page_id"]
        form = next(form for form in forms(page, "/connections/disconnect") if ("account", gone) in form.fields)
        done = self.merchant.submit(page, form)
        assert done.status == 303, (done.status, done.text[:2000])
        expect(self.merchant.get(done.location()), 200)
        assert self.tokens({"page_id": gone})["error"]["code"] == "not_found"
        assert len(self.tokens({"shop": SHOP})["pages"]) == len(before["pages"]) - 1
        say("a Page was disconnected on the page of connections")
        return str(gone)

    # --- The bot and the schedule ----------------------------------------------------------------------------------

    def make_bot(self) -> Any:
        """A user with the stack's policy for the bot, and nothing else."""
        iam = self.aws.client("iam")
        iam.create_user(UserName="bot")
        iam.attach_user_policy(UserName="bot", PolicyArn=self.outputs["BotPolicyArn"])
        key = iam.create_access_key(UserName="bot")["AccessKey"]
        self.bot_key = (key["AccessKeyId"], key["SecretAccessKey"])
        return self.aws.client("lambda", self.bot_key)

    def bot_goes(self) -> None:
        iam = self.aws.client("iam")
        iam.detach_user_policy(UserName="bot", PolicyArn=self.outputs["BotPolicyArn"])
        iam.delete_access_key(UserName="bot", AccessKeyId=self.bot_key[0])
        iam.delete_user(UserName="bot")

    def invoke(self, client: Any, function: str, payload: dict[str, Any]) -> Any:
        reply = client.invoke(FunctionName=function, Payload=json.dumps(payload))
        answer = json.loads(reply["Payload"].read())
        assert "FunctionError" not in reply, answer
        return answer

    def tokens(self, wanted: dict[str, str]) -> Any:
        answer = self.invoke(self.bot, self.outputs["ConnectionTokensFunction"], wanted)
        for entry in [*answer.get("shops", []), *answer.get("pages", []), *answer.get("phone_numbers", [])]:
            self.secret.update({entry.get("access_token")} - {None})
        return answer

    def bot_asks(self) -> None:
        answer = self.tokens({"shop": SHOP})
        assert [shop["status"] for shop in answer["shops"]] == ["active"], answer
        assert len(answer["pages"]) == 3 and all(page["messaging_ready"] for page in answer["pages"]), answer
        page = answer["pages"][0]
        assert self.tokens({"page_id": page["page_id"]})["pages"] == [page]
        refused(lambda: self.aws.client("dynamodb", self.bot_key).scan(TableName=self.tables["ConnectionsTable"]))
        refused(lambda: self.invoke(self.bot, self.schedule()["Target"]["Arn"], {}))

    def schedule(self) -> Any:
        scheduler = self.aws.client("scheduler")
        [schedule] = scheduler.list_schedules()["Schedules"]
        return scheduler.get_schedule(Name=schedule["Name"])

    def keep(self) -> Any:
        """A run of token-keeper, as the schedule begins it."""
        target = self.schedule()["Target"]
        return self.invoke(self.aws.client("lambda"), target["Arn"], json.loads(target["Input"]))

    def keeper_looks(self) -> None:
        dynamodb = self.aws.client("dynamodb")
        due = [item for item in self.items("ConnectionsTable") if "due_at" in item]
        for item in due:
            key = {"pk": item["pk"], "sk": item["sk"]}
            values = {":now": {"N": str(int(time.time()) - 1)}}
            dynamodb.update_item(TableName=self.tables["ConnectionsTable"], Key=key, UpdateExpression="SET due_at = :now", ExpressionAttributeValues=values)
        run = self.keep()
        assert run["due"] == len(due) and run["checked"] > 0 and run["failed"] == run["remaining"] == run["reconnect_needed"] == 0, run
        say(f"token-keeper ran: {json.dumps(run)}")

    # --- The providers ---------------------------------------------------------------------------------------------

    def webhook(self, topic: str, body: dict[str, Any]) -> None:
        text = json.dumps(body).encode()
        signature = hmac.new(self.apps.shopify_api_secret.encode(), text, hashlib.sha256).digest()
        headers = {
            "content-type": "application/json",
            "x-shopify-topic": topic,
            "x-shopify-shop-domain": SHOP,
            "x-shopify-webhook-id": secrets.token_hex(16),
            "x-shopify-triggered-at": datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "x-shopify-hmac-sha256": base64.b64encode(signature).decode(),
        }
        expect(Browser(self.hosts).send("POST", self.outputs["ShopifyWebhooksUrl"], text, headers), 200)
        forged = headers | {"x-shopify-hmac-sha256": base64.b64encode(bytes(32)).decode()}
        expect(Browser(self.hosts).send("POST", self.outputs["ShopifyWebhooksUrl"], text, forged), 401)

    def shake_hands(self, token: str) -> None:
        """What Meta asks when an operator enters the address and the token there."""
        url = f"{self.outputs['MetaWebhooksUrl']}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
        reply = Browser(self.hosts).get(url + token)
        expect(reply, 200)
        assert reply.text == "1158201444", reply.text
        expect(Browser(self.hosts).get(url + secrets.token_urlsafe(32), **JSON), 403)
        self.secret.add(token)

    def customer_writes(self) -> None:
        """What Meta delivers of a customer comes out of the queue, for the Page's identity and with the store; what it did not sign does not."""
        linked = self.tokens({"shop": SHOP})
        page, mark = linked["pages"][0]["page_id"], secrets.token_hex(8)
        # Neither a log nor a table is to have it.
        self.secret.add(mark)
        text = f"Gibt es die Größe noch? {mark}"
        delivery = delivered(page, text)
        self.deliver(delivery, 401, secret=secrets.token_hex(16))
        self.deliver(delivered(str(10**14 + secrets.randbelow(9 * 10**14)), text), 200)
        for _ in range(2):
            self.deliver(delivery, 200)
        once, again = self.taken(), self.taken()
        assert once and again, "what was delivered did not come out of the queue"
        element = delivery["entry"][0]["messaging"][0]
        wanted = {
            "user_uuid": linked["user_uuid"],
            "shop": SHOP,
            "platform": "facebook",
            "account": page,
            "sender": element["sender"]["id"],
            "message_id": element["message"]["mid"],
            "kind": "text",
            "text": text,
            "raw": element,
        }
        for event in (once, again):
            assert (event["source"], event["detail-type"]) == ("messenger-link.messages", "message"), event
            assert {name: event["detail"].get(name) for name in wanted} == wanted, event
        assert once["detail"]["event_id"] == again["detail"]["event_id"], "a repetition has another id"
        assert self.taken(0) is None, "there is more in the queue than was written to linked Pages"
        refused(lambda: self.queue().send_message(QueueUrl=self.outputs["MessageQueueUrl"], MessageBody="{}"))
        say("what a customer wrote to a Page came out of the queue, with its store")

    def customer_writes_to_a_number(self) -> None:
        number, mark = self.numbers()[0], secrets.token_hex(8)
        self.secret.add(mark)
        self.deliver(written(number, mark), 200)
        event = self.taken()
        assert event, "what was delivered did not come out of the queue"
        told = {name: event["detail"][name] for name in ("platform", "account", "kind", "text", "shop")}
        assert told == {"platform": "whatsapp", "account": number["phone_number_id"], "kind": "text", "text": mark, "shop": SHOP}, event
        say("what a customer wrote to a number came out of the queue, with its store")

    def deliver(self, delivery: dict[str, Any], status: int, secret: str | None = None) -> None:
        """As Meta sends it: the signature is over the bytes, in which letters beyond ASCII are escaped."""
        body = json.dumps(delivery).encode()
        signature = hmac.new((secret or self.apps.facebook_app_secret).encode(), body, hashlib.sha256).hexdigest()
        headers = {"content-type": "application/json", "x-hub-signature-256": f"sha256={signature}"}
        expect(Browser(self.hosts).send("POST", self.outputs["MetaWebhooksUrl"], body, headers), status)

    def queue(self) -> Any:
        return self.aws.client("sqs", self.bot_key)

    def taken(self, seconds: int = 10) -> Any:
        """The next event in the queue, which the bot takes out of it with its policy."""
        queue, url = self.queue(), self.outputs["MessageQueueUrl"]
        found = queue.receive_message(QueueUrl=url, WaitTimeSeconds=seconds).get("Messages")
        if not found:
            return None
        queue.delete_message(QueueUrl=url, ReceiptHandle=found[0]["ReceiptHandle"])
        return json.loads(found[0]["Body"])

    def person_leaves(self) -> None:
        """Somebody asks Facebook to have their data deleted."""
        [person] = {item["sk"]["S"].removeprefix("person#") for item in self.items("ConnectionsTable") if item["sk"]["S"].startswith("person#")}
        payload = {"algorithm": "HMAC-SHA256", "issued_at": int(time.time()), "user_id": person}
        encoded = base64.urlsafe_b64encode(json.dumps(payload).encode()).rstrip(b"=")
        signature = hmac.new(self.apps.facebook_app_secret.encode(), encoded, hashlib.sha256).digest()
        signed = (base64.urlsafe_b64encode(signature).rstrip(b"=") + b"." + encoded).decode()
        form = {"content-type": "application/x-www-form-urlencoded"}
        body = f"signed_request={signed}".encode()
        reply = Browser(self.hosts).send("POST", self.outputs["FacebookDataDeletionUrl"], body, form)
        expect(reply, 200)
        expect(Browser(self.hosts).get(reply.json()["url"]), 200)
        assert self.tokens({"shop": SHOP})["pages"] == []
        say("a person had their data deleted; the page at the code says so")

    def store_leaves(self) -> None:
        [store] = [item for item in self.items("ConnectionsTable") if item["sk"]["S"] == "store"]
        shop_id = int(store["shop_id"].get("N") or store["shop_id"]["S"])
        uuid = store["pk"]["S"].removeprefix("uuid#")
        admin = self.merchant.get(f"{self.shopify}/{SHOP}/admin")
        self.merchant.submit(admin, admin.form(), ("decision", "uninstall"))
        self.webhook("app/uninstalled", {"id": shop_id, "name": "Acme", "domain": SHOP, "myshopify_domain": SHOP})
        assert [shop["status"] for shop in self.tokens({"shop": SHOP})["shops"]] == ["uninstalled"]
        self.webhook("shop/redact", {"shop_id": shop_id, "shop_domain": SHOP})
        assert self.tokens({"shop": SHOP})["error"]["code"] == "not_found"
        run = self.keep()
        assert run["failed"] == 0, run
        self.nothing_is_left()
        assert uuid not in json.dumps([self.items(table) for table in self.tables], default=str)
        say("the store uninstalled and was forgotten: no table holds it any more")

    def nothing_is_left(self) -> None:
        for table in self.tables:
            for item in self.items(table):
                kind = item["pk"]["S"].partition("#")[0]
                assert kind in ("audit", "body", "deletion", "delivery", "flow", "job", "keeper", "pin"), f"{table} still has {kind} {item.get('sk')}"
                found = [word for word in (SHOP, *self.secret) if word in json.dumps(item, default=str)]
                assert not found, f"{table} still has a name or token in {kind}"

    def items(self, table: str) -> list[dict[str, Any]]:
        pages = self.aws.client("dynamodb").get_paginator("scan").paginate(TableName=self.tables[table], ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]

    def measure(self) -> None:
        """What a store with its Pages takes: for the table of costs in docs/operations.md."""
        items = [item for table in self.tables for item in self.items(table)]
        kinds = [item.get("sk", item["pk"])["S"].partition("#")[0] for item in items]
        size = sum(len(name) + len(value) for item in items for name, [value] in ((name, map(str, typed.values())) for name, typed in item.items()))
        say(f"measured: {len(items)} items ({', '.join(sorted(kinds))}) of about {size} bytes; {self.merchant.received[HOST]} bytes of replies")

    # --- What it left ----------------------------------------------------------------------------------------------

    def logs(self) -> dict[str, list[str]]:
        """The lines of each function, by the name of its log group."""
        client = self.aws.client("logs")
        groups = [group["logGroupName"] for page in client.get_paginator("describe_log_groups").paginate() for group in page["logGroups"]]
        lines = {}
        for group in groups:
            pages = client.get_paginator("filter_log_events").paginate(logGroupName=group)
            lines[group] = [event["message"] for page in pages for event in page["events"]]
        return lines

    def logs_tell_nothing(self, of_all: bool = False) -> None:
        logs = self.logs()
        functions = {group.rpartition("/")[2]: lines for group, lines in logs.items() if group.startswith("/aws/lambda/")}
        for name, lines in functions.items():
            own = [line for line in lines if line.startswith("{")]
            assert not of_all or any(json.loads(line).get("message") in ("request", "invocation") for line in own), f"{name} logged nothing"
            assert not any('"level":"ERROR"' in line and "misconfigured" not in line for line in own), [line for line in own if "ERROR" in line]
            found = [line for line in lines for word in self.secret if word in line]
            assert not found, f"{name} logged a secret"
        say(f"{len(functions)} functions logged {sum(map(len, functions.values()))} lines, none with a secret")
        if not of_all:
            return
        ends = {name: [line for line in lines if '"message":"request"' in line or '"message":"invocation"' in line] for name, lines in functions.items()}
        versions = {json.loads(line)["version"] for lines in ends.values() for line in lines}
        assert versions == {self.outputs["Version"]}, versions
        lasts = {name: [len(line) for line in lines] for name, lines in ends.items()}
        say(f"measured: bytes of the line of a request: {', '.join(f'{name} {sum(sizes) // len(sizes)}' for name, sizes in sorted(lasts.items()))}")


def expect(reply: Reply, status: int) -> None:
    assert reply.status == status, f"{reply.url.split('?')[0]}: {reply.status}, not {status}: {reply.text[:2000]}"


def delivered(page: str, text: str) -> dict[str, Any]:
    """What Meta delivers of one message to a Page."""
    now, customer = int(time.time() * 1000), str(10**15 + secrets.randbelow(9 * 10**15))
    message = {"mid": f"m_{secrets.token_urlsafe(32)}", "text": text}
    element = {"sender": {"id": customer}, "recipient": {"id": page}, "timestamp": now, "message": message}
    return {"object": "page", "entry": [{"id": page, "time": now, "messaging": [element]}]}


def written(number: dict[str, Any], text: str, customer: str = "") -> dict[str, Any]:
    """The same of one message to a number."""
    now, customer = int(time.time()), customer or str(10**11 + secrets.randbelow(10**10))
    message = {"from": customer, "id": f"wamid.{secrets.token_urlsafe(32)}", "timestamp": str(now), "type": "text", "text": {"body": text}}
    to = {"display_phone_number": number["display_phone_number"], "phone_number_id": number["phone_number_id"]}
    value = {"messaging_product": "whatsapp", "metadata": to, "contacts": [{"wa_id": customer}], "messages": [message]}
    return {"object": "whatsapp_business_account", "entry": [{"id": number["waba_id"], "changes": [{"field": "messages", "value": value}]}]}


def forms(page: Reply, action: str) -> list[Form]:
    return [form for form in Forms(page.text).forms if action in form.action]


def refused(work: Any) -> None:
    """What the policies forbid is forbidden."""
    try:
        work()
    except Exception as error:  # noqa: BLE001: the SDK makes its exceptions at run time
        assert "AccessDenied" in type(error).__name__ or "AccessDenied" in str(error), error
    else:
        raise AssertionError("the bot's policy allows too much")
