"""Prints what a restored table has and the current one no longer has: gone_since.py RESTORED TABLE. Each line is a payload that makes token-keeper erase it again."""

import json
import sys

import boto3

restored, table = sys.argv[1:]
client = boto3.client("dynamodb")


def found(name):
    """The linked stores of a table, and its grants."""
    pages = client.get_paginator("scan").paginate(
        TableName=name,
        FilterExpression="(sk = :owner AND begins_with(pk, :shop)) OR begins_with(sk, :person) OR begins_with(sk, :business)",
        ExpressionAttributeValues={":owner": {"S": "owner"}, ":shop": {"S": "shop#"}, ":person": {"S": "person#"}, ":business": {"S": "business#"}},
        ProjectionExpression="pk, sk",
        ConsistentRead=True,
    )
    for item in (item for page in pages for item in page["Items"]):
        pk, sk = item["pk"]["S"], item["sk"]["S"]
        kind, _, whom = sk.partition("#")
        platform = {"person": "facebook", "business": "whatsapp"}
        yield ("erase", pk.removeprefix("shop#"), "") if sk == "owner" else ("forget", whom, platform[kind])


for step, whom, platform in sorted(set(found(restored)) - set(found(table))):
    print(json.dumps({step: whom, "platform": platform} if platform else {step: whom}))
