"""Computes the tables of docs/operations.md, "What it costs", and fails when the page says something else; --write puts them there.

Units come from docs/architecture.md, where they are measured by ./dev bench, the number of alarms from template.yaml, that of metrics from docs/logging.md.
"""

from __future__ import annotations

import pathlib
import re
import sys
from typing import Any

import yaml

PROJECT = pathlib.Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "operations.md"
BEGIN, END = "<!-- by tests/rehearsal/cost.py -->\n", "<!-- to here -->\n"

# Dollars in us-east-1, for one. The page says from when.
WRITE, READ = 0.625e-6, 0.125e-6
STORED_GB, RECOVERY_GB = 0.25, 0.20
GB_SECOND, INVOCATION = 0.0000133334, 0.20e-6
LOG_GB, TRAFFIC_GB = 0.50, 0.09
API_REQUEST, TRACE = 1.00e-6, 5.00e-6
BUS_EVENT, PIPE_EVENT = 1.00e-6, 0.40e-6
QUEUE_REQUEST = 0.40e-6
METRIC, ALARM_METRIC, DASHBOARD = 0.30, 0.10, 3.00
SECRET, SECRET_READ, STREAM_READ = 0.40, 0.05e-4, 0.02e-5

# Measured by ./dev bench and ./dev rehearse, in seconds, bytes and GB.
OUR_LINES, THEIR_LINES, REPLIES = 4000, 4600, 21188
ASK_LINES = 1400
MESSAGE_READS = 3
LINK_BYTES = 3400
LINK_SECONDS = 7 * 0.3 + 9 * 0.006 + 0.006 * 7
ASK_SECONDS, RENEWAL_SECONDS = 0.02, 0.36
VISIT_SECONDS, AT_ONCE = 3 * 0.3 + 0.03, 64
MEMORY_GB = 0.25

# Assumed.
DAYS = 30
SECONDS = DAYS * 86400
# What is due daily comes a little early, each time by another while, so that not all come at once.
JITTER = 1.067
ASKS, RENEWED, NEW = 100, 0.8, 0.05
# A delivery with one message: more of them in one cost less.
MESSAGE_SECONDS, MESSAGE_LINES = 0.04, 1000
RENEWAL_DAYS = 58
FAILURE_METRICS = 25
# A new table paid by the request has as many partitions, and the stream a shard for each.
SHARDS, READS_A_SECOND, PIPES = 4, 4, 2


def number(pattern: str, page: str) -> list[int]:
    found = re.search(pattern, (PROJECT / "docs" / page).read_text())
    if not found:
        sys.exit(f"cost: docs/{page} no longer has what matches {pattern}")
    return [int(part or 0) for part in found.groups()]


def alarm_metrics(*conditions: str | None) -> tuple[int, int]:
    """How many alarms there are under these conditions (none of them: always), and how many metrics are looked at."""

    class Names(yaml.SafeLoader):
        pass

    def plain(loader: Any, _: str, node: Any) -> Any:
        match node:
            case yaml.MappingNode():
                return loader.construct_mapping(node, True)
            case yaml.SequenceNode():
                return loader.construct_sequence(node, True)
        return None

    def metrics(alarm: dict[str, Any]) -> int:
        return max(1, sum("MetricStat" in metric for metric in alarm.get("Metrics", [])))

    Names.add_multi_constructor("!", plain)
    resources = yaml.load((PROJECT / "template.yaml").read_text(), Loader=Names)["Resources"].values()
    alarms = [resource for resource in resources if resource["Type"] == "AWS::CloudWatch::Alarm"]
    found = [alarm["Properties"] for alarm in alarms if alarm.get("Condition") in conditions]
    # A condition adds whole alarms, and metrics to others.
    parts = [metric for alarm in alarms for metric in alarm["Properties"].get("Metrics", []) if isinstance(metric, list)]
    return len(found), sum(map(metrics, found)) + sum(condition in conditions for condition, *_ in parts)


def traced(requests: float) -> float:
    """The first of each second, and one in twenty of the rest."""
    first = min(requests, SECONDS)
    return (first + 0.05 * (requests - first)) * TRACE


