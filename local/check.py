"""`make check`: everything that can be checked without running the system, in parallel."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from local.layout import ROOT

Say = Callable[[str], None]


@dataclass(frozen=True)
class Check:
    what: str  # for people
    command: tuple[str, ...]  # fails with a status other than 0
    reports: bool = False  # what it prints is shown even if it does not fail


def _module(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", *arguments)


# The longest first: the others run beside it.
CHECKS = (
    Check("types", _module("mypy", "--no-error-summary")),
    Check(
        "generated documents",
        _module("local", "docs", "--check", "--breaking", "HEAD"),
        reports=True,
    ),
    Check("lock files", _module("local", "lock", "--check")),
    Check("files: names, lengths, sizes", _module("local", "tree")),
    Check("who may import whom", (str(Path(sys.executable).parent / "lint-imports"), "--no-logo")),
    Check("formatting", _module("ruff", "format", "--check", "-q", ".")),
    Check("lint", _module("ruff", "check", "-q", ".")),
)


def run_checks(say: Say, show: Say, checks: tuple[Check, ...] = CHECKS) -> list[str]:
    """The names of those that failed. `say` gets a line for each, `show` what one printed."""
    failed = []
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        running = {pool.submit(_run, check): check for check in checks}
        for done in as_completed(running):
            check = running[done]
            status, output, seconds = done.result()
            say(f"{check.what}: {'ok' if status == 0 else 'FAILED'} ({seconds:.1f} s)")
            if status != 0:
                failed.append(check.what)
            if output and (status != 0 or check.reports):
                show(output)
    return failed


def _run(check: Check) -> tuple[int, str, float]:
    """Its status, what it printed, how many seconds it took."""
    began = time.monotonic()
    ran = subprocess.run(
        check.command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    output = ran.stdout.decode(errors="replace").rstrip()
    return ran.returncode, output, time.monotonic() - began
