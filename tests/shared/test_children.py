"""Programs that a process starts end with it, even if it is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local.layout import ROOT
from shared.testing.children import Child, stop_groups

STARTS_ONE = """
import signal, sys
from pathlib import Path
from shared.testing.children import Child, end_with_this_process

if sys.argv[1] == "guarded":
    end_with_this_process()
child = Child("sleeper", ["sleep", "60"], Path(sys.argv[2]) / "log")
print(child.pid, flush=True)
signal.pause()
"""


@pytest.fixture
def started(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[int, int]]:
    """A process and the child it started."""
    command = [sys.executable, "-c", STARTS_ONE, request.param, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        yield parent.pid, child
        parent.kill()
    if psutil.pid_exists(child):
        os.kill(child, signal.SIGKILL)


def ended(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("started", ["guarded"], indirect=True)
def test_a_child_does_not_outlive_a_killed_parent(started: tuple[int, int]) -> None:
    parent, child = started
    os.kill(parent, signal.SIGKILL)
    assert ended(child, 10)


@pytest.mark.parametrize("started", ["unguarded"], indirect=True)
def test_control_without_the_guard_it_does(started: tuple[int, int]) -> None:
    parent, child = started
    os.kill(parent, signal.SIGKILL)
    assert not ended(child, 1)


def test_what_will_not_end_is_killed_in_the_end(tmp_path: Path) -> None:
    deaf = "trap '' TERM; echo deaf; while :; do sleep 0.1; done"
    children = [Child(f"c{n}", ["sh", "-c", deaf], tmp_path / f"{n}.log") for n in range(2)]
    willing = Child("willing", ["sleep", "60"], tmp_path / "willing.log")
    while not all("deaf" in child.tail() for child in children):
        time.sleep(0.02)
    began = time.monotonic()
    stop_groups([child.pid for child in (*children, willing)], seconds=0.5)
    for child in (*children, willing):
        assert ended(child.pid, 5)
        child.kill()
    assert time.monotonic() - began < 5
