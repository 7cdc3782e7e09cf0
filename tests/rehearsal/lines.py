"""Lines of the operators' pages that look at something, or change one thing: after an update, of secrets, records, pipes, alarms and limits."""

from __future__ import annotations

import json
import os
import sys
import time
from types import ModuleType
from typing import TYPE_CHECKING, Any

from local_aws import HOST, PROJECT, say
from story import SHOP, Story

if TYPE_CHECKING:
    from rehearse import Deployment

BETWEEN = "=== the next line ==="
SECRETS = ("STATE_TOKEN_SECRET", "TOKEN_ENCRYPTION_KEYS")
TOKEN = "META_VERIFY_TOKEN"


def told(deployment: Deployment, *lines: str) -> list[str]:
    """Carries out lines in one shell; what each of them printed."""
    said = deployment.carry_out(*(f"echo '{BETWEEN}'\n{line}" for line in lines))
    return [part.strip() for part in said.split(BETWEEN)[1:]]


def throwaway(deployment: Deployment) -> ModuleType:
    """The listeners of the acceptance, led to the local AWS."""
    for name in ("AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        os.environ[name] = deployment.environment[name]
    if str(PROJECT / "operations") not in sys.path:
        sys.path.insert(0, str(PROJECT / "operations"))
    import throwaway

    return throwaway


def curl(deployment: Deployment) -> str:
    """The public host has no address here: curl asks the local AWS in its place."""
    there = f"${{@/https:\\/\\/{HOST}/http:\\/\\/{deployment.aws.address}}}"
    return f'curl() {{ command curl -H "host: {deployment.api_host()}" "{there}"; }}'


def smoke(deployment: Deployment) -> None:
    """What says that a deployment works."""
    [said] = told(deployment, f"{curl(deployment)}\n{deployment.block('smoke() {')}")
    [login, bot, keeper] = said.splitlines()
    assert login == "302" and json.loads(bot)["error"]["code"] == "not_found" and json.loads(keeper)["failed"] == 0, said
    say("smoke says that the update works")


# --- Secrets -------------------------------------------------------------------------------------------------------


def values(deployment: Deployment) -> dict[str, str]:
    return dict(json.loads((deployment.folder / ".local" / "secrets.json").read_text()))


def fetch_secrets(deployment: Deployment) -> None:
    """The file that was deleted is fetched again."""
    before = values(deployment)
    deployment.carry_out(deployment.line("rm .local/secrets.json"), deployment.block("mkdir -p .local && (umask 077"))
    assert values(deployment) == before


def change_secrets(deployment: Deployment, step: str) -> set[str]:
    """One step of replacing each of our own secrets. Instances read the secret again after five minutes; here an update makes new ones."""
    lines = [deployment.line(f"./dev secrets {step} {SECRETS[0]}")]
    keys = deployment.line("operator keys k1") if step == "drop" else deployment.line(f"./dev secrets {step} {SECRETS[1]}")
    deployment.carry_out(*lines, keys)
    return {part.rpartition(":")[2] for value in values(deployment).values() for part in value.split(",")}


def secrets_before(deployment: Deployment) -> None:
    """The version before is brought back; and, being the one before in its turn, so is the last one."""
    last = values(deployment)
    block = deployment.block("aws secretsmanager list-secret-version-ids")
    assert "AWSPREVIOUS" in told(deployment, block)[0]
    before = values(deployment)
    assert before != last and before[SECRETS[1]].startswith(last[SECRETS[1]]), "it is not the version before"
    deployment.carry_out(block)
    assert values(deployment) == last
    secrets = deployment.aws.client("secretsmanager")
    arn = deployment.outputs()["SecretsArn"]
    secrets.delete_secret(SecretId=arn, RecoveryWindowInDays=7)
    deployment.carry_out(deployment.line("aws secretsmanager restore-secret"))
    assert json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"]) == last
    say("the secret's version before was brought back, and a deleted secret")


def receive_messages(deployment: Deployment) -> str:
    """Switches Meta's webhooks on, for a stack whose secret was filled before there was a token for them; returns the token."""
    assert "MetaWebhooksUrl" not in deployment.outputs(), "they are on without having been asked for"
    file = deployment.folder / ".local" / "secrets.json"
    file.write_text(json.dumps({name: value for name, value in values(deployment).items() if name != TOKEN}))
    deployment.carry_out(deployment.line(f"./dev secrets next {TOKEN}"))
    deployment.carry_out(deployment.line("deploy --parameter-overrides MetaWebhooks=on"))
    token = values(deployment)[TOKEN]
    [said] = told(deployment, f"{curl(deployment)}\n{deployment.block('TOKEN=$(python3')}")
    assert said.split() == ["works", token], said
    say("Meta's webhooks are on")
    return token


def connect_numbers(deployment: Deployment) -> None:
    """Switches WhatsApp on, for a stack of which none of it is there."""
    assert "WhatsAppRedirectUri" not in deployment.outputs(), "it is on without having been asked for"
    line = deployment.line("deploy --parameter-overrides WhatsAppConfigId=123")
    deployment.carry_out(line.replace("123456789012345", deployment.apps.whatsapp_config_id))
    assert deployment.outputs()["WhatsAppRedirectUri"] == f"https://{HOST}/whatsapp/callback"
    say("WhatsApp is on")


def receive_no_more_messages(deployment: Deployment) -> None:
    """Switches them off again, and leaves nothing of them on the stage."""
    deployment.follow("aws apigatewayv2 delete-route-settings")
    [api] = deployment.aws.client("apigatewayv2").get_apis()["Items"]
    stage = deployment.aws.client("apigatewayv2").get_stage(ApiId=api["ApiId"], StageName="$default")
    assert "POST /meta/webhooks" not in stage["RouteSettings"] and len(stage["RouteSettings"]) == 3, stage
    left = [name for name in deployment.outputs() if name.startswith(("Meta", "Message"))]
    assert not left and [bus["Name"] for bus in deployment.aws.client("events").list_event_buses()["EventBuses"]].count("rehearsal-messages") == 0, left
    say("Meta's webhooks are off, and nothing is left of them")


# --- Records -------------------------------------------------------------------------------------------------------


def look(deployment: Deployment, story: Story) -> None:
    """From a store to its records, and what the entries of the alarms look at first."""
    records, schedule, failures, account, table = told(
        deployment,
        deployment.block("operator show acme"),
        deployment.block("aws scheduler get-schedule"),
        deployment.block("aws cloudformation describe-stack-events"),
        deployment.line("aws lambda get-account-settings"),
        deployment.line("aws dynamodb describe-table"),
    )
    assert all(word in records for word in (SHOP, "page ", "person ", "active", "arrive")), records
    assert not [word for word in story.secret if word in records], "a token is shown"
    assert all(word in schedule for word in ("ENABLED", "rate(5 minutes)", ":live")), schedule
    assert not failures, failures
    assert "ConcurrentExecutions" in account and "ACTIVE" in table, (account, table)
    say("a store's records, the schedule, the stack's events and the limits were looked at")


def forget(deployment: Deployment, story: Story) -> None:
    """A person's data are found by their id, forgotten by hand, and found no longer."""
    [person] = {item["sk"]["S"].removeprefix("person#") for item in story.items("ConnectionsTable") if item["sk"]["S"].startswith("person#")}
    find = deployment.block("operator show PERSON_ID", PERSON_ID=person)
    found, done, after = told(deployment, find, deployment.block("operator forget PERSON_ID", PERSON_ID=person), f"{find.strip()} || true")
    assert f"person {person}" in found, found
    assert "records are deleted" in done and not after, (done, after)
    assert story.tokens({"shop": SHOP})["pages"] == []
    say("a person's data were found and forgotten by hand")


def put_off(deployment: Deployment, story: Story) -> None:
    """The record that has been due for long is shown, and put off for a week; then the keeper is asked for more than its runs."""
    item = next(item for item in story.items("ConnectionsTable") if "due_at" in item)
    key, long_ago = {name: item[name] for name in ("pk", "sk")}, {":then": {"N": str(int(time.time()) - 7200)}}
    client, table = deployment.aws.client("dynamodb"), story.tables["ConnectionsTable"]
    client.update_item(TableName=table, Key=key, UpdateExpression="SET due_at = :then", ExpressionAttributeValues=long_ago)
    failing, record = deployment.block("operator list --failing"), f"{item['pk']['S']}/{item['sk']['S']}"
    before, waits, after, halves, off, _ = told(
        deployment,
        failing,
        deployment.block("operator put-off", RECORD=f"'{record}'"),
        failing,
        deployment.block("keeper '{\"shards\""),
        deployment.line("keeper '{\"brake\":\"off\"}'"),
        deployment.line("aws dynamodb delete-item"),
    )
    assert record in before and "waits for too long" in before and f"{record} waits until " in waits and record not in after, (before, waits, after)
    now = client.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]
    assert now == item | {"due_at": now["due_at"]} and int(now["due_at"]["N"]) > time.time() + 600_000, "more was changed than when it is due"
    assert [json.loads(run)["failed"] for run in [*halves.splitlines(), off]] == [0, 0, 0], (halves, off)
    assert not [item for item in story.items("ConnectionsTable") if (item["pk"]["S"], item["sk"]["S"]) == ("keeper", "persons")]
    say("a record was put off; the keeper ran with each half of the shards, without its brake, and is to walk over persons anew")


