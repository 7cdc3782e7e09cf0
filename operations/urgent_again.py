"""Lets the previous version find urgent records: urgent_again.py TABLE. That version reads only the partitions 00 to 63 of the index, not u00 to u63."""

import sys

import boto3
from boto3.dynamodb.conditions import Attr, Key

[name] = sys.argv[1:]
table = boto3.resource("dynamodb").Table(name)
Changed = table.meta.client.exceptions.ConditionalCheckFailedException


def urgent(partition):
    query = {"IndexName": "by_due", "KeyConditionExpression": Key("due_shard").eq(partition)}
    while True:
        page = table.query(**query)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        query["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def moved(item):
    """False if it was processed since it was read."""
    try:
        table.update_item(
            Key={"pk": item["pk"], "sk": item["sk"]},
            UpdateExpression="SET due_shard = :routine",
            ConditionExpression=Attr("due_shard").eq(item["due_shard"]) & Attr("due_at").eq(item["due_at"]),
            ExpressionAttributeValues={":routine": item["due_shard"].removeprefix("u")},
        )
    except Changed:
        return False
    return True


for partition in [f"u{part:02}" for part in range(64)]:
    for item in urgent(partition):
        print("moved" if moved(item) else "left", item["pk"], item["sk"])
