"""What accept.py creates temporarily and always removes: queues that listen, a function that is too slow, an empty stack."""

from __future__ import annotations

import contextlib
import io
import json
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import boto3

Heard = Callable[[], Any]


@contextlib.contextmanager
def queue(service: str) -> Iterator[tuple[str, Heard]]:
    """A queue that an AWS service may send to: yields its ARN, and a function that returns the next message."""
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName=f"accept-{uuid.uuid4()}", Attributes={"MessageRetentionPeriod": "3600"})["QueueUrl"]
    try:
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sqs:SendMessage", "Resource": arn}
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})})

        def heard() -> Any:
            for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2).get("Messages", []):
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                return json.loads(message["Body"])
            return None

        yield arn, heard
    finally:
        sqs.delete_queue(QueueUrl=url)


@contextlib.contextmanager
def listener(bus: str, pattern: dict[str, Any]) -> Iterator[Heard]:
    """Receives what a rule of an event bus matches."""
    events, name = boto3.client("events"), f"accept-{uuid.uuid4()}"
    with queue("events.amazonaws.com") as (arn, heard):
        events.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps(pattern))
        try:
            events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
            yield heard
        finally:
            events.remove_targets(Rule=name, EventBusName=bus, Ids=["queue"])
            events.delete_rule(Name=name, EventBusName=bus)


@contextlib.contextmanager
def subscription(topic: str) -> Iterator[Heard]:
    """Receives what is published to a topic."""
    sns = boto3.client("sns")
    with queue("sns.amazonaws.com") as (arn, heard):
        subscribed = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True)["SubscriptionArn"]
        try:

            def told() -> Any:
                message = heard()
                return message and json.loads(message["Message"])

            yield told
        finally:
            sns.unsubscribe(SubscriptionArn=subscribed)


@contextlib.contextmanager
def slow_function(like: str, name: str) -> Iterator[str]:
    """A function with another one's role and log that sleeps past its timeout. Our own functions give up before theirs."""
    functions, code = boto3.client("lambda"), io.BytesIO()
    with zipfile.ZipFile(code, "w") as packed:
        packed.writestr("slow.py", "import time\n\n\ndef handler(event, context):\n    time.sleep(5)\n")
    configuration = functions.get_function_configuration(FunctionName=like)
    functions.create_function(
        FunctionName=name,
        Role=configuration["Role"],
        Runtime="python3.13",
        Handler="slow.handler",
        LoggingConfig=configuration["LoggingConfig"],
        Timeout=1,
        Code={"ZipFile": code.getvalue()},
    )
    try:
        functions.get_waiter("function_active_v2").wait(FunctionName=name)
        yield name
    finally:
        functions.delete_function(FunctionName=name)


def adopt_twice(stack: str, template: str) -> None:
    """Creates what outlives a stack, deletes the stack, adopts the remains, deletes that stack too, and then the remains."""
    cloudformation = boto3.client("cloudformation")
    cloudformation.create_stack(StackName=stack, TemplateBody=template)
    kept: dict[str, str] = {}
    try:
        cloudformation.get_waiter("stack_create_complete").wait(StackName=stack)
        found = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
        kept |= {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in found}
        delete(cloudformation, stack)
        exist(kept)
        adopt(cloudformation, stack, template, kept)
    finally:
        delete(cloudformation, stack)
        for logical_id, name in kept.items():
            remove(logical_id, name)


def exist(kept: dict[str, str]) -> None:
    for logical_id, name in kept.items():
        if logical_id == "Secrets":
            boto3.client("secretsmanager").describe_secret(SecretId=name)
        else:
            boto3.client("dynamodb").describe_table(TableName=name)


def adopt(cloudformation: Any, stack: str, template: str, kept: dict[str, str]) -> None:
    kinds = {"Secrets": ("AWS::SecretsManager::Secret", "Id")}
    imported = []
    for logical_id, name in kept.items():
        kind, key = kinds.get(logical_id, ("AWS::DynamoDB::Table", "TableName"))
        imported.append({"ResourceType": kind, "LogicalResourceId": logical_id, "ResourceIdentifier": {key: name}})
    change = {"StackName": stack, "ChangeSetName": "adopt"}
    cloudformation.create_change_set(**change, ChangeSetType="IMPORT", TemplateBody=template, ResourcesToImport=imported)
    cloudformation.get_waiter("change_set_create_complete").wait(**change)
    cloudformation.execute_change_set(**change)
    cloudformation.get_waiter("stack_import_complete").wait(StackName=stack)


def delete(cloudformation: Any, stack: str) -> None:
    cloudformation.delete_stack(StackName=stack)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack)


def remove(logical_id: str, name: str) -> None:
    if logical_id == "Secrets":
        boto3.client("secretsmanager").delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
        return
    dynamodb = boto3.client("dynamodb")
    if dynamodb.describe_table(TableName=name)["Table"].get("DeletionProtectionEnabled"):
        dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
        while dynamodb.describe_table(TableName=name)["Table"]["TableStatus"] != "ACTIVE":
            time.sleep(2)
    dynamodb.delete_table(TableName=name)