def replay(deployment: Deployment, story: Story) -> None:
    """What happened before is put on the bus again from the archive."""
    with throwaway(deployment).listener(story.outputs["EventBusName"], {"source": ["messenger-link"], "detail-type": ["linked"]}) as heard:
        said = deployment.follow("operator events")
        event = waited(heard)
    assert "are on the bus again" in said and event["replay-name"].startswith("operator-"), (said, event)
    say("events were put on the bus again from the archive")


# --- Pipes, alarms, limits -----------------------------------------------------------------------------------------


def pipes(deployment: Deployment, story: Story) -> None:
    """A pipe is stopped and started, and passes on a test event."""
    states, stop, start = deployment.block("for pipe in EventPipe"), deployment.line("aws pipes stop-pipe"), deployment.line("aws pipes start-pipe")
    both, stopped, started = told(deployment, states, stop, start)
    assert both.count("RUNNING") == 2, both
    assert [json.loads(reply)["DesiredState"] for reply in (stopped, started)] == ["STOPPED", "RUNNING"], (stopped, started)
    with throwaway(deployment).listener(story.outputs["EventBusName"], {"source": ["messenger-link"], "detail-type": ["test"]}) as heard:
        deployment.follow("aws dynamodb put-item")
        event = waited(heard)
    assert event["detail"]["event_id"].startswith("test-"), event
    # There TTL takes it away.
    key = {"pk": {"S": f"uuid#{event['detail']['user_uuid']}"}, "sk": {"S": "event#test"}}
    deployment.aws.client("dynamodb").delete_item(TableName=story.tables["ConnectionsTable"], Key=key)
    say("a pipe was stopped, went on, and passed on a test event")


