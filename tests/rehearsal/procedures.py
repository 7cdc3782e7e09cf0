"""The procedures of the operators' pages, with their very lines: paging, acceptance, replaying events, stopping, rolling back, restoring."""

from __future__ import annotations

import datetime
import http.client
import http.server
import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import lines
from local_aws import HOST, PROJECT, say
from story import SHOP, Story

if TYPE_CHECKING:
    from rehearse import Deployment

TABLES = "TABLE=$(output ConnectionsTable) RESTORED=$(output ConnectionsTable)-restored"
# What the local AWS does not do: metrics of log lines, a function's end by time, an access log of the API. And it has no quota.
NOT_LOCAL = ("metric", "timeout", "access_log", "quota")


def hear_the_alarms(deployment: Deployment) -> None:
    said = deployment.follow("TOPIC=$(some aws sns create-topic")
    [line] = [line for line in said.splitlines() if line.startswith("AlarmTopicArn=")]
    deployment.topic = line.partition("=")[2]


# --- Acceptance ----------------------------------------------------------------------------------------------------


def accept(deployment: Deployment) -> None:
    """What can be tried here holds; and each belief that can be broken here is found broken."""
    deployment.follow("aws cloudformation set-stack-policy")
    status, said = acceptance(deployment, "--without", *NOT_LOCAL)
    assert status == 3 and said.count("holds  ") + len(NOT_LOCAL) == len(said.splitlines()), said
    for name, breaking in breakable(deployment).items():
        with breaking as arguments:
            status, said = acceptance(deployment, "--only", name, "--patience", "3", *arguments)
            assert status == 1 and said.startswith(f"does not hold {name}"), f"{name} was broken, and {said}"
    status, said = acceptance(deployment, "--only", *breakable(deployment))
    assert status == 0, f"not mended: {said}"
    say(f"acceptance: what can be tried here holds, and {len(breakable(deployment))} beliefs were found broken one by one")


