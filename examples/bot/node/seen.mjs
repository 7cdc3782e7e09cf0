// The events that the bot has handled: each may come twice, with the same `event_id`.
//
// Each instance remembers its own. With SEEN_TABLE all instances share a DynamoDB table (partition
// key `event_id`, a string; TTL on `expires_at`), for which the bot needs `dynamodb:PutItem`.

const TABLE = process.env.SEEN_TABLE;
const TIMES = { connectionTimeout: 2000, requestTimeout: 2000, throwOnRequestTimeout: true };
const MOST = 10_000; // events that an instance remembers
const CLAIM = 45; // seconds: longer than the bot may run, shorter than the pause before a retry
const KEEP = 8 * 24 * 3600; // seconds: the queue redelivers for four days, a rule for less

// Without a table no client is needed.
const { DynamoDBClient, PutItemCommand } = TABLE ? await import("@aws-sdk/client-dynamodb") : {};
const DYNAMODB = TABLE && new DynamoDBClient({ maxAttempts: 2, requestHandler: TIMES });
const done = new Set();

/** Whether no other instance has handled or claimed this event; if so, this one claims it. */
export async function isNew(eventId) {
  if (!eventId) throw new TypeError("no event_id");
  if (done.has(eventId)) return false;
  try {
    if (TABLE) await put(eventId, CLAIM, { ":now": { N: String(now()) } });
    return true;
  } catch (error) {
    if (error.name !== "ConditionalCheckFailedException") throw error;
    return false;
  }
}

/** Notes that an event is finished. The claim on one that failed expires. */
export async function note(eventId) {
  done.add(eventId);
  if (done.size > MOST) done.delete(done.values().next().value);
  // At worst a repetition is answered again; that is better than failing what has been sent.
  if (TABLE) await put(eventId, KEEP).catch(() => {});
}

/** Claims the event for so long; with `free`, only if no claim on it is valid at that time. */
async function put(eventId, seconds, free) {
  const Item = { event_id: { S: eventId }, expires_at: { N: String(now() + seconds) } };
  const ConditionExpression = "attribute_not_exists(event_id) OR expires_at < :now";
  const only = free ? { ConditionExpression, ExpressionAttributeValues: free } : {};
  await DYNAMODB.send(new PutItemCommand({ TableName: TABLE, Item, ...only }));
}

function now() {
  return Math.floor(Date.now() / 1000);
}
