"""Ends every session: end_sessions.py SESSIONS_TABLE. In batches of twenty-five, since every second counts after a leak."""

import sys

import boto3

[name] = sys.argv[1:]
table = boto3.resource("dynamodb").Table(name)
scan = {
    "FilterExpression": "begins_with(pk, :kind)",
    "ExpressionAttributeValues": {":kind": "session#"},
    "ProjectionExpression": "pk",
    "ConsistentRead": True,
}
ended, going_on = 0, True
with table.batch_writer() as batch:
    while going_on:
        page = table.scan(**scan)
        for item in page["Items"]:
            batch.delete_item(Key=item)
        ended += len(page["Items"])
        scan["ExclusiveStartKey"] = page.get("LastEvaluatedKey")
        going_on = scan["ExclusiveStartKey"] is not None
print(f"{ended} sessions ended")
