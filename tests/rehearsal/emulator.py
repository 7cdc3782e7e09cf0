"""The local AWS: ministack, with what it lacks or does otherwise than AWS where this stack depends on it."""

import json
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import piped
from ministack import app
from ministack.services import dynamodb, eventbridge
from ministack.services.cloudformation import provisioners

Attributes = dict[str, Any]
Made = tuple[str, Attributes]
Answer = tuple[int, dict[str, str], bytes]
Operation = Callable[[Attributes], Answer]
REGION, ACCOUNT = "us-east-1", "000000000000"
handlers: dict[str, dict[str, Callable[..., Any]]] = provisioners._RESOURCE_HANDLERS


def recorded(kind: str) -> dict[str, Callable[..., Any]]:
    """A type that is taken and does nothing. What is asked of it is checked on the transformed template."""

    def create(logical_id: str, _properties: Attributes, stack: str) -> Made:
        return f"{stack}-{logical_id}-{kind}", {}

    def update(physical_id: str, _old: Attributes, _new: Attributes, _stack: str) -> Made:
        return physical_id, {}

    return {"create": create, "update": update, "delete": lambda physical_id, properties: None}


def secret() -> dict[str, Callable[..., Any]]:
    """A secret as on AWS: its `Ref` is its ARN, on which policies depend; its name begins with the logical id rather than the stack's name; it has no value until it is given one; and it can be imported."""
    original = handlers["AWS::SecretsManager::Secret"]

    def name(arn: str) -> str:
        return arn.split(":secret:")[1].rpartition("-")[0]

    def create(logical_id: str, properties: Attributes, stack: str) -> Made:
        named = {"Name": f"{logical_id}-{secrets.token_urlsafe(9).replace('-', 'x').replace('_', 'y')}"} | properties
        name, attributes = original["create"](logical_id, named, stack)
        if not {"SecretString", "GenerateSecretString"} & properties.keys():
            provisioners._sm._secrets[name]["Versions"].clear()
        return attributes["Arn"], attributes

    def update(arn: str, old: Attributes, new: Attributes, stack: str, logical_id: str | None = None) -> Made:
        _, attributes = original["update"](name(arn), old, new, stack, logical_id)
        return arn, attributes

    def delete(arn: str, properties: Attributes) -> None:
        original["delete"](name(arn), properties)

    def adopt(identifier: dict[str, str]) -> Made:
        arn = identifier["Id"]
        if name(arn) not in provisioners._sm._secrets:
            raise ValueError(f"there is no secret {arn}")
        return arn, {"Id": arn, "Arn": arn}

    return original | {"create": create, "update": update, "delete": delete, "import": adopt}


def alarm() -> dict[str, Callable[..., Any]]:
    """An alarm on one metric as it is. One that calculates with several is taken, and watches nothing."""
    original = handlers["AWS::CloudWatch::Alarm"]

    def create(logical_id: str, properties: Attributes, stack: str) -> Made:
        if "Metrics" not in properties:
            return original["create"](logical_id, properties, stack)
        name = f"{stack}-{logical_id}"
        return name, {"Arn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"}

    def update(name: str, old: Attributes, new: Attributes, stack: str, *rest: Any, **named: Any) -> Made:
        if "Metrics" not in new:
            return original["update"](name, old, new, stack, *rest, **named)
        return name, {"Arn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"}

    return original | {"create": create, "update": update}


def archive() -> dict[str, Callable[..., Any]]:
    """An archive of a bus; the stack's description is all that it lacks."""

    def create(logical_id: str, properties: Attributes, stack: str) -> Made:
        name = f"{stack}-{logical_id}"
        pattern = json.dumps(properties["EventPattern"])
        wanted = {"ArchiveName": name, "EventSourceArn": properties["SourceArn"], "EventPattern": pattern, "RetentionDays": int(properties["RetentionDays"])}
        status, _, body = eventbridge._create_archive(wanted)
        if status != 200:
            raise ValueError(body.decode())
        return name, {"Arn": f"arn:aws:events:{REGION}:{ACCOUNT}:archive/{name}"}

    def update(name: str, _old: Attributes, _new: Attributes, _stack: str, *_rest: Any, **_named: Any) -> Made:
        return name, {"Arn": f"arn:aws:events:{REGION}:{ACCOUNT}:archive/{name}"}

    def delete(name: str, _properties: Attributes) -> None:
        eventbridge._delete_archive({"ArchiveName": name})

    return {"create": create, "update": update, "delete": delete}


