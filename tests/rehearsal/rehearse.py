"""Deploys a release to a local AWS with the real `sam deploy`, plays the whole flow against what was deployed, and stops all of it.

The functions run as the processes that were built, behind the emulator's HTTP API, with the policies of their roles in force. `--keep` waits before it stops, for trying
commands by hand.
"""

from __future__ import annotations

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping
from typing import Any

import lines
import procedures
import sample
import transformed
from local_aws import HOST, PROJECT, REGION, Apps, LocalAws, local_aws, own_environment, say, stand_ins
from story import Story

STACK = "rehearsal"
# With Instagram.
SCOPES = "pages_messaging,pages_show_list,pages_manage_metadata,instagram_basic,instagram_manage_messages"
# Where ./dev rehearse has put it.
DIST = PROJECT / ".local" / "dist"
PAGES = [PROJECT / "docs" / name for name in ("operations.md", "incidents.md", "bot.md")]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def pages() -> str:
    return "\n".join(page.read_text() for page in PAGES)


def fill(text: str, filled: Mapping[str, str]) -> str:
    """What a reader fills in."""
    for name, value in filled.items():
        assert name in text, f"{name} is not in {text}"
        text = text.replace(name, value)
    return text


def run(command: list[str] | str, environment: Mapping[str, str], folder: pathlib.Path) -> str:
    """Runs a command as an operator would; its output is shown when it fails."""
    shell = isinstance(command, str)
    done = subprocess.run(command, shell=shell, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900)
    if done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}")
    return done.stdout


def unpack(folder: pathlib.Path) -> None:
    """Makes the folder what an operator has who deploys a release: nothing is there but what it brings. No question comes before a deployment."""
    shutil.copytree(DIST, folder, dirs_exist_ok=True)
    run(["sha256sum", "--check", "--strict", "SHA256SUMS"], os.environ, folder)
    run(["./dev", "operator"], os.environ, folder)
    # The sample bot is its author's, who has a checkout.
    (folder / "examples").symlink_to(PROJECT / "examples")
    asking = (folder / "samconfig.toml").read_text()
    (folder / "samconfig.toml").write_text(asking.replace("confirm_changeset = true", "confirm_changeset = false"))


