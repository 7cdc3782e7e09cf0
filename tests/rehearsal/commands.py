"""Checks every command of docs/operations.md, docs/incidents.md, docs/operator.md, docs/support.md and docs/bot.md without an account: bash's syntax, and each `aws` line against the command line's own model of the service.

A command, option, parameter or field of a reply that does not exist fails; so do outputs and resources that template.yaml lacks. Lines of `sam` and `./dev` are held
against what these say themselves; those of `operator` are held against it by its own unit tests. Runs in the environment of ./dev rehearse, where the AWS command line is pinned.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import pathlib
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import awscli.clidriver
import yaml
from awscli.customizations.commands import BasicCommand
from awscli.customizations.waiters import WaitCommand, WaiterCaller
from botocore.model import ListShape, MapShape, StructureShape
from botocore.validate import ParamValidator
from shell import UNKNOWN, commands

PROJECT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [PROJECT / "docs" / name for name in ("operations.md", "incidents.md", "operator.md", "support.md", "bot.md")]
# Functions of the document that run the command which follows them.
PREFIXES = {"some", "tries"}
# Each of them has to be refused, or the check is worth nothing.
WRONG = (
    "aws dynamodb describe-tables",
    "aws dynamodb describe-table --table-name t --verbose",
    "aws dynamodb describe-table",
    "aws dynamodb describe-table --table-name t --query Table.Status",
    "aws dynamodb update-time-to-live --table-name t --time-to-live-specification Enabled=true",
    "aws dynamodb wait table-exist --table-name t",
    "aws configure export-credentials",
    'echo "$(output Secret)"',
    'aws pipes describe-pipe --name "$(resource Pipe)"',
    "keeper '{\"erase\":acme}'",
    "./dev key",
    "sam deploy --stack STACK",
    "deploy --parameter-overrides UpdatesType=AllAtOnce",
    "sam deploy --template-file examples/bot/template.yaml --parameter-overrides UpdateType=AllAtOnce",
    "for x in 1; do",
)


class Refused(Exception):
    """What is wrong with a line."""


class Call:
    """Takes the place of the call that a command line would make."""

    def __init__(self, driver: Any) -> None:
        self.session = driver.session
        self.calls = 0

    def invoke(self, service: str, operation: str, parameters: dict[str, Any], options: Any) -> int:
        self.calls += 1
        model = self.session.get_service_model(service).operation_model(operation)
        # What the command line itself makes of a list's pages.
        parameters.pop("PaginationConfig", None)
        if model.input_shape is not None:
            report = ParamValidator().validate(parameters, model.input_shape)
            if report.has_errors():
                raise Refused(report.generate_report())
        if options.query is not None:
            asked(options.query.parsed, model.output_shape)
        return 0


def field(shape: Any, name: str) -> Any:
    """The shape of a member, or none where it can't be known."""
    match shape:
        case None | Projected():
            return None
        case MapShape():
            return shape.value
        case StructureShape() if name in shape.members:
            return shape.members[name]
    raise Refused(f"the reply has no {name} in {shape.name}")


class Projected:
    """A list that an expression makes."""

    def __init__(self, member: Any) -> None:
        self.member = member


def asked(node: dict[str, Any], shape: Any) -> Any:
    """Follows a JMESPath expression through the shapes of a reply; returns that of its result, or none where it can't be known."""
    children = node["children"]
    match node["type"]:
        case "field":
            return field(shape, node["value"])
        case "subexpression" | "pipe" | "index_expression":
            for child in children:
                shape = asked(child, shape)
            return shape
        case "index":
            return getattr(shape, "member", None)
        case "slice" | "identity" | "current":
            return shape
        case "projection" | "filter_projection" | "value_projection":
            of = asked(children[0], shape)
            of = of.value if isinstance(of, MapShape) else getattr(of, "member", None)
            if node["type"] == "filter_projection":
                asked(children[2], of)
            return Projected(asked(children[1], of))
        case "flatten":
            of = asked(children[0], shape)
            return Projected(of.member.member) if isinstance(getattr(of, "member", None), ListShape | Projected) else of
        case "expref" | "function_expression":
            # What a function is given as `&field` is a member of its first argument's items.
            results = [asked(child, shape) for child in children if child["type"] != "expref"]
            return results[0] if node["value"] in ("sort_by", "reverse", "max_by", "min_by") else None
    for child in children:
        asked(child, shape)
    return None