LINK_WRITES, LINK_READS = number(r"\*\*sum\*\* \| \*\*(\d+)\*\* \| \*\*(\d+)\*\*", "architecture.md")
[RUN_READS] = number(r"\| a run, whatever is due[^|]*\| (\d+) ", "architecture.md")
[FEW_READS] = number(r"\| the same, where 256 records[^|]*\| (\d+) ", "architecture.md")
LOOK_READS, LOOK_WRITES = number(r"\| a store looked at[^|]*\| (\d+) \| (\d+) ", "architecture.md")
RENEW_READS, RENEW_WRITES = number(r"\| a store renewed[^|]*\| (\d+) \| (\d+) ", "architecture.md")
PERSON_READS, PERSON_WRITES = number(r"\| a person and one Page asked about[^|]*\| (\d+) \| (\d+) ", "architecture.md")
ASK_READS, _ = number(r"\| `connection-tokens` by Page id, nothing to renew[^|]*\| (\d+) \| (\d*)", "architecture.md")
ASK_RENEW_READS, ASK_RENEW_WRITES = number(r"\| `connection-tokens`, renewed first \| (\d+) \| (\d+) ", "architecture.md")
[OWN_METRICS] = number(r"Apart from `Failures` these are (\d+)", "logging.md")
[WHATSAPP_METRICS] = number(r"With WhatsApp there are (\d+) more", "logging.md")
ALARMS, ALARM_METRICS = alarm_metrics(None)
MESSAGE_ALARMS, MESSAGE_ALARM_METRICS = alarm_metrics("HasMetaWebhooks", "HasMessageQueue")
_, WHATSAPP_ALARM_METRICS = alarm_metrics("HasWhatsApp")


def units(writes: float, reads: float) -> float:
    return writes * WRITE + reads * READ


def link() -> list[tuple[str, str, float]]:
    return [
        ("tables, writes", f"{LINK_WRITES} units ([which](architecture.md#what-a-link-costs))", LINK_WRITES * WRITE),
        ("tables, reads", f"{LINK_READS} units", LINK_READS * READ),
        ("Lambda, time at 256 MB on arm64", f"≈ {LINK_SECONDS:.1f} s: 7 calls of providers at 300 ms, 9 of DynamoDB, our own", LINK_SECONDS * MEMORY_GB * GB_SECOND),
        ("Lambda, requests; API", "4 each", 4 * (INVOCATION + API_REQUEST)),
        ("logs: our lines", f"{OUR_LINES / 1000:.1f} KB, metrics included", OUR_LINES / 1e9 * LOG_GB),
        ("logs: Lambda's own lines and the API's", f"≈ {THEIR_LINES / 1000:.1f} KB", THEIR_LINES / 1e9 * LOG_GB),
        ("events: bus and pipes", "2 events", 2 * (BUS_EVENT + PIPE_EVENT)),
        ("data to browsers", f"{REPLIES / 1000:.0f} KB", REPLIES / 1e9 * TRAFFIC_GB),
    ]


def ask(renewed: bool) -> float:
    """One question of the bot, without its trace."""
    tables = units(ASK_RENEW_WRITES, ASK_RENEW_READS) if renewed else units(0, ASK_READS)
    seconds = RENEWAL_SECONDS if renewed else ASK_SECONDS
    return tables + INVOCATION + seconds * MEMORY_GB * GB_SECOND + ASK_LINES / 1e9 * LOG_GB


def message() -> list[tuple[str, str, float]]:
    """One message of a customer, delivered by itself."""
    return [
        ("bus", "1 event of up to 64 KB", BUS_EVENT),
        ("queue", "3 requests: sent, received, deleted", 3 * QUEUE_REQUEST),
        ("API; Lambda, requests", "1 each", API_REQUEST + INVOCATION),
        ("Lambda, time at 256 MB on arm64", f"≈ {MESSAGE_SECONDS * 1000:.0f} ms", MESSAGE_SECONDS * MEMORY_GB * GB_SECOND),
        ("tables, reads", f"{MESSAGE_READS} units", MESSAGE_READS * READ),
        ("logs: ours, Lambda's own and the API's", f"≈ {(MESSAGE_LINES + THEIR_LINES / 4) / 1000:.1f} KB", (MESSAGE_LINES + THEIR_LINES / 4) / 1e9 * LOG_GB),
    ]


def keeping() -> tuple[float, float]:
    """What a link costs while it is kept for a month: tables, and the keeper's time."""
    visits = DAYS * JITTER
    person = visits * units(PERSON_WRITES, PERSON_READS)
    store = DAYS / 7 * JITTER * units(LOOK_WRITES, LOOK_READS) + DAYS / RENEWAL_DAYS * units(RENEW_WRITES, RENEW_READS)
    stored = LINK_BYTES / 1e9 * (STORED_GB + RECOVERY_GB)
    return person + store + stored, visits * VISIT_SECONDS / AT_ONCE * MEMORY_GB * GB_SECOND


def standing() -> list[tuple[str, str, float]]:
    return [
        ("metrics of our own", f"{OWN_METRICS} when each gets a value in every hour, and {FAILURE_METRICS} of failures", (OWN_METRICS + FAILURE_METRICS) * METRIC),
        ("alarms", f"{ALARMS} over {ALARM_METRICS} metrics", ALARM_METRICS * ALARM_METRIC),
        ("dashboard", "1", DASHBOARD),
        ("secret", "1, read 12 times an hour by each of ten instances", SECRET + 10 * 12 * 24 * DAYS * SECRET_READ),
        ("`token-keeper` with nothing due", f"{12 * 24 * DAYS:,} runs of {RUN_READS} reads; of {FEW_READS} with few merchants", 12 * 24 * DAYS * RUN_READS * READ),
        ("pipes that read the stream", f"≈ {PIPES} pipes, {SHARDS} shards, {READS_A_SECOND} reads a second", PIPES * SHARDS * READS_A_SECOND * SECONDS * STREAM_READ),
    ]


