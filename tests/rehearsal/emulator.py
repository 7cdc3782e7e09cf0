"""The local AWS: ministack, with what it lacks or does otherwise than AWS where this stack depends on it."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from ministack.app import main
from ministack.services.cloudformation import provisioners

Attributes = dict[str, Any]
Made = tuple[str, Attributes]
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
    """A secret whose `Ref` is its ARN, as on AWS, where policies depend on it; without a value until it is given one; and that can be imported."""
    original = handlers["AWS::SecretsManager::Secret"]

    def name(arn: str) -> str:
        return arn.split(":secret:")[1].rpartition("-")[0]

    def create(logical_id: str, properties: Attributes, stack: str) -> Made:
        name, attributes = original["create"](logical_id, properties, stack)
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

    return original | {"create": create}


handlers["AWS::SecretsManager::Secret"] = secret()
handlers["AWS::CloudWatch::Alarm"] = alarm()
for type_name in ("Application", "DeploymentGroup"):
    handlers.setdefault(f"AWS::CodeDeploy::{type_name}", recorded(type_name.lower()))


def end_with_input() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


# It says each second that it delivers to no event bus; the tests show what the pipes make of the stream.
logging.getLogger("pipes").setLevel(logging.ERROR)
threading.Thread(target=end_with_input, daemon=True).start()
main()
