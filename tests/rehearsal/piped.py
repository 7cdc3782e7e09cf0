"""Pipes from a table's stream to an event bus, which ministack takes and does not run: filter, input template, detail type."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from ministack.services import eventbridge, pipes

Properties = dict[str, Any]
# What each pipe was told, by its name.
told: dict[str, Properties] = {}


def remembered(create: Callable[..., tuple[str, Properties]]) -> Callable[..., tuple[str, Properties]]:
    """Notes what a pipe is made or changed with: of the properties that are handed over, the last are the new ones."""

    def made(*arguments: Any, **named: Any) -> tuple[str, Properties]:
        properties = [argument for argument in arguments if isinstance(argument, dict)][-1]
        name, attributes = create(*arguments, **named)
        told[name] = properties
        return name, attributes

    return made


def matches(pattern: Any, value: Any) -> bool:
    """As EventBridge has it, as far as our patterns go: literals, `prefix`, `exists`."""
    if isinstance(pattern, dict):
        return all(matches(inner, value.get(name) if isinstance(value, dict) else None) for name, inner in pattern.items())
    return any(alternative(one, value) for one in pattern)


def alternative(one: Any, value: Any) -> bool:
    match one:
        case {"exists": bool(there)}:
            return (value is not None) == there
        case {"prefix": str(prefix)}:
            return isinstance(value, str) and value.startswith(prefix)
    return bool(one == value)


def at(path: str, record: Properties) -> str:
    value: Any = record
    for name in path.removeprefix("$.").split("."):
        value = value[name]
    return str(value)


def entry(pipe: Properties, record: Properties) -> Properties:
    target = pipe["TargetParameters"]
    bus = target["EventBridgeEventBusParameters"]
    detail = re.sub(r"<(\$[\w.]+)>", lambda found: at(found[1], record), target["InputTemplate"])
    return {"EventBusName": pipe["Target"], "Source": bus["Source"], "DetailType": at(bus["DetailType"], record), "Detail": detail}


def deliver(pipe: Properties, batch: list[Properties]) -> bool:
    properties = told[pipe["Name"]]
    filters = properties["SourceParameters"]["FilterCriteria"]["Filters"]
    wanted = [record for record in batch if any(matches(json.loads(one["Pattern"]), record) for one in filters)]
    for record in wanted:
        eventbridge._put_events({"Entries": [entry(properties, record)]})
    return True


def install(handlers: dict[str, dict[str, Callable[..., Any]]]) -> None:
    original = handlers["AWS::Pipes::Pipe"]
    changed = {name: remembered(original[name]) for name in ("create", "update") if name in original}
    handlers["AWS::Pipes::Pipe"] = original | changed
    pipes._deliver_batch = deliver
