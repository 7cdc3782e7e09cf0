"""Makes a folder from which a stack is deployed with Python and the SAM command line alone: package.py [--quick] DIST VERSION RELEASE ARCHITECTURE=FOLDER...

VERSION is what the binaries tell of themselves, RELEASE the version whose section of CHANGELOG.md becomes the notes (or Unreleased). Each FOLDER has FUNCTION/bootstrap for every
function of template.yaml, and operator/bootstrap. The same input makes the same bytes, at any time and in any folder. --quick hardly compresses. ./dev release and ./dev rehearse call it.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

PROJECT = pathlib.Path(__file__).resolve().parents[1]
# What an operator needs besides the functions.
KEPT = ("adopt.yaml", "dev", "front.yaml", "LICENSE", "samconfig.toml", "stack-policy.json", "tools/boto3.txt")
CODE = re.compile(r"CodeUri: functions/(\S+)")
ARCHITECTURE = re.compile(r"^(  Architecture:\n(?:    .*\n)*?)    Default: \S+\n    AllowedValues: \[.*\]\n", re.MULTILINE)
OUTPUT = re.compile(r"^(  Version: \{.* Value: )\S+", re.MULTILINE)
# Earlier times do not exist in a zip file. Never the time of a build: the same code would be uploaded and published again.
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def replace(pattern: re.Pattern[str], by: str, text: str) -> str:
    """Replaces what has to be there once."""
    text, found = pattern.subn(by, text)
    assert found == 1, f"template.yaml has {pattern.pattern} {found} times"
    return text


def zip_function(binary: pathlib.Path, to: pathlib.Path, level: int) -> None:
    entry = zipfile.ZipInfo("bootstrap", LONG_AGO)
    # As on Unix, a file that all may run: Lambda's user is not its owner.
    entry.create_system, entry.external_attr, entry.compress_type = 3, 0o100755 << 16, zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(to, "w") as file:
        file.writestr(entry, binary.read_bytes(), compresslevel=level)


def packaged(template: str, version: str, architecture: str) -> str:
    """The template with zip files in place of sources. It knows one architecture, so that no stack gets binaries that it can't run."""
    template = CODE.sub(rf"CodeUri: ./{architecture}/\1.zip", template)
    template = replace(ARCHITECTURE, rf"\g<1>    Default: {architecture}\n    AllowedValues: [{architecture}]\n", template)
    return replace(OUTPUT, rf"\g<1>{version}", template)


def notes(release: str) -> str:
    """The changelog's section of a version."""
    sections = re.split(r"^## ", (PROJECT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)
    found = [section for section in sections[1:] if re.match(rf"\[?{re.escape(release)}\]?(\s|$)", section)]
    if len(found) != 1:
        sys.exit(f"package.py: CHANGELOG.md has no section {release}")
    return f"# messenger-link {found[0].rstrip()}\n"


def needed(metadata: Mapping[str, Any], roots: set[str]) -> Iterator[Mapping[str, Any]]:
    """The packages that are in the roots' binaries: no tests' and no build scripts'."""
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    seen, new = set[str](), {package["id"] for package in metadata["packages"] if package["name"] in roots}
    while new:
        seen |= new
        new = {dep["pkg"] for name in new for dep in nodes[name]["deps"] if any(kind["kind"] is None for kind in dep["dep_kinds"])} - seen
    return (package for package in metadata["packages"] if package["id"] in seen)


def bill_of_materials(version: str, binaries: Mapping[str, pathlib.Path]) -> dict[str, Any]:
    """What the binaries are made of, in CycloneDX's format, and the sum of each binary."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1"]
    for processor in ("aarch64", "x86_64"):
        command += ["--filter-platform", f"{processor}-unknown-linux-gnu"]
    metadata = json.loads(subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE).stdout)
    lock = re.findall(r'^name = "(.+)"\nversion = "(.+)"\nsource = ".+"\nchecksum = "(.+)"$', (PROJECT / "Cargo.lock").read_text(), re.MULTILINE)
    sums = {(name, number): checksum for name, number, checksum in lock}
    components: list[dict[str, Any]] = []
    for package in needed(metadata, {path.rpartition("/")[2] for path in binaries}):
        # Our own are of no registry.
        if checksum := sums.get((package["name"], package["version"])):
            name = f"pkg:cargo/{package['name']}@{package['version']}"
            # An older way to write the same.
            terms = [{"expression": re.sub(r"\s*/\s*", " OR ", package["license"])}] if package["license"] else []
            hashes = [{"alg": "SHA-256", "content": checksum}]
            components.append({"type": "library", "bom-ref": name, "name": package["name"], "version": package["version"], "licenses": terms, "hashes": hashes, "purl": name})
    for path, binary in binaries.items():
        hashes = [{"alg": "SHA-256", "content": digest(binary)}]
        components.append({"type": "application", "bom-ref": path, "name": path, "version": version, "hashes": hashes})
    made = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), datetime.timezone.utc)
    whole = {"type": "application", "bom-ref": "messenger-link", "name": "messenger-link", "version": version}
    sorted_components = sorted(components, key=lambda component: component["bom-ref"])
    content = json.dumps(sorted_components)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": uuid.uuid5(uuid.NAMESPACE_OID, content).urn,
        "version": 1,
        "metadata": {"timestamp": made.strftime("%Y-%m-%dT%H:%M:%SZ"), "component": whole},
        "components": sorted_components,
    }


def digest(path: pathlib.Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def package(dist: pathlib.Path, version: str, release: str, folders: Mapping[str, pathlib.Path], level: int) -> None:
    template = (PROJECT / "template.yaml").read_text()
    functions = sorted(set(CODE.findall(template)))
    told = notes(release)
    # Nothing of an earlier one may stay.
    shutil.rmtree(dist, ignore_errors=True)
    (dist / "operations").mkdir(parents=True)
    (dist / "tools").mkdir()
    for file in KEPT:
        shutil.copy(PROJECT / file, dist / file)
    for program in sorted((PROJECT / "operations").glob("*.py")):
        shutil.copy(program, dist / "operations" / program.name)
    binaries: dict[str, pathlib.Path] = {}
    for architecture, folder in folders.items():
        (dist / architecture).mkdir()
        for name in functions:
            zip_function(folder / name / "bootstrap", dist / architecture / f"{name}.zip", level)
        shutil.copy(folder / "operator" / "bootstrap", dist / architecture / "operator")
        binaries |= {f"{architecture}/{name}": folder / name / "bootstrap" for name in (*functions, "operator")}
        # The first is what `sam deploy` takes where nothing is said.
        name = "template" if not list(dist.glob("template*")) else f"template-{architecture}"
        (dist / f"{name}.yaml").write_text(packaged(template, version, architecture))
    (dist / "RELEASE_NOTES.md").write_text(told)
    (dist / "sbom.cdx.json").write_text(json.dumps(bill_of_materials(version, binaries), indent=1) + "\n")
    files = sorted(path for path in dist.rglob("*") if path.is_file())
    (dist / "SHA256SUMS").write_text("".join(f"{digest(path)}  {path.relative_to(dist).as_posix()}\n" for path in files))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Makes a folder from which a stack is deployed without a build.")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("dist", type=pathlib.Path)
    parser.add_argument("version")
    parser.add_argument("release")
    parser.add_argument("folders", nargs="+", metavar="ARCHITECTURE=FOLDER")
    told = parser.parse_args()
    parts = (folder.partition("=") for folder in told.folders)
    package(told.dist, told.version, told.release, {name: pathlib.Path(folder) for name, _, folder in parts}, 1 if told.quick else 9)
