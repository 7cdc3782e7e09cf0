"""The sample bot, deployed as docs/bot.md says, in each language: a signed webhook of each platform goes in at one end, and its answer leaves at the other."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from browser import Browser
from local_aws import PROJECT, say
from story import SHOP, Story, delivered, expect, written

if TYPE_CHECKING:
    from rehearse import Deployment

QUESTION = "Do you have mugs?"
ANSWER = "Stoneware mug"
RUNTIMES = ("python3.13", "nodejs22.x")


def answer(deployment: Deployment, story: Story) -> None:
    """Deploys it, has customers ask, and takes it away again."""
    for runtime in RUNTIMES:
        if runtime.startswith("nodejs") and not (PROJECT / "examples" / "bot" / "node" / "node_modules").exists():
            say("LEFT OUT: the sample bot for Node.js, since what it needs is not installed; ./dev test does that")
            continue
        deployment.follow("sam deploy --template-file examples/bot/template.yaml", **{"nodejs24.x": runtime})
        stack = f"{deployment.STACK}-bot"
        cloudformation = deployment.aws.client("cloudformation")
        [described] = cloudformation.describe_stacks(StackName=stack)["Stacks"]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
        linked = story.tokens({"shop": SHOP})
        page = linked["pages"][0]["page_id"]
        [instagram] = [page["instagram"]["id"] for page in linked["pages"] if page["instagram"]]
        [number, *_] = [number for number in linked["phone_numbers"] if number["messaging_ready"]]
        before = said(deployment, stack).count("answered")
        converse(deployment, story, stack, f"/messenger/{page}", lambda sender: messaged("page", page, sender))
        converse(deployment, story, stack, f"/messenger/{instagram}", lambda sender: messaged("instagram", instagram, sender))
        converse(deployment, story, stack, f"/whatsapp/{number['phone_number_id']}", lambda sender: written(number, QUESTION, sender))
        # Another delivery may have come to another instance, which knows by the table that it is a repetition.
        time.sleep(2)
        log = said(deployment, stack)
        assert log.count("answered") - before == 3, log
        for url in (outputs["BotQueueUrl"], outputs["BotDeadLettersUrl"]):
            attributes = deployment.aws.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
            assert attributes["Attributes"]["ApproximateNumberOfMessages"] == "0", url
        cloudformation.delete_stack(StackName=stack)
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
        say(f"the sample bot for {runtime} was deployed, and answered customers of a Page, of an Instagram account and of a number with products")


def messaged(thing: str, account: str, sender: str) -> dict[str, Any]:
    delivery = delivered(account, QUESTION) | {"object": thing}
    delivery["entry"][0]["messaging"][0]["sender"]["id"] = sender
    return delivery


def converse(deployment: Deployment, story: Story, stack: str, path: str, webhook: Any) -> None:
    """A customer asks, and the same question is delivered twice; the conversation shows one answer more."""
    conversation, customer = f"{story.facebook}{path}", Browser({})
    # The local Facebook knows the customer from then on; the app's webhook is out of its reach here.
    opened = customer.get(conversation)
    before = opened.text.count(ANSWER)
    expect(customer.submit(opened, opened.form(path), ("text", QUESTION)), 303)
    [sender] = re.findall(r'data-customer="([^"]+)"', opened.text)
    delivery = webhook(sender)
    for _ in range(2):
        story.deliver(delivery, 200)
    deadline = time.monotonic() + 60
    while customer.get(conversation).text.count(ANSWER) == before:
        assert time.monotonic() < deadline, f"no answer came; the log says {said(deployment, stack)}"
        time.sleep(0.5)
    # Both deliveries are in the service's own queue as well.
    assert story.taken() and story.taken(), "the service's queue got nothing"


def said(deployment: Deployment, stack: str) -> str:
    """What the bot wrote."""
    client = deployment.aws.client("logs")
    if not client.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{stack}")["logGroups"]:
        return ""
    pages = client.get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{stack}")
    return "".join(event["message"] for page in pages for event in page["events"])