def acceptance(deployment: Deployment, *arguments: str) -> tuple[int, str]:
    connect = f"{deployment.aws.address},{deployment.api_host()}"
    command = ["python3", "-B", "operations/accept.py", "rehearsal", "--connect", connect, "--patience", "30", *arguments]
    done = subprocess.run(command, cwd=deployment.folder, env=deployment.environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.stdout, done.stderr
    return done.returncode, done.stdout


def breakable(deployment: Deployment) -> dict[str, Any]:
    """What breaks a belief, and mends it; each yields further arguments."""
    aws, outputs = deployment.aws, deployment.outputs()
    stage = {"ApiId": aws.client("apigatewayv2").get_apis()["Items"][0]["ApiId"], "StageName": "$default"}
    pipe = aws.client("cloudformation").describe_stack_resource(StackName="rehearsal", LogicalResourceId="EventWithReasonPipe")
    name = pipe["StackResourceDetail"]["PhysicalResourceId"]
    table = {"TableName": outputs["SessionsTable"]}
    found = aws.client("apigatewayv2").get_stage(**stage)["RouteSettings"]
    fewer = {route: limits for route, limits in found.items() if route != "POST /facebook/data-deletion"}

    def ttl(enabled: bool) -> Callable[[], Any]:
        return lambda: aws.client("dynamodb").update_time_to_live(**table, TimeToLiveSpecification={"Enabled": enabled, "AttributeName": "ttl"})

    def protection(on: bool) -> Callable[[], Any]:
        return lambda: aws.client("cloudformation").update_termination_protection(StackName="rehearsal", EnableTerminationProtection=on)

    def pipes(step: str) -> Callable[[], Any]:
        return lambda: getattr(aws.client("pipes"), step)(Name=name)

    return {
        # Nobody answers at that port.
        "answers": nullcontext(("--connect", f"127.0.0.1:9,{HOST}")),
        "headers": without_header(aws.address, deployment.api_host()),
        "throttles": broken(
            lambda: aws.client("apigatewayv2").update_stage(**stage, RouteSettings=fewer),
            lambda: aws.client("apigatewayv2").update_stage(**stage, RouteSettings=found),
        ),
        "tables": broken(ttl(False), ttl(True)),
        "schedule": broken(lambda: switch_schedule(aws, "DISABLED"), lambda: switch_schedule(aws, "ENABLED")),
        "pipes": broken(pipes("stop_pipe"), pipes("start_pipe")),
        "events": broken(pipes("stop_pipe"), pipes("start_pipe")),
        "alarm": nobody_subscribed(aws, deployment.topic),
        "protected": broken(protection(False), protection(True)),
        "adoption": not_kept(deployment),
    }


@contextmanager
def broken(breaks: Callable[[], Any], mends: Callable[[], Any]) -> Iterator[tuple[str, ...]]:
    breaks()
    try:
        yield ()
    finally:
        mends()


@contextmanager
def without_header(address: str, host: str) -> Iterator[tuple[str, ...]]:
    """Something in front that passes on less than it should."""

    class Front(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.pass_on(self.rfile.read(int(self.headers["content-length"] or 0)))

        def do_GET(self) -> None:
            self.pass_on(b"")

        def pass_on(self, body: bytes) -> None:
            connection = http.client.HTTPConnection(address, timeout=30)
            sent = {name: value for name, value in self.headers.items() if name.lower() != "sec-fetch-site"}
            connection.request(self.command, self.path, body, sent)
            answer = connection.getresponse()
            told = answer.read()
            self.send_response(answer.status)
            self.send_header("content-length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)
            connection.close()

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Front)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield ("--connect", f"127.0.0.1:{server.server_port},{host}")
    finally:
        server.shutdown()


@contextmanager
def nobody_subscribed(aws: Any, topic: str) -> Iterator[tuple[str, ...]]:
    sns = aws.client("sns")
    found = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    for one in found:
        sns.unsubscribe(SubscriptionArn=one["SubscriptionArn"])
    try:
        yield ()
    finally:
        for one in found:
            sns.subscribe(TopicArn=topic, Protocol=one["Protocol"], Endpoint=one["Endpoint"])


@contextmanager
def not_kept(deployment: Deployment) -> Iterator[tuple[str, ...]]:
    file = deployment.folder / "adopt.yaml"
    text = file.read_text()
    file.write_text(text.replace("DeletionPolicy: Retain", "DeletionPolicy: Delete").replace("DeletionProtectionEnabled: true", "DeletionProtectionEnabled: false"))
    try:
        yield ()
    finally:
        file.write_text(text)


def switch_schedule(aws: Any, state: str) -> None:
    scheduler = aws.client("scheduler")
    [found] = scheduler.list_schedules()["Schedules"]
    known = ("Name", "ScheduleExpression", "FlexibleTimeWindow", "Target", "Description")
    whole: Mapping[str, Any] = scheduler.get_schedule(Name=found["Name"])
    scheduler.update_schedule(**{key: whole[key] for key in known if key in whole}, State=state)


# --- Events, stopping, rolling back --------------------------------------------------------------------------------


def put_events_again(deployment: Deployment, story: Story) -> None:
    """What a pipe gave up is on the bus again, by what its queue says."""
    aws, outputs = deployment.aws, deployment.outputs()
    streams, sqs = aws.client("dynamodbstreams"), aws.client("sqs")
    arn = aws.client("dynamodb").describe_table(TableName=outputs["ConnectionsTable"])["Table"]["LatestStreamArn"]
    [shard, *_] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    records = streams.get_records(ShardIterator=iterator)["Records"]
    numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
    told = [record for record in records if record["eventName"] == "INSERT" and record["dynamodb"]["Keys"]["sk"]["S"].startswith("event#")]
    assert told, "the story wrote no event"
    batch = {"streamArn": arn, "shardId": shard["ShardId"], "startSequenceNumber": numbers[0], "endSequenceNumber": numbers[-1], "batchSize": len(records)}
    resource = aws.client("cloudformation").describe_stack_resource(StackName="rehearsal", LogicalResourceId="EventPipeFailures")
    sqs.send_message(QueueUrl=resource["StackResourceDetail"]["PhysicalResourceId"], MessageBody=json.dumps({"DDBStreamBatchInfo": batch}))
    with lines.throwaway(deployment).listener(outputs["EventBusName"], {"source": ["messenger-link"]}) as heard:
        said = deployment.follow("python3 operations/replay_events.py")
        assert f"{len(told)} events are on the bus again" in said, said
        ids = {heard()["detail"]["event_id"] for _ in told}
    assert ids == {record["dynamodb"]["NewImage"]["event_id"]["S"] for record in told}
    say(f"{len(told)} events that a pipe gave up are on the bus again")


def stop_and_roll_back(deployment: Deployment, story: Story) -> None:
    """The keeper is stopped and goes on; every alias goes back to a version from before a moment."""
    block = deployment.block("functions() {")
    deployment.follow("functions() {", after=deployment.line('stop "$(resource TokenKeeperFunction)"'))
    functions = deployment.aws.client("lambda")
    keeper = story.schedule()["Target"]["Arn"].rpartition(":")[0]
    assert functions.get_function_concurrency(FunctionName=keeper)["ReservedConcurrentExecutions"] == 0
    deployment.follow("functions() {", after='go_on "$(resource TokenKeeperFunction)"')
    assert "ReservedConcurrentExecutions" not in functions.get_function_concurrency(FunctionName=keeper)

    def live() -> str:
        return str(functions.get_alias(FunctionName=keeper, Name="live")["FunctionVersion"])

    good, since = live(), datetime.datetime.now(datetime.UTC)
    # A version that is newer than that moment, as a bad deployment would leave it.
    time.sleep(1.1)
    functions.update_function_configuration(FunctionName=keeper, Description="a bad deployment")
    bad = functions.publish_version(FunctionName=keeper)["Version"]
    functions.update_alias(FunctionName=keeper, Name="live", FunctionVersion=bad)
    assert live() == bad != good
    deployment.follow("( set -euo pipefail; SINCE=", before=(block,), **{"2026-11-30T08:00": since.strftime("%Y-%m-%dT%H:%M:%S.999")})
    assert live() == good, functions.list_versions_by_function(FunctionName=keeper)["Versions"]
    story.bot_asks()
    say("the keeper was stopped and went on; the aliases went back to the version before")


# --- Restoring -----------------------------------------------------------------------------------------------------


def restore(deployment: Deployment) -> None:
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    deployment.follow("TABLE=$(output ConnectionsTable)", **{"2026-11-20T08:00:00Z": now})


def erase(deployment: Deployment, story: Story) -> None:
    said = deployment.follow("operator forget acme")
    assert f"{SHOP} is erased." in said, said
    story.nothing_is_left()


def bring_back_one(deployment: Deployment, story: Story) -> None:
    """A store that is erased by mistake comes back; what its merchant disconnected does not."""
    story.link_store()
    story.link_pages()
    story.start_numbers()
    [uuid] = {item["pk"]["S"].removeprefix("uuid#") for item in story.items("ConnectionsTable") if item["sk"]["S"] == "store"}
    restore(deployment)
    not_brought_back(deployment, story, uuid)
    lines.forget(deployment, story)
    erase(deployment, story)
    say("a store was erased by hand")
    deployment.follow("python3 operations/copy_back.py", before=(TABLES,), UUID=uuid)
    story.bot_asks()
    say("and brought back from the table restored to the time before")


def not_brought_back(deployment: Deployment, story: Story, uuid: str) -> None:
    """A Page that was disconnected on purpose stays away, unless somebody names it."""
    page = story.disconnect_a_page()
    kept = {"&& keeper '{}'\n": "#", "aws dynamodb delete-table": "#"}
    said = deployment.follow("python3 operations/copy_back.py", before=(TABLES,), UUID=uuid, **kept)
    assert f"left out page#{page}" in said and "left out person#" in said, said
    assert story.tokens({"page_id": page})["error"]["code"] == "not_found"
    said = deployment.follow("python3 operations/copy_back.py", before=(TABLES,), UUID=f"{uuid} {page}", **kept)
    assert f"restored page#{page}" in said, said
    story.bot_asks()
    say("a disconnected Page came back only by its name")


def bring_back_all(deployment: Deployment, story: Story) -> None:
    """The whole table is restored, under its name and with its settings; what was erased since is erased again."""
    restore(deployment)
    erase(deployment, story)
    deployment.carry_out(deployment.line("aws lambda put-function-concurrency", "executions 0"))
    deployment.follow("python3 operations/gone_since.py", before=(TABLES,))
    gone = (deployment.folder / ".local" / "gone-since").read_text()
    assert '"erase": "acme.myshopify.com"' in gone and '"forget"' in gone, gone
    deployment.follow("( set -euo pipefail\nBACKUP=", before=(TABLES,))
    settings = "( set -euo pipefail; active \"$TABLE\"\n"
    for _ in range(10):
        try:
            said = deployment.follow(settings, before=(TABLES,))
            break
        except AssertionError as error:
            assert "ContinuousBackupsUnavailable" in str(error), error
            time.sleep(1)
    assert "as it was" in said, said
    story.bot_asks()
    said = deployment.follow('deploy --tags restored="$(date +%F)"', before=(TABLES,))
    assert "the pipe reads it" in said, said
    say("the table was replaced by a restored one, with all its settings and the pipes that read it")
    deployment.follow("aws lambda delete-function-concurrency", before=(TABLES,))
    story.nothing_is_left()
    say("what was erased since was erased again")
    deployment.follow("python3 operations/end_sessions.py")
    assert not [item for item in story.items("SessionsTable") if item["pk"]["S"].startswith("session#")]