def dollars(amount: float) -> str:
    return f"{amount:.2f}" if amount < 100 else f"{amount:,.0f}"


def month(merchants: int) -> list[float]:
    """Tables and keeper's time for what is kept, new links, asks, traces, what stands, and all of it."""
    tables, time = (merchants * part for part in keeping())
    new = merchants * NEW * sum(cost for _, _, cost in link())
    asks = merchants * ASKS * (RENEWED * ask(True) + (1 - RENEWED) * ask(False))
    busy = merchants * ASKS * (RENEWED * RENEWAL_SECONDS + (1 - RENEWED) * ASK_SECONDS) / SECONDS
    fixed = sum(cost for _, _, cost in standing()) + busy * 12 * 24 * DAYS * SECRET_READ
    parts = [tables, time, new, asks, traced(merchants * ASKS) + traced(merchants * NEW * 4), fixed]
    return [*parts, sum(parts)]


def page() -> str:
    links = link()
    lines = ["**A million links**, each of a new store with one Page, from the first login to the linked Page:", "", "| | for one link | for a million |", "|---|---|---|"]
    lines += [f"| {what} | {unit} | {dollars(cost * 1e6)} |" for what, unit, cost in links]
    lines += [f"| **together**, without traces | | **{dollars(sum(cost for _, _, cost in links) * 1e6)}** |", ""]
    tables, time = keeping()
    lines += [
        f"**A million asks of the bot**: {dollars(ask(False) * 1e6)} with nothing to renew, {dollars(ask(True) * 1e6)} with a renewal, which is the rule: a Shopify token lives for an hour.",
        "",
        f"**Keeping a million links for a month** ([units](architecture.md#what-keeping-costs)): tables {dollars(tables * 1e6)}, `token-keeper`'s time {dollars(time * 1e6)}.",
        f"The daily question about each person's token is {DAYS * JITTER * units(PERSON_WRITES, PERSON_READS) / tables:.0%} of the tables.",
        "",
        f"**A million messages**, with `MetaWebhooks`, each delivered by itself; besides {dollars(MESSAGE_ALARM_METRICS * ALARM_METRIC)} a month for {MESSAGE_ALARMS} more alarms:",
        "",
        "| | for one message | for a million |",
        "|---|---|---|",
    ]
    lines += [f"| {what} | {unit} | {dollars(cost * 1e6)} |" for what, unit, cost in message()]
    lines += [
        f"| **together**, without traces | | **{dollars(sum(cost for _, _, cost in message()) * 1e6)}** |",
        "",
        "**Standing**, a month, whatever happens:",
        "",
        "| | | a month |",
        "|---|---|---|",
    ]
    lines += [f"| {what} | {unit} | {dollars(cost)} |" for what, unit, cost in standing()]
    lines += [
        f"| **together** | | **{dollars(sum(cost for _, _, cost in standing()))}** |",
        "",
        f"With WhatsApp {dollars(WHATSAPP_METRICS * METRIC + WHATSAPP_ALARM_METRICS * ALARM_METRIC)} more: {WHATSAPP_METRICS} metrics of our own, and {WHATSAPP_ALARM_METRICS} that alarms look at.",
        "",
        f"**A month by merchants**, each with a store, a person and a Page: {NEW:.0%} of them new, {ASKS} asks of the bot for each, {RENEWED:.0%} of these with a renewal.",
        "",
        "| merchants | kept: tables | kept: keeper | new links | asks | traces | standing | **together** |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for merchants in (1_000, 100_000, 1_000_000, 10_000_000):
        *parts, total = map(dollars, month(merchants))
        lines.append(f"| {merchants:,} | {' | '.join(parts)} | **{total}** |")
    return "\n".join(lines) + "\n"


def main() -> int:
    text = PAGE.read_text()
    before, _, rest = text.partition(BEGIN)
    written, _, after = rest.partition(END)
    if not after:
        sys.exit(f"cost: {PAGE.name} lacks {BEGIN.strip()} or {END.strip()}")
    if written == page():
        return 0
    if "--write" not in sys.argv[1:]:
        print(f"cost: {PAGE.name} says otherwise; python3 tests/rehearsal/cost.py --write puts in\n\n{page()}", file=sys.stderr)
        return 1
    PAGE.write_text(before + BEGIN + page() + END + after)
    return 0


if __name__ == "__main__":
    sys.exit(main())
