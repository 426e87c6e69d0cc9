"""Lock files: every version pinned, with hashes, and no index host named.

`requirements.lock` holds all of it, for development and tests. `deploy/locks/<service>.lock` holds
what one service's image needs, at the same versions. `deploy/locks/installer.lock` holds uv alone:
pip installs it, and it installs the rest.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from local.layout import ROOT, SERVICES

MASTER = ROOT / "requirements.lock"
FOLDER = ROOT / "deploy" / "locks"
INSTALLER = FOLDER / "installer.lock"
PROJECT = ROOT / "pyproject.toml"


def write(*, upgrade: bool = True) -> list[Path]:
    """Write every lock file; the paths of those that changed."""
    before = {path: path.read_text() if path.is_file() else "" for path in _paths()}
    FOLDER.mkdir(parents=True, exist_ok=True)
    _compile(PROJECT.name, MASTER, "--all-extras", *(["--upgrade"] if upgrade else []))
    at_the_same_versions = ("--constraints", str(MASTER))
    for service in SERVICES:
        _compile(PROJECT.name, _path(service), "--extra", service, *at_the_same_versions)
    _compile("-", INSTALLER, *at_the_same_versions, text="uv")
    return [path for path, text in before.items() if path.read_text() != text]


def stale() -> list[Path]:
    """Those that do not fit pyproject.toml, or each other, any more. Asks no index."""
    wanted = {path: _pins(path) for path in _paths()}
    return [
        path
        for path, pins in wanted.items()
        if not pins or not pins.items() <= wanted[MASTER].items() or not _covers(path, pins)
    ]


def _covers(path: Path, pins: dict[str, str]) -> bool:
    """True if each requirement that the file is for is pinned within its range."""
    for requirement in map(Requirement, _required(path)):
        pinned = pins.get(canonicalize_name(requirement.name))
        if pinned is None or not requirement.specifier.contains(pinned, prereleases=True):
            return False
    return True


def _required(path: Path) -> list[str]:
    if path == INSTALLER:
        return ["uv"]
    project = tomllib.loads(PROJECT.read_text())["project"]
    extras = project["optional-dependencies"]
    named = [x for extra in extras.values() for x in extra] if path == MASTER else extras[path.stem]
    return [*project["dependencies"], *named]


def _pins(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    lines = (line.split(";")[0].split("\\")[0].strip() for line in path.read_text().splitlines())
    return dict(line.split("==") for line in lines if "==" in line and not line.startswith("--"))


def _paths() -> list[Path]:
    return [MASTER, INSTALLER, *(_path(service) for service in SERVICES)]


def _path(service: str) -> Path:
    return FOLDER / f"{service}.lock"


def _compile(source: str, output: Path, *arguments: str, text: str = "") -> None:
    subprocess.run(
        [
            sys.executable, "-m", "uv", "pip", "compile", source, "--quiet",
            "--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate",
            "--no-header", "--no-emit-index-url", "--no-emit-find-links",
            "--output-file", output, *arguments,
        ],
        check=True,
        cwd=ROOT,
        input=text.encode(),
    )  # fmt: skip