def hear_of_merchants(deployment: Deployment, story: Story) -> None:
    """What needs its merchant reaches whoever listens to the topic, in a line; what does not need them reaches nobody."""
    said = deployment.follow('( set -euo pipefail\nNAME="$STACK-merchants"')
    bus, uuid = story.outputs["EventBusName"], "00000000-0000-4000-8000-000000000000"

    def happened(what: str, account: str) -> dict[str, str]:
        detail = {"event_id": uuid, "user_uuid": uuid, "platform": "facebook", "account": account, "at": "2026-12-01T10:00:00Z"}
        return {"EventBusName": bus, "Source": "messenger-link", "DetailType": what, "Detail": json.dumps(detail)}

    [topic] = [topic["TopicArn"] for topic in deployment.aws.client("sns").list_topics()["Topics"] if topic["TopicArn"].endswith("-merchants")]
    assert topic in said, said
    with throwaway(deployment).subscription(topic) as heard:
        deployment.aws.client("events").put_events(Entries=[happened("linked", "1"), happened("expiring_soon", "2"), happened("recovered", "3")])
        lines = {waited(heard), waited(heard)}
    assert lines == {f"{what}: {account} (facebook, {uuid}) at 2026-12-01T10:00:00Z" for what, account in (("expiring_soon", "2"), ("recovered", "3"))}, lines
    deployment.follow("aws events remove-targets")
    assert not [rule for rule in deployment.aws.client("events").list_rules(EventBusName=bus)["Rules"] if rule["Name"].endswith("-merchants")]
    say("what needs its merchant reached the topic's listener")


def waited(heard: Any) -> Any:
    """What a listener hears within half a minute."""
    return next(message for message in (heard() for _ in range(15)) if message)


def page(deployment: Deployment) -> None:
    """An alarm that is set by hand reaches whoever listens to the topic."""
    with throwaway(deployment).subscription(deployment.topic) as heard:
        said = deployment.follow("aws cloudwatch set-alarm-state")
        alarm = waited(heard)
    assert alarm["NewStateValue"] == "ALARM" and alarm["NewStateReason"] == "test of the paging", alarm
    assert "sqs" in said, said
    deployment.aws.client("cloudwatch").set_alarm_state(AlarmName=alarm["AlarmName"], StateValue="OK", StateReason="the test is over")
    say("an alarm that was set by hand reached the topic's listener")


def turn_away(deployment: Deployment) -> None:
    """The outputs that stop requests change the limits that they name, and the last one puts all of them back."""
    names = ("StopBrowsers", "StopRequests", "LetRequestsIn")
    api = deployment.aws.client("apigatewayv2")
    [found] = api.get_apis()["Items"]
    before = limits(api.get_stage(ApiId=found["ApiId"], StageName="$default"))
    replies = told(deployment, *(deployment.line(f'eval "$(output {name})"') for name in names))
    browsers, requests, after = (limits(json.loads(reply)) for reply in replies)
    nothing = (0.0, 0)
    assert browsers == before | {"": nothing} and requests == dict.fromkeys(before, nothing) and after == before != browsers, replies
    say("the outputs set the limits to nothing, and put them back")


def limits(stage: dict[str, Any]) -> dict[str, tuple[float, int]]:
    """By the route; by no name where a route has none of its own."""
    settings = {"": stage["DefaultRouteSettings"]} | stage["RouteSettings"]
    return {route: (one["ThrottlingRateLimit"], one["ThrottlingBurstLimit"]) for route, one in settings.items()}
