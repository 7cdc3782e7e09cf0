"""Tries on a deployed stack what only AWS can confirm: accept.py STACK [--only NAME…] [--without NAME…].

It prints a line for each belief: holds, does not hold, or not tried, with the reason. The exit status is 1 if one does not hold, 3 if one was not tried. It removes
everything that it creates; no merchant notices.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import pathlib
import sys
import time
import urllib.parse
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3

import throwaway

NOBODY = "00000000-0000-4000-8000-000000000000"
PROVIDERS = ("POST /shopify/webhooks", "POST /facebook/deauthorize", "POST /facebook/data-deletion")
BELIEFS: dict[str, Callable[[Stack], None]] = {}
# The maximum seconds to wait for anything.
PATIENCE = 330.0


class NotTried(Exception):
    """The reason why a belief can't be tried here."""


class Stack:
    """The stack under test."""

    def __init__(self, name: str, connect: str | None) -> None:
        self.name = name
        [found] = boto3.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
        self.description = found
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}
        self.parameters = {parameter["ParameterKey"]: parameter["ParameterValue"] for parameter in found["Parameters"]}
        self.host = urllib.parse.urlsplit(self.outputs["AppUrl"]).netloc
        self.connect = connect

    def resource(self, logical_id: str) -> str:
        detail = boto3.client("cloudformation").describe_stack_resource(StackName=self.name, LogicalResourceId=logical_id)
        return detail["StackResourceDetail"]["PhysicalResourceId"]

    def request(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, str]:
        if self.connect:
            address, _, host = self.connect.partition(",")
            connection: http.client.HTTPConnection = http.client.HTTPConnection(address, timeout=40)
        else:
            host = self.host
            connection = http.client.HTTPSConnection(host, timeout=40)
        with contextlib.closing(connection):
            connection.request(method, path, body, {"host": host} | {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def ask(self) -> Any:
        """Asks as the bot does, about a store that nobody has linked."""
        reply = boto3.client("lambda").invoke(FunctionName=self.outputs["ConnectionTokensFunction"], Payload=b'{"shop":"test.myshopify.com"}')
        return json.loads(reply["Payload"].read())


def belief(told: str) -> Callable[[Callable[[Stack], None]], Callable[[Stack], None]]:
    def add(check: Callable[[Stack], None]) -> Callable[[Stack], None]:
        check.__doc__ = told
        BELIEFS[check.__name__] = check
        return check

    return add


def same(found: Any, wanted: Any) -> None:
    assert found == wanted, f"it is {found}, not {wanted}"


def soon(look: Callable[[], Any], seconds: float = 180) -> Any:
    """Polls until there is a result."""
    seconds = min(seconds, PATIENCE)
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"nothing within {seconds:.0f} seconds"
        time.sleep(2)
    return found


@belief("functions start, reach the tables and the secret, and the bot is answered")
def answers(stack: Stack) -> None:
    same(stack.ask().get("error", {}).get("code"), "not_found")
    same(stack.request("GET", "/shopify/test/login")[0], 302)


@belief("the public host passes on Sec-Fetch-Site, cookies and queries")
def headers(stack: Stack) -> None:
    form = {"content_type": "application/x-www-form-urlencoded"}
    same(stack.request("POST", "/connections/disconnect", "x=", sec_fetch_site="cross-site", **form)[0], 403)
    same(json.loads(stack.request("POST", "/connections/disconnect", "x=", sec_fetch_site="same-origin", **form)[1])["code"], "missing_session")
    same(json.loads(stack.request("GET", "/connections", cookie=f"__Host-session_id={'A' * 43}")[1])["code"], "invalid_session")
    same(json.loads(stack.request("GET", "/shopify/callback?state=a&state=b")[1])["code"], "repeated_parameter")


@belief("every route has its throttle, as a number")
def throttles(stack: Stack) -> None:
    stage = boto3.client("apigatewayv2").get_stage(ApiId=stack.resource("HttpApi"), StageName="$default")
    default, routes = stage["DefaultRouteSettings"], stage["RouteSettings"]
    same(float(default["ThrottlingRateLimit"]), float(stack.parameters["RequestRate"]))
    rates = dict.fromkeys(PROVIDERS, "WebhookRate")
    if stack.parameters.get("MetaWebhooks") == "on":
        rates["POST /meta/webhooks"] = "MessageRate"
    for route, rate in rates.items():
        same(float(routes.get(route, {}).get("ThrottlingRateLimit", "nan")), float(stack.parameters[rate]))


@belief("the tables have TTL, and the one that is kept recovery, a stream and protection")
def tables(stack: Stack) -> None:
    dynamodb = boto3.client("dynamodb")
    for name in ("SessionsTable", "ConnectionsTable"):
        ttl = dynamodb.describe_time_to_live(TableName=stack.outputs[name])["TimeToLiveDescription"]
        same((ttl["TimeToLiveStatus"], ttl.get("AttributeName")), ("ENABLED", "ttl"))
    kept = dynamodb.describe_table(TableName=stack.outputs["ConnectionsTable"])["Table"]
    backups = dynamodb.describe_continuous_backups(TableName=kept["TableName"])["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    same((kept["DeletionProtectionEnabled"], kept["StreamSpecification"]["StreamViewType"], recovery), (True, "NEW_IMAGE", "ENABLED"))


@belief("the schedule runs the keeper, and its run is in the log")
def schedule(stack: Stack) -> None:
    found = boto3.client("scheduler").get_schedule(Name=stack.resource("TokenKeeperSchedule"))
    same(found["State"], "ENABLED")
    assert found["Target"]["Arn"].endswith(":live"), f"it calls {found['Target']['Arn']}"
    logged(stack, "token-keeper", '{ $.message = "run" }', minutes=15, seconds=330)


def logged(stack: Stack, function: str, pattern: str, minutes: int, seconds: float = 180) -> None:
    logs, since = boto3.client("logs"), int((time.time() - minutes * 60) * 1000)
    soon(lambda: logs.filter_log_events(logGroupName=f"/aws/lambda/{stack.name}/{function}", startTime=since, filterPattern=pattern)["events"], seconds)


@belief("both pipes run, and read the table's stream")
def pipes(stack: Stack) -> None:
    stream = boto3.client("dynamodb").describe_table(TableName=stack.outputs["ConnectionsTable"])["Table"]["LatestStreamArn"]
    for logical_id in ("EventPipe", "EventWithReasonPipe"):
        pipe = boto3.client("pipes").describe_pipe(Name=stack.resource(logical_id))
        same((pipe["CurrentState"], pipe["Source"]), ("RUNNING", stream))


@belief("an event reaches a listener of the bus, with its reason and without")
def events(stack: Stack) -> None:
    table = boto3.resource("dynamodb").Table(stack.outputs["ConnectionsTable"])
    listener = {"source": ["messenger-link"], "detail": {"user_uuid": [NOBODY]}}
    with throwaway.listener(stack.outputs["EventBusName"], listener) as heard:
        for extra in ({}, {"reason": "test"}):
            event = {"event_id": str(uuid.uuid4()), "user_uuid": NOBODY, "platform": "test", "account": "test", "at": "2026-01-01T00:00:00Z"} | extra
            item = {"pk": f"uuid#{NOBODY}", "sk": f"event#{event['event_id']}", "event_type": "test", "ttl": int(time.time()) + 3600}
            table.put_item(Item=item | event)
            try:
                told = soon(heard)
            finally:
                table.delete_item(Key={"pk": item["pk"], "sk": item["sk"]})
            same((told["detail-type"], told["detail"]), ("test", event))


@belief("an alarm reaches the topic, and somebody is subscribed to it")
def alarm(stack: Stack) -> None:
    topic, name = stack.parameters.get("AlarmTopicArn"), stack.resource("ApiErrorsAlarm")
    if not topic:
        raise NotTried("the stack has no AlarmTopicArn")
    people = [found["SubscriptionArn"] for found in boto3.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]]
    assert people, "nobody is subscribed"
    assert any(arn.startswith("arn:") for arn in people), "nobody has confirmed the subscription"
    with throwaway.subscription(topic) as heard:
        boto3.client("cloudwatch").set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="accept: a test of the paging")
        try:
            same(soon(heard)["AlarmName"], name)
        finally:
            boto3.client("cloudwatch").set_alarm_state(AlarmName=name, StateValue="OK", StateReason="accept: the test is over")


@belief("CloudWatch makes a metric of a log line")
def metric(stack: Stack) -> None:
    stack.ask()
    cloudwatch, now = boto3.client("cloudwatch"), time.time()
    dimensions = [{"Name": "function", "Value": "connection-tokens"}]
    window = {"StartTime": now - 900, "EndTime": now + 600, "Period": 60, "Statistics": ["SampleCount"]}
    soon(lambda: cloudwatch.get_metric_statistics(Namespace=stack.name, MetricName="Faults", Dimensions=dimensions, **window)["Datapoints"], 300)


@belief("a timeout is in the log as the page of alarms asks for it")
def timeout(stack: Stack) -> None:
    with throwaway.slow_function(stack.outputs["ConnectionTokensFunction"], f"{stack.name}-accept") as name:
        reply = boto3.client("lambda").invoke(FunctionName=name, Payload=b"{}")
        assert reply.get("FunctionError"), "it did not run out of its time"
        logged(stack, "connection-tokens", '{ $.type = "platform.report" && $.record.status = "timeout" }', minutes=5)


@belief("the access log says what Lambda answered")
def access_log(stack: Stack) -> None:
    since = int(time.time() * 1000) - 60_000
    stack.request("GET", "/facebook/login")
    group = f"/aws/vendedlogs/{stack.name}/http-api"
    look = {"logGroupName": group, "startTime": since, "filterPattern": '{ $.routeKey = "GET /facebook/login" }'}
    [line, *_] = soon(lambda: boto3.client("logs").filter_log_events(**look)["events"])
    same({json.loads(line["message"]).get(name) for name in ("lambdaStatus",)}, {"200"})


@belief("nobody deletes the stack by mistake")
def protected(stack: Stack) -> None:
    assert stack.description.get("EnableTerminationProtection"), "termination protection is off"
    policy = boto3.client("cloudformation").get_stack_policy(StackName=stack.name).get("StackPolicyBody") or ""
    assert '"Deny"' in policy, "it has no stack policy"


@belief("the account runs more than the ten instances of a new one")
def quota(_: Stack) -> None:
    limit = boto3.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    assert limit >= 100, f"it runs {limit}"


@belief("a stack's tables and secret outlive it, and another stack can adopt them")
def adoption(stack: Stack) -> None:
    throwaway.adopt_twice(f"{stack.name}-accept", (pathlib.Path(__file__).parents[1] / "adopt.yaml").read_text())


def tried(stack: Stack, left_out: set[str], names: list[str]) -> Iterator[str]:
    for name in names:
        check = BELIEFS[name]
        try:
            if name in left_out:
                raise NotTried("left out")
            check(stack)
            verdict, why = "holds", ""
        except NotTried as reason:
            verdict, why = "not tried", f": {reason}"
        except Exception as error:  # noqa: BLE001: a refusal of AWS is reported like any failure
            verdict, why = "does not hold", f": {error or type(error).__name__}"
        print(f"{verdict:14}{name}: {check.__doc__}{why}", flush=True)
        yield verdict


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("stack")
    parser.add_argument("--only", nargs="+", choices=BELIEFS, default=list(BELIEFS), metavar="NAME")
    parser.add_argument("--without", nargs="+", choices=BELIEFS, default=[], metavar="NAME")
    parser.add_argument("--connect", metavar="ADDRESS,HOST", help="where the public host is, if DNS does not say so")
    parser.add_argument("--patience", type=float, default=PATIENCE, metavar="SECONDS", help="how long anything is waited for at most")
    arguments = parser.parse_args()
    globals()["PATIENCE"] = arguments.patience
    verdicts = set(tried(Stack(arguments.stack, arguments.connect), set(arguments.without), arguments.only))
    return 1 if "does not hold" in verdicts else 3 if "not tried" in verdicts else 0


if __name__ == "__main__":
    sys.exit(main())
