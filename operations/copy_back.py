"""Copies one identity back from a restored table: copy_back.py RESTORED TABLE UUID [ACCOUNT_ID…]. Overwrites nothing.

If the store still exists, only the named Pages and phone numbers are restored, each with its grant: nothing in the table says any longer that a Page was
disconnected or a person deleted. A number's PIN is stored elsewhere, and is not affected.
"""

import sys

import boto3
from boto3.dynamodb.conditions import Key

# What an account rests on, by kind.
GRANTS = {"page": "person", "phone": "business"}

restored, table, user_uuid, *accounts = sys.argv[1:]
tables = boto3.resource("dynamodb")
restored, table, client = tables.Table(restored), tables.Table(table), tables.meta.client


def read(source, pk, sk):
    return source.get_item(Key={"pk": pk, "sk": sk}, ConsistentRead=True).get("Item")


def put(item):
    return {"Put": {"TableName": table.name, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}


def everything(source):
    query = {"KeyConditionExpression": Key("pk").eq(f"uuid#{user_uuid}"), "ConsistentRead": True}
    while True:
        page = source.query(**query)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        query["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def wanted(items, store_is_there):
    named = {f"{kind}#{account}" for account in accounts for kind in GRANTS}
    by = lambda item: f"{GRANTS[item['sk'].partition('#')[0]]}#{item['granted_by']}"
    granted = {by(item) for item in items if item["sk"] in named and "granted_by" in item}
    for item in items:
        if item["sk"].startswith("event#"):
            continue
        if store_is_there and item["sk"] not in named | granted:
            print("left out", item["sk"])
            continue
        yield item


def copy(item):
    """Copies an item together with its owner's record, in one transaction. What another identity holds by now stays there."""
    writes, kind = [put(item)], item["sk"].partition("#")[0]
    if kind == "store" or kind in GRANTS:
        owned = f"shop#{item['shop']}" if kind == "store" else item["sk"]
        holder = read(table, owned, "owner")
        if holder and holder["uuid"] != user_uuid:
            return f"held by {holder['uuid']}"
        former = read(restored, owned, "owner")
        if not holder and former and former["uuid"] == user_uuid:
            writes.append(put(former))
    try:
        client.transact_write_items(TransactItems=writes)
    except client.exceptions.TransactionCanceledException:
        return "is there"
    return "restored"


items = list(everything(restored)) or sys.exit(f"{restored.name} has nothing of {user_uuid}")
# The store first: without it nothing else may be restored.
items.sort(key=lambda item: item["sk"] != "store")
for item in wanted(items, read(table, f"uuid#{user_uuid}", "store") is not None):
    told = copy(item)
    print(told, item["sk"])
    if item["sk"] == "store" and told.startswith("held"):
        sys.exit("the store was linked again under that identity: nothing is copied")
# The copied items may lack their marks of persons. Without its note the keeper walks the table again and sets them.
table.delete_item(Key={"pk": "keeper", "sk": "persons"})
