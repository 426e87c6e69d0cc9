"""Programs that we start and end. Each has its own process group and a file for its output."""

import atexit
import contextlib
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import psutil

from shared.testing import orphans


class DidNotStart(Exception):
    """A server does not start. The message says where its output is."""


class _Guard:
    """Ends our children if this process is killed. Does nothing until it is switched on."""

    def __init__(self) -> None:
        self._helper: subprocess.Popen[bytes] | None = None

    def switch_on(self) -> None:
        if self._helper is None:
            self._helper = subprocess.Popen(
                [sys.executable, "-I", "-S", orphans.__file__],
                stdin=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,  # Ctrl-C must not end it before us
            )
            atexit.register(self._switch_off)

    def add(self, group: int) -> None:
        self._tell(f"+{group}\n")

    def discard(self, group: int) -> None:
        self._tell(f"-{group}\n")

    def _tell(self, line: str) -> None:
        if self._helper is not None and self._helper.stdin is not None:
            self._helper.stdin.write(line.encode())

    def _switch_off(self) -> None:
        if self._helper is not None:
            self._helper.communicate()
            self._helper = None


_guard = _Guard()


def end_with_this_process() -> None:
    """From now on whatever this process starts ends with it, even if it is killed (SIGKILL).

    For tests and benchmarks. What `make up` starts stays when the command has ended.
    """
    _guard.switch_on()


class Child:
    """A program that we started. It is ended by its process group, and nothing else is."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        log: Path,
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [str(part) for part in command],
                env=dict(env) if env is not None else None,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid = self._process.pid
        _guard.add(self.pid)

    def may_open_files(self) -> None:
        """Allow it as many open files as this machine does; a shell often allows only 1,024."""
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.prlimit(self.pid, resource.RLIMIT_NOFILE, (most, most))

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def stop(self, seconds: float = 15) -> None:
        """Ask it to end; kill it if it does not in time."""
        if self.running:
            self.signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
        self.kill()

    def kill(self) -> None:
        """End it at once (SIGKILL), as if the power failed."""
        self.signal(signal.SIGKILL)
        self._process.wait()
        _guard.discard(self.pid)

    def pause(self) -> None:
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.signal(signal.SIGCONT)

    def tail(self, lines: int = 15) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def stop_groups(leaders: Iterable[int], seconds: float = 15) -> None:
    """End process groups that an earlier command started, all of them at the same time."""
    left = [pid for pid in leaders if _signal_group(pid, signal.SIGTERM)]
    deadline = time.monotonic() + seconds
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = [pid for pid in left if _lives(pid)]
    for pid in left:
        _signal_group(pid, signal.SIGKILL)


def _lives(leader: int) -> bool:
    """True until the leader has ended. In a container a zombie may stay; it has ended, too."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(leader, os.WNOHANG)
    try:
        return psutil.Process(leader).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _signal_group(leader: int, number: int) -> bool:
    """Send it to the group; False if nobody is left in it."""
    try:
        os.killpg(leader, number)
    except ProcessLookupError:
        return False
    return True
