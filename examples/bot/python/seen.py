"""The events that the bot has handled: each may come twice, with the same `event_id`.

Each instance remembers its own. With SEEN_TABLE all instances share a DynamoDB table (partition key
`event_id`, a string; TTL on `expires_at`), for which the bot's role needs `dynamodb:PutItem`.
"""

import contextlib
import os
import time

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

TABLE = os.environ.get("SEEN_TABLE")
CONFIG = Config(connect_timeout=2, read_timeout=2, retries={"total_max_attempts": 2})
DYNAMODB = boto3.client("dynamodb", config=CONFIG) if TABLE else None
MOST = 10_000  # events that an instance remembers
CLAIM = 45  # seconds: longer than the bot may run, shorter than the pause before a second try
KEEP = 8 * 24 * 3600  # seconds: the queue redelivers for four days, a rule for less

_done = {}


def is_new(event_id):
    """Whether no other instance has handled or claimed this event; if so, this one claims it."""
    if event_id in _done:
        return False
    try:
        return TABLE is None or _put(event_id, CLAIM, {":now": {"N": str(int(time.time()))}})
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False


def note(event_id):
    """Notes that an event is finished. The claim on one that failed expires."""
    _done[event_id] = True
    while len(_done) > MOST:
        del _done[next(iter(_done))]
    if TABLE:
        # At worst a repetition is answered again; that is better than failing what has been sent.
        with contextlib.suppress(BotoCoreError, ClientError):
            _put(event_id, KEEP)


def _put(event_id, seconds, free=None):
    """Claims the event for so long; with `free`, only if no claim on it is valid at that time."""
    item = {"event_id": {"S": event_id}, "expires_at": {"N": str(int(time.time()) + seconds)}}
    condition = "attribute_not_exists(event_id) OR expires_at < :now"
    only = {"ConditionExpression": condition, "ExpressionAttributeValues": free} if free else {}
    DYNAMODB.put_item(TableName=TABLE, Item=item, **only)
    return True