class Deployment:
    """The stack, as an operator handles it."""

    STACK = STACK

    def __init__(self, aws: LocalAws, apps: Apps, folder: pathlib.Path) -> None:
        self.aws, self.apps, self.folder = aws, apps, folder
        self.topic = ""
        self.environment = own_environment() | aws.environment
        # The lines of docs/operations.md have to say themselves which region they mean.
        self.operator = {name: value for name, value in self.environment.items() if name not in ("AWS_REGION", "AWS_DEFAULT_REGION")}

    def deploy(self, **parameters: str) -> dict[str, str]:
        """`sam deploy`, as the README has it; returns the stack's outputs."""
        values = {"ShopifyApiKey": self.apps.shopify_api_key, "FacebookAppId": self.apps.facebook_app_id, "FacebookScopes": SCOPES, "PublicHost": HOST, "AlarmTopicArn": self.topic} | parameters
        overrides = [f"{name}={value}" for name, value in values.items()]
        run(["sam", "deploy", "--stack-name", STACK, "--parameter-overrides", *overrides], self.environment, self.folder)
        return self.outputs()

    def outputs(self) -> dict[str, str]:
        [stack] = self.aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
        assert stack["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE"), stack["StackStatus"]
        return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}

    def make_secrets(self, outputs: Mapping[str, str]) -> set[str]:
        """`./dev secrets`, and the providers' secrets entered. In a folder of its own: a real `.local/secrets.json` stays as it is."""
        self.dev("secrets")
        file = self.folder / ".local" / "secrets.json"
        values: dict[str, str] = json.loads(file.read_text())
        values |= {"SHOPIFY_API_SECRET": self.apps.shopify_api_secret, "FACEBOOK_APP_SECRET": self.apps.facebook_app_secret}
        file.write_text(json.dumps(values))
        return self.fill_secrets(outputs)

    def fill_secrets(self, outputs: Mapping[str, str]) -> set[str]:
        """The command of the output `FillSecrets`; returns what must turn up nowhere else."""
        run(outputs["FillSecrets"], self.environment, self.folder)
        values = json.loads((self.folder / ".local" / "secrets.json").read_text()).values()
        return {part.rpartition(":")[2] for value in values for part in value.split(",")}

    def dev(self, *arguments: str) -> str:
        return run(["./dev", *arguments], self.environment, self.folder)

    def follow(self, beginning: str, before: tuple[str, ...] = (), after: str = "", **filled: str) -> str:
        """Carries out the block of the operators' pages that begins so. `before` and `after` are blocks, or lines of a reader's own; `filled` is what a reader fills in."""
        return self.carry_out(*before, self.block(beginning, **filled), after)

    def carry_out(self, *lines: str) -> str:
        """Carries out blocks and lines in one shell, after the lines that all of them use."""
        common = re.sub(r"AWS_REGION=\S+ STACK=\S+", f"AWS_REGION={REGION} STACK={STACK}", self.block("export AWS_REGION="))
        # Where an operator waits for minutes, the local AWS takes seconds.
        program = "\n".join([common, "sleep() { command sleep 0.5; }", *lines])
        return run(["bash", "-euo", "pipefail", "-c", program], self.operator, self.folder)

    @staticmethod
    def block(beginning: str, **filled: str) -> str:
        """The block of commands that begins so."""
        [block] = [block for block in BLOCK.findall(pages()) if block.startswith(beginning)]
        return fill(block, filled)

    @staticmethod
    def line(beginning: str, containing: str = "", **filled: str) -> str:
        """The one line that begins so, of a block or within a sentence."""
        within = re.findall(r"`([^`\n]+)`", re.sub(r"^ *```.*?^ *```$", "", pages(), flags=re.MULTILINE | re.DOTALL))
        of_blocks = [line for block in BLOCK.findall(pages()) for line in block.splitlines()]
        [line] = {line for line in within + of_blocks if line.startswith(beginning) and containing in line}
        return fill(line, filled)

    def delete(self, outputs: Mapping[str, str]) -> None:
        """What must not be lost outlives the stack."""
        said = self.follow("for name in ConnectionsTable")
        assert f"ConnectionsTable={outputs['ConnectionsTable']}" in said and outputs["SecretsArn"] in said, said
        dynamodb = self.aws.client("dynamodb")
        assert set(dynamodb.list_tables()["TableNames"]) == {outputs["ConnectionsTable"], outputs["SessionsTable"]}
        table = dynamodb.describe_table(TableName=outputs["ConnectionsTable"])["Table"]
        assert table["DeletionProtectionEnabled"] is True
        self.aws.client("secretsmanager").get_secret_value(SecretId=outputs["SecretsArn"])

    def adopt(self, outputs: Mapping[str, str]) -> dict[str, str]:
        """A new stack begins with what the old one left, and is told what the old one was."""
        kept = {name: outputs[name] for name in ("ConnectionsTable", "SessionsTable", "SecretsArn")}
        self.follow("( set -euo pipefail; . .local/adopt\naws cloudformation create-change-set")
        adopted = self.outputs()
        assert {name: adopted[name] for name in kept} == kept, adopted
        return adopted

    def signed_in(self) -> dict[str, str]:
        """The environment of somebody whose credentials are a profile's, and in no variable."""
        profile = self.folder / "credentials"
        keys = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
        profile.write_text("[default]\n" + "".join(f"{name.lower()} = {self.environment[name]}\n" for name in keys))
        return {name: value for name, value in self.environment.items() if name not in keys} | {"AWS_SHARED_CREDENTIALS_FILE": str(profile)}

    def template(self) -> dict[str, Any]:
        """The template as CloudFormation has it after SAM's transform."""
        body = self.aws.client("cloudformation").get_template(StackName=STACK, TemplateStage="Processed")["TemplateBody"]
        return dict(body) if isinstance(body, Mapping) else json.loads(body)

    def api_host(self) -> str:
        [api] = self.aws.client("apigatewayv2").get_apis()["Items"]
        return str(api["ApiEndpoint"].partition("://")[2])


def rehearse(keep: bool) -> None:
    apps = Apps()
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as name:
        folder = pathlib.Path(name)
        unpack(folder)
        with stand_ins(apps, folder) as (_, endpoints), local_aws(endpoints, folder) as aws:
            say(f"local AWS at {aws.address}")
            deployment = Deployment(aws, apps, folder)
            procedures.hear_the_alarms(deployment)
            outputs = deployment.deploy()
            say("sam deploy created the stack")
            try:
                story = begin(deployment, outputs)
                if keep:
                    wait(deployment, folder)
                play(deployment, story, story.outputs)
            except Exception:
                print((folder / "emulator.log").read_text()[-3000:], file=sys.stderr)
                raise