# For how long a restored table is being made; with AWS it is minutes to hours.
RESTORING_SECONDS = 2.0
restoring: dict[str, float] = {}


def slow(restore: Operation) -> Operation:
    """A restored table is there at once, and is to be used only later."""

    def restored(data: Attributes) -> Answer:
        answer = restore(data)
        if answer[0] == 200:
            restoring[data["TargetTableName"]] = time.monotonic() + RESTORING_SECONDS
        return answer

    return restored


def left(data: Attributes, after: float = 0.0) -> bool:
    """Whether a table is still being restored, or was until a moment ago."""
    return time.monotonic() < restoring.get(data.get("TableName", ""), 0.0) + after


def described(describe: Operation) -> Operation:
    def status(data: Attributes) -> Answer:
        code, headers, body = describe(data)
        if left(data):
            body = body.replace(b'"ACTIVE"', b'"CREATING"', 1)
        return code, headers, body

    return status


def refusing(change: Operation, error: str, after: float = 0.0) -> Operation:
    """Nothing can be changed of a table that is being restored; its recovery not even right afterwards."""

    def changed(data: Attributes) -> Answer:
        if left(data, after):
            return dynamodb.error_response_json(error, "The table is being made", 400)
        return change(data)

    return changed


def table() -> dict[str, Callable[..., Any]]:
    """A table with the TTL and the recovery that it is made with."""
    original = handlers["AWS::DynamoDB::Table"]

    def create(logical_id: str, properties: Attributes, stack: str) -> Made:
        name, attributes = original["create"](logical_id, properties, stack)
        for key, update in (("TimeToLiveSpecification", dynamodb._update_ttl), ("PointInTimeRecoverySpecification", dynamodb._update_continuous_backups)):
            if key in properties:
                update({"TableName": name, key: properties[key]})
        return name, attributes

    return original | {"create": create}


def stage_settings(original: Callable[[Attributes], Attributes]) -> Callable[[Attributes], Attributes]:
    """A stage's throttles as the API tells them, whose names begin with a small letter."""

    def small(settings: Attributes) -> Attributes:
        return {name[0].lower() + name[1:]: value for name, value in settings.items()}

    def settings(properties: Attributes) -> Attributes:
        stage = original(properties)
        routes = {route: small(limits) for route, limits in stage["routeSettings"].items()}
        return stage | {"defaultRouteSettings": small(stage["defaultRouteSettings"]), "routeSettings": routes}

    return settings


def over_tls(pin: Callable[[str, bool], None]) -> Callable[[str, bool], None]:
    """Calls come over http here, which the queues of messages refuse."""
    return lambda address, _: pin(address, True)


handlers["AWS::SecretsManager::Secret"] = secret()
handlers["AWS::DynamoDB::Table"] = table()
provisioners._apigw_v2_stage_props = stage_settings(provisioners._apigw_v2_stage_props)
handlers["AWS::CloudWatch::Alarm"] = alarm()
handlers.setdefault("AWS::Events::Archive", archive())
piped.install(handlers)
for type_name in ("Application", "DeploymentGroup"):
    handlers.setdefault(f"AWS::CodeDeploy::{type_name}", recorded(type_name.lower()))

app.pin_request_origin = over_tls(app.pin_request_origin)
dynamodb._restore_table_from_backup = slow(dynamodb._restore_table_from_backup)
dynamodb._restore_table_to_point_in_time = slow(dynamodb._restore_table_to_point_in_time)
dynamodb._describe_table = described(dynamodb._describe_table)
for name in ("_update_table", "_delete_table", "_update_ttl", "_put_item", "_transact_write_items", "_query", "_scan"):
    setattr(dynamodb, name, refusing(getattr(dynamodb, name), "ResourceInUseException"))
dynamodb._update_continuous_backups = refusing(dynamodb._update_continuous_backups, "ContinuousBackupsUnavailableException", 1.0)


def end_with_input() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=end_with_input, daemon=True).start()
app.main()
