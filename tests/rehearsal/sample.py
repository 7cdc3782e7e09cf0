"""The sample bot, deployed as docs/bot.md says: a signed webhook goes in at one end, and its answer leaves at the other."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from browser import Browser
from local_aws import say
from story import SHOP, Story, delivered, expect

if TYPE_CHECKING:
    from rehearse import Deployment

QUESTION = "Do you have mugs?"
ANSWER = "Stoneware mug"


def answer(deployment: Deployment, story: Story) -> None:
    """Deploys it in Python, which is there; has a customer ask; and takes it away again."""
    deployment.follow("sam deploy --template-file examples/bot/template.yaml", **{"nodejs24.x": "python3.13"})
    stack = f"{deployment.STACK}-bot"
    cloudformation = deployment.aws.client("cloudformation")
    [described] = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    page = story.tokens({"shop": SHOP})["pages"][0]["page_id"]
    conversation = f"{story.facebook}/messenger/{page}"
    customer = Browser({})
    # The local Facebook knows the customer from then on; the app's webhook is out of its reach here.
    opened = customer.get(conversation)
    expect(customer.submit(opened, opened.form(), ("text", QUESTION)), 303)
    [sender] = re.findall(r'data-customer="(\d+)"', opened.text)
    delivery = delivered(page, QUESTION)
    delivery["entry"][0]["messaging"][0]["sender"]["id"] = sender
    for _ in range(2):
        story.deliver(delivery, 200)
    deadline = time.monotonic() + 60
    while ANSWER not in customer.get(conversation).text:
        assert time.monotonic() < deadline, f"no answer came; the log says {said(deployment, stack)}"
        time.sleep(0.5)
    # Both deliveries are in the service's own queue as well.
    assert story.taken() and story.taken(), "the service's queue got nothing"
    # The other one may have come to another instance, which knows by the table that it is a repetition.
    time.sleep(2)
    assert said(deployment, stack).count("answered") == 1, said(deployment, stack)
    for url in (outputs["BotQueueUrl"], outputs["BotDeadLettersUrl"]):
        attributes = deployment.aws.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
        assert attributes["Attributes"]["ApproximateNumberOfMessages"] == "0", url
    cloudformation.delete_stack(StackName=stack)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    say("the sample bot was deployed, and answered a customer with products")


def said(deployment: Deployment, stack: str) -> str:
    """What the bot wrote."""
    pages = deployment.aws.client("logs").get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{stack}")
    return "".join(event["message"] for page in pages for event in page["events"])