def begin(deployment: Deployment, outputs: dict[str, str]) -> Story:
    """From the empty stack to a store with Pages."""
    say(f"the transformed template holds: {transformed.check(deployment.template())}")
    story = Story(deployment.aws, deployment.apps, outputs, deployment.api_host())
    story.refuses_without_secret()
    story.secret |= deployment.make_secrets(outputs)
    say("the secret is filled with ./dev secrets and the output FillSecrets")
    story.link_store()
    story.link_pages()
    story.measure()
    token = lines.receive_messages(deployment)
    lines.connect_numbers(deployment)
    story.outputs = deployment.outputs()
    story.shake_hands(token)
    story.link_numbers()
    return story


def play(deployment: Deployment, story: Story, outputs: dict[str, str]) -> None:
    """What happens to a deployment, to the last trace of the store."""
    story.bot_asks()
    say("the bot got live tokens with its policy, and may do nothing else")
    story.customer_writes()
    story.customer_writes_to_a_number()
    sample.answer(deployment, story)
    story.keeper_looks()
    lines.look(deployment, story)
    lines.put_off(deployment, story)
    lines.replay(deployment, story)
    procedures.accept(deployment)
    procedures.put_events_again(deployment, story)
    lines.pipes(deployment, story)
    lines.page(deployment)
    lines.hear_of_merchants(deployment, story)
    lines.turn_away(deployment)
    rotate(deployment, story, outputs)
    story.logs_tell_nothing()
    story.bot_goes()
    deployment.delete(outputs)
    say("the stack is deleted; the tables and the secret are still there")
    outputs = deployment.adopt(outputs)
    story.move(outputs, deployment.api_host())
    story.bot_asks()
    story.customer_writes()
    say("another stack has adopted them; the bot gets the same links' tokens, and what customers write")
    story.disconnect_a_page()
    story.disconnect_a_number()
    story.person_leaves()
    story.store_leaves()
    procedures.bring_back_one(deployment, story)
    procedures.bring_back_all(deployment, story)
    story.logs_tell_nothing(of_all=True)
    lines.receive_no_more_messages(deployment)


def rotate(deployment: Deployment, story: Story, outputs: dict[str, str]) -> None:
    """Replaces our own secrets in their three steps, with an update of the stack after each of the first two."""
    lines.fetch_secrets(deployment)
    story.secret |= lines.change_secrets(deployment, "next")
    assert deployment.deploy(MemorySize="512") == outputs, "an update changed the outputs"
    story.link_store()
    story.bot_asks()
    say("sam deploy updated the stack; links and secret are as they were")
    lines.change_secrets(deployment, "swap")
    deployment.deploy()
    lines.smoke(deployment)
    story.link_store()
    story.keeper_looks()
    said = run([".local/tools/bin/operator", "--connections-table", outputs["ConnectionsTable"], "--json", "keys", "k1"], deployment.signed_in(), deployment.folder)
    counted = json.loads(said)
    assert counted["needed"] is False and counted["values"]["k2"] > 0, said
    lines.change_secrets(deployment, "drop")
    story.bot_asks()
    say("the state's secret and the encryption key were replaced step by step")
    lines.secrets_before(deployment)
    procedures.stop_and_roll_back(deployment, story)


def wait(deployment: Deployment, folder: pathlib.Path) -> None:
    """For trying the procedures of docs/operations.md by hand."""
    lines = [f"export {name}={value}" for name, value in deployment.aws.environment.items()]
    tools = [os.path.dirname(sys.executable), str(PROJECT / ".local" / "tools" / "bin")]
    print("\n".join([*lines, f'export PATH="{":".join(tools)}:$PATH"', f"# stack {STACK}, logs in {folder}; Ctrl-C ends it"]), flush=True)
    signal.pause()


def main() -> int:
    # The managers above stop what they started: a signal has to become an exception for that.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    try:
        rehearse("--keep" in sys.argv[1:])
    except Exception:
        traceback.print_exc()
        say("FAILED")
        return 1
    except KeyboardInterrupt:
        return 130
    say("passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
