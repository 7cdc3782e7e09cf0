"""A newcomer's first minutes, in a clone in an empty folder: run it as the README says, link a store and a Page, ask the bot.

`newcomer.py [MINUTES]` ends with 1 where that takes longer. What is built is built there and then: a target folder of elsewhere is not used.
"""

from __future__ import annotations

import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

from browser import Browser, Reply

ROOT = pathlib.Path(__file__).resolve().parents[2]
QUESTION = "do you have mugs?"
PATIENCE = 60  # seconds for the bot's answer


def readme(pattern: str) -> str:
    """What the section on running it says."""
    section = (ROOT / "README.md").read_text().partition("\n## Run it\n")[2].partition("\n## ")[0]
    found = re.search(pattern, section, re.MULTILINE)
    if not found:
        raise SystemExit(f"the README does not say {pattern}")
    return found.group(1)


def start(folder: pathlib.Path, log: pathlib.Path) -> subprocess.Popen[bytes]:
    """The README's command, with nothing of this checkout's around it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CARGO_TARGET", "CARGO_INCREMENTAL", "E2E_", "AWS_"))}
    with log.open("wb") as out:
        return subprocess.Popen(["bash", "-c", readme(r"^    (\./dev run)$")], cwd=folder, env=kept, stdout=out, stderr=out, start_new_session=True)


def wait_for(text: str, log: pathlib.Path, running: subprocess.Popen[bytes], limit: float) -> None:
    while text not in log.read_text(errors="replace"):
        if running.poll() is not None or time.monotonic() > limit:
            raise SystemExit(f"{log.read_text(errors='replace')[-3000:]}\nno {text!r} came")
        time.sleep(0.5)


def page(reply: Reply) -> Reply:
    if reply.status != 200:
        raise SystemExit(f"{reply.url.partition('?')[0]}: {reply.status} {reply.text[:1000]}")
    return reply


def approve(merchant: Browser, login: Reply) -> Reply:
    dialog = page(merchant.get(login.location()))
    back = merchant.submit(dialog, dialog.form(), ("decision", "approve"))
    return page(merchant.get(back.location()))


def chat(url: str) -> None:
    merchant = Browser({})
    approve(merchant, merchant.get(url))
    origin = url.partition("/shopify/")[0]
    linked = approve(merchant, merchant.get(f"{origin}/facebook/login", **{"sec-fetch-site": "same-origin"}))
    inbox = readme(r"`(http://localhost:\d+)/inbox`")
    customer = Browser({})
    conversations = re.findall(r'href="(/messenger/\d+)"[^>]*>([^<]+)<', page(customer.get(f"{inbox}/messenger")).text)
    path = next(path for path, name in conversations if name.strip() in linked.text)
    conversation = page(customer.get(inbox + path))
    customer.submit(conversation, conversation.form(path), ("text", QUESTION))
    limit = time.monotonic() + PATIENCE
    while "<ul class=\"cards\">" not in (shown := page(customer.get(inbox + path)).text):
        if time.monotonic() > limit:
            raise SystemExit(f"no answer with products came: {shown[-3000:]}")
        time.sleep(0.2)


def main() -> int:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as empty:
        folder, log = pathlib.Path(empty) / "clone", pathlib.Path(empty) / "log"
        subprocess.run(["git", "clone", "--quiet", "--no-local", ROOT, folder], check=True)
        began = time.monotonic()
        running = start(folder, log)
        try:
            limit = began + 60 * (minutes or 60)
            wait_for("Ctrl-C stops everything", log, running, limit)
            ready = time.monotonic() - began
            chat(readme(r"`(http://localhost:\d+/shopify/acme/login)`"))
            wait_for('"detail-type":"linked"', log, running, limit)
            answered = time.monotonic() - began
        finally:
            os.killpg(running.pid, signal.SIGINT)
            running.wait(60)
    print(f"from an empty folder: running after {ready:.0f} s, the bot's first answer after {answered:.0f} s")
    return int(minutes is not None and answered > 60 * minutes)


if __name__ == "__main__":
    sys.exit(main())
