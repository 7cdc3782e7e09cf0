"""Puts events that a pipe gave up back on the bus: replay_events.py QUEUE_URL BUS.

The queue gives their positions in the table's stream, which keeps them for 24 hours. A message is deleted once all its events are on the bus.
"""

import json
import sys

import boto3

queue, bus = sys.argv[1:]
sqs, streams, events = boto3.client("sqs"), boto3.client("dynamodbstreams"), boto3.client("events")
FIELDS = ("event_id", "user_uuid", "platform", "account", "at", "reason")


def lost(batch):
    """The images of the events between two positions of the stream."""
    place = {"StreamArn": batch["streamArn"], "ShardId": batch["shardId"]}
    start, end = batch["startSequenceNumber"], int(batch["endSequenceNumber"])
    iterator = streams.get_shard_iterator(**place, ShardIteratorType="AT_SEQUENCE_NUMBER", SequenceNumber=start)["ShardIterator"]
    while iterator:
        page = streams.get_records(ShardIterator=iterator)
        for record in page["Records"]:
            change = record["dynamodb"]
            if int(change["SequenceNumber"]) > end:
                return
            if record["eventName"] == "INSERT" and change["Keys"]["sk"]["S"].startswith("event#"):
                yield change["NewImage"]
            if int(change["SequenceNumber"]) == end:
                return
        if not page["Records"]:
            return
        iterator = page.get("NextShardIterator")


def entry(image):
    detail = {name: image[name]["S"] for name in FIELDS if name in image}
    return {"EventBusName": bus, "Source": "messenger-link", "DetailType": image["event_type"]["S"], "Detail": json.dumps(detail)}


def put(entries):
    for start in range(0, len(entries), 10):
        answer = events.put_events(Entries=entries[start : start + 10])
        if answer["FailedEntryCount"]:
            sys.exit(f"the bus refused {answer['FailedEntryCount']}: {answer['Entries']}")


done = 0
while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=2, VisibilityTimeout=300).get("Messages"):
    for message in messages:
        [batch] = [value for key, value in json.loads(message["Body"]).items() if key.endswith("BatchInfo")]
        try:
            entries = [entry(image) for image in lost(batch)]
        except (streams.exceptions.TrimmedDataAccessException, streams.exceptions.ResourceNotFoundException):
            print("gone:", batch.get("approximateArrivalOfFirstRecord"), "to", batch.get("approximateArrivalOfLastRecord"))
            continue
        put(entries)
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        done += len(entries)
print(f"{done} events are on the bus again")
