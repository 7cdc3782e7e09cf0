"""Makes and changes .local/secrets.json, what the stack's secret is filled with: change_secrets.py [next|swap|drop NAME]. Shows no value.

The steps of a replacement are in docs/operations.md. A provider's new secret comes from the terminal, or from standard input.
"""

from __future__ import annotations

import base64
import getpass
import json
import os
import pathlib
import secrets
import sys
from typing import NoReturn

FILE = pathlib.Path(".local/secrets.json")
USAGE = "usage: ./dev secrets [next|swap|drop NAME]"
KEYS, VERIFY = "TOKEN_ENCRYPTION_KEYS", "META_VERIFY_TOKEN"
OURS, PROVIDERS, OPTIONAL = ("STATE_TOKEN_SECRET",), ("SHOPIFY_API_SECRET", "FACEBOOK_APP_SECRET"), ("WHATSAPP_APP_SECRET",)


def say(text: str) -> None:
    print(f"dev: {text}", file=sys.stderr)


def fail(text: str) -> NoReturn:
    sys.exit(f"dev: {text}")


def new_key(number: int) -> str:
    return f"k{number}:" + base64.b64encode(secrets.token_bytes(32)).decode()


def new_values() -> dict[str, str]:
    ours = {"STATE_TOKEN_SECRET": secrets.token_urlsafe(48), KEYS: new_key(1), VERIFY: secrets.token_urlsafe(32)}
    return dict.fromkeys(PROVIDERS, "") | ours


def entered(name: str) -> str:
    value = (getpass.getpass(f"{name}, the new one: ") if sys.stdin.isatty() else sys.stdin.readline()).strip()
    return value or fail("nothing was entered")


def change(values: dict[str, str], step: str, name: str) -> None:
    """Does a step of a replacement."""
    if name == VERIFY:
        change_verify_token(values, step)
    elif step == "next" and name in OPTIONAL and name not in values:
        values[name] = entered(name)
    elif name not in (KEYS, *OURS, *PROVIDERS, *OPTIONAL) or name not in values:
        fail(f"{FILE} has no {name}")
    elif name == KEYS:
        change_keys(values, step)
    else:
        change_pair(values, step, name)


def change_verify_token(values: dict[str, str], step: str) -> None:
    """Meta asks for it only when somebody enters it there, so no older one has to be accepted. A file from an earlier version has none."""
    if step == "swap":
        fail(f"next replaces {VERIFY} at once; there is nothing to swap")
    if step == "next":
        values[VERIFY] = secrets.token_urlsafe(32)
    elif not values.pop(VERIFY, None):
        fail(f"{FILE} has no {VERIFY}")


def change_keys(values: dict[str, str], step: str) -> None:
    """The first key seals, all of them open."""
    keys = values[KEYS].split(",")
    if step == "next":
        numbers = [int(key.split(":")[0][1:]) for key in keys if key.split(":")[0][1:].isdigit()]
        keys.append(new_key(max(numbers, default=0) + 1))
    elif len(keys) < 2:
        fail("there is one key only; begin with next")
    else:
        keys = [keys[-1], *keys[:-1]] if step == "swap" else keys[:1]
    values[KEYS] = ",".join(keys)


def change_pair(values: dict[str, str], step: str, name: str) -> None:
    """While one is replaced, there is another beside it, which is accepted too."""
    previous = f"{name}_PREVIOUS"
    if step == "next":
        if previous in values:
            fail(f"there is a {previous} already; finish that replacement with drop")
        values[previous] = secrets.token_urlsafe(48) if name in OURS else entered(name)
    elif previous not in values:
        fail(f"there is no {previous}; begin with next")
    elif step == "swap":
        values[name], values[previous] = values[previous], values[name]
    else:
        del values[previous]


def write(values: dict[str, str]) -> None:
    """By way of a new file: nobody sees half of it, and it is the owner's alone from the start."""
    new = FILE.with_name(f"{FILE.name}.new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
        json.dump(values, written, indent=2)
        written.write("\n")
    os.replace(new, FILE)


def main() -> None:
    match sys.argv[1:]:
        case [] | ["new"]:
            if FILE.exists():
                fail(f"{FILE} is there already; move it away first: new encryption keys can't read stored tokens")
            FILE.parent.mkdir(exist_ok=True)
            write(new_values())
            say(f"wrote {FILE}: enter SHOPIFY_API_SECRET and FACEBOOK_APP_SECRET, then run the stack's output FillSecrets")
        case ["next" | "swap" | "drop" as step, name] if name:
            if not FILE.exists():
                fail(f"there is no {FILE}; docs/operations.md says how to get it")
            values = json.loads(FILE.read_text())
            change(values, step, name)
            write(values)
            say(f"changed {FILE}; the stack's output FillSecrets brings it there")
        case _:
            fail(USAGE)


if __name__ == "__main__":
    main()
