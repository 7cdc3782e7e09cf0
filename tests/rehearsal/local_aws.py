"""Starts what a deployment needs on this machine, and stops it whatever happens: the providers' stand-ins, and the local AWS."""

from __future__ import annotations

import json
import os
import pathlib
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import boto3

PROJECT = pathlib.Path(__file__).resolve().parents[2]
REGION = "us-east-1"
HOST = "link.example.com"
STARTED = time.monotonic()


def say(text: str) -> None:
    print(f"rehearsal: {time.monotonic() - STARTED:5.1f} s  {text}", flush=True)


@dataclass
class Apps:
    """The apps that the stand-ins know."""

    shopify_api_key: str = field(default_factory=lambda: secrets.token_hex(16))
    shopify_api_secret: str = field(default_factory=lambda: "shpss_" + secrets.token_hex(16))
    facebook_app_id: str = field(default_factory=lambda: str(10**15 + secrets.randbelow(9 * 10**15)))
    facebook_app_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    whatsapp_config_id: str = field(default_factory=lambda: str(10**15 + secrets.randbelow(9 * 10**15)))

    def environment(self) -> dict[str, str]:
        uris = {f"{name.upper()}_REDIRECT_URI": f"https://{HOST}/{name}/callback" for name in ("shopify", "facebook", "whatsapp")}
        return {name.upper(): value for name, value in vars(self).items()} | uris


@contextmanager
def child(command: list[str], environment: Mapping[str, str], log: pathlib.Path, answers: bool = False) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends when its standard input does, so that nothing of it outlives us; with all that it starts."""
    with log.open("ab") as lines:
        stdout = subprocess.PIPE if answers else lines
        process = subprocess.Popen(command, env=dict(environment), stdin=subprocess.PIPE, stdout=stdout, stderr=lines, start_new_session=True)
        try:
            yield process
        finally:
            process.stdin.close()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                say(f"{command[-1]} did not end by itself")
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def stand_ins(apps: Apps, folder: pathlib.Path) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, str]]]:
    """The local Shopify and the local Facebook, and what leads a function to them."""
    binary = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", PROJECT / "target")) / "debug" / "providers"
    with child([str(binary)], own_environment() | apps.environment(), folder / "providers.log", answers=True) as running:
        line = running.stdout.readline()
        if not line:
            raise AssertionError(f"the providers did not start: {(folder / 'providers.log').read_text()}")
        urls = json.loads(line)
        endpoints = {
            "SHOPIFY_ENDPOINT_URL": urls["shopify"],
            "FACEBOOK_GRAPH_ENDPOINT_URL": urls["facebook"],
            "FACEBOOK_DIALOG_ENDPOINT_URL": urls["facebook"],
            # The sample bot's.
            "GRAPH_URL": f"{urls['facebook']}/v26.0",
            "SHOP_URL": urls["shopify"],
        }
        yield running, endpoints


class LocalAws:
    """A running emulator; `environment` makes any AWS tool talk to it."""

    def __init__(self, port: int) -> None:
        self.address = f"127.0.0.1:{port}"
        self.environment = {
            "AWS_ENDPOINT_URL": f"http://{self.address}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_PAGER": "",
            "AWS_EC2_METADATA_DISABLED": "true",
            "SAM_CLI_TELEMETRY": "0",
        }

    def client(self, service: str, key: tuple[str, str] = ("test", "test")) -> Any:
        names = {"aws_access_key_id": key[0], "aws_secret_access_key": key[1]}
        return boto3.client(service, endpoint_url=self.environment["AWS_ENDPOINT_URL"], region_name=REGION, **names)


def own_environment() -> dict[str, str]:
    """This process's environment without what belongs to some other account or to the service."""
    owned = ("AWS_", "SHOPIFY_", "FACEBOOK_", "META_", "MESSAGE_", "STATE_TOKEN_", "TOKEN_", "SECRETS_")
    return {name: value for name, value in os.environ.items() if not name.startswith(owned)}


@contextmanager
def local_aws(endpoints: Mapping[str, str], folder: pathlib.Path) -> Iterator[LocalAws]:
    """The emulator. `endpoints` are in its own environment, which the functions inherit: what is deployed stays as it is deployed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    aws = LocalAws(port)
    settings = {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        # Policies count: a function may do what its role allows, and no more.
        "AUTH": "true",
        "TMPDIR": str(folder),
        "STATE_DIR": str(folder / "state"),
        "SFTP_ENABLED": "0",
        # So that no instance of a function ends in the middle.
        "LAMBDA_WARM_TTL_SECONDS": "3600",
    }
    command = [sys.executable, str(pathlib.Path(__file__).with_name("emulator.py"))]
    log = folder / "emulator.log"
    with child(command, own_environment() | aws.environment | endpoints | settings, log) as running:
        deadline = time.monotonic() + 60
        while not alive(aws):
            if running.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the local AWS did not start:\n{log.read_text()[-4000:]}")
            time.sleep(0.1)
        yield aws


def alive(aws: LocalAws) -> bool:
    try:
        with urllib.request.urlopen(f"http://{aws.address}/_ministack/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
