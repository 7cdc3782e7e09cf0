"""A contributor's first platform, in a clone in an empty folder: each command of CONTRIBUTING.md that adds one, in order.

`contributor.py [MINUTES [TARGET]]` ends with 1 where a command fails, or where all take longer. Everything is built there and then, unless TARGET is
the target folder of an earlier run. This checkout's own would not do: its programs would then look for their files in the clone.
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

ROOT = pathlib.Path(__file__).resolve().parents[2]


def blocks(page: str) -> list[str]:
    """The commands of the section on adding a platform."""
    section = page.partition("\n## Adding a platform\n")[2].partition("\n## ")[0]
    found = re.findall(r"^( *)```sh\n(.*?)^ *```$", section, re.MULTILINE | re.DOTALL)
    if not found:
        raise SystemExit("CONTRIBUTING.md has no commands that add a platform")
    return ["".join(line.removeprefix(indent) for line in text.splitlines(keepends=True)) for indent, text in found]


def play(block: str, folder: pathlib.Path, target: pathlib.Path, left: float) -> None:
    """Runs a block's commands, and ends all of them after the seconds that are left."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("CARGO_TARGET", "CARGO_INCREMENTAL", "E2E_", "AWS_"))}
    env["CARGO_TARGET_DIR"] = str(target)
    with subprocess.Popen(["bash", "-euxo", "pipefail", "-c", block], cwd=folder, env=env, start_new_session=True) as running:
        try:
            code = running.wait(max(left, 0))
        except BaseException as error:
            os.killpg(running.pid, signal.SIGTERM)
            if isinstance(error, subprocess.TimeoutExpired):
                raise SystemExit(f"that took too long, at:\n{block}") from None
            raise
    if code:
        raise SystemExit(f"{code} from:\n{block}")


def main() -> int:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 600
    taken: list[tuple[float, str]] = []
    with tempfile.TemporaryDirectory() as empty:
        folder = pathlib.Path(empty) / "clone"
        target = pathlib.Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else folder / "target"
        subprocess.run(["git", "clone", "--quiet", "--no-local", ROOT, folder], check=True)
        end = time.monotonic() + 60 * minutes
        for block in blocks((folder / "CONTRIBUTING.md").read_text()):
            began = time.monotonic()
            play(block, folder, target, end - began)
            taken.append((time.monotonic() - began, "; ".join(block.split("\n")).rstrip("; ")))
        changed = subprocess.run(["git", "status", "--short"], cwd=folder, check=True, capture_output=True, text=True).stdout
    print(changed, end="")
    for seconds, block in taken:
        print(f"{seconds / 60:5.1f} min  {block}")
    print(f"{sum(seconds for seconds, _ in taken) / 60:5.1f} min  from an empty folder to a platform that works")
    return 0


if __name__ == "__main__":
    sys.exit(main())