class Checker:
    """Knows what there is."""

    def __init__(self) -> None:
        self.driver = awscli.clidriver.create_clidriver()
        self.call = Call(self.driver)
        awscli.clidriver.CLIOperationCaller.invoke = lambda _, *arguments: self.call.invoke(*arguments)
        WaiterCaller.invoke = lambda _, *arguments: self.call.invoke(*arguments)
        own = BasicCommand.__call__
        # Commands of the command line's own call whatever they like, and would do so here.
        BasicCommand.__call__ = lambda command, *rest: own(command, *rest) if isinstance(command, WaitCommand) else nothing_known()
        template = named("template.yaml")
        self.names = {"output": set(template["Outputs"]), "resource": set(template["Resources"])}
        self.dev = set(re.findall(r"^  (\w+) ", said([str(PROJECT / "dev"), "help"]), re.MULTILINE))
        self.sam = set(re.findall(r"--[a-z0-9-]+", said(["sam", "deploy", "--help"])))

    def block(self, text: str) -> int:
        """How many commands of a block were held against a model."""
        syntax = subprocess.run(["bash", "-n", "-c", text], capture_output=True, text=True, check=False)
        if syntax.returncode:
            raise Refused(syntax.stderr)
        return sum(self.command(words) for words in commands(text))

    def command(self, words: list[str]) -> int:
        while words and words[0] in PREFIXES:
            words = words[1:]
        match words:
            case ["aws", *arguments]:
                self.aws(arguments)
            case ["output" | "resource" as kind, name] if name not in self.names[kind] and UNKNOWN not in name:
                raise Refused(f"template.yaml has no {kind} {name}")
            case ["keeper", payload]:
                try:
                    json.loads(payload)
                except ValueError as error:
                    raise Refused(f"{payload} is no JSON") from error
            case ["./dev", name, *_] if name not in self.dev:
                raise Refused(f"./dev knows no {name}")
            case ["sam", "deploy", *arguments] | ["deploy", *arguments]:
                unknown = {word for word in arguments if word.startswith("--")} - self.sam
                values = arguments[arguments.index("--parameter-overrides") + 1 :] if "--parameter-overrides" in arguments else []
                file = arguments[arguments.index("--template-file") + 1] if "--template-file" in arguments else "template.yaml"
                unknown |= {word.partition("=")[0] for word in values if "=" in word} - set(named(file)["Parameters"])
                if unknown:
                    raise Refused(f"sam deploy, or {file}, has no {', '.join(unknown)}")
            case _:
                return 0
        return 1

    def aws(self, arguments: list[str]) -> None:
        before, out = self.call.calls, io.StringIO()
        times = ("--start-time", "--end-time", "--restore-date-time")
        arguments = ["2026-11-30" if UNKNOWN in word and option in times else word for option, word in zip([""] + arguments, arguments)]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            try:
                status = self.driver.main(arguments)
            except SystemExit as exit:
                status = exit.code
        if status != 0:
            raise Refused(out.getvalue().strip().rpartition("\n")[2] or "is not understood")
        if self.call.calls == before:
            nothing_known()


def nothing_known() -> None:
    raise Refused("is no single call of a service, so nothing is known about it")


def said(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def named(file: str) -> dict[str, Any]:
    """A template of the project, for its names."""
    return yaml.load((PROJECT / file).read_text(), Loader=loader())


def loader() -> type[yaml.SafeLoader]:
    """Reads a template for its names alone: what a tag stands for does not matter."""

    class Names(yaml.SafeLoader):
        pass

    Names.add_multi_constructor("!", lambda *_: None)
    return Names


def blocks(text: str) -> Iterator[tuple[int, str]]:
    """The blocks of commands and the commands within sentences, with their line."""
    for match in re.finditer(r"^( *)```sh\n(.*?)^ *```|`((?:aws|sam|\./dev|deploy|keeper) [^`\n]+)`", text, re.MULTILINE | re.DOTALL):
        yield text.count("\n", 0, match.start()) + 1, match[2] or match[3]


def main() -> int:
    os.chdir(PROJECT)
    os.environ |= {"AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}
    checker = Checker()
    for line in WRONG:
        with contextlib.suppress(Refused):
            checker.block(line)
            sys.exit(f"commands: the check lets this pass: {line}")
    held = failed = 0
    for page in PAGES:
        for line, block in blocks(page.read_text()):
            try:
                held += checker.block(block)
            except (Refused, ValueError) as error:
                failed += 1
                print(f"docs/{page.name}:{line}: {error}\n    {block.strip()[:300]}", file=sys.stderr)
    print(f"commands: {held} commands of the pages for operators, {failed} blocks refused")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
