"""A helper process that ends programs whose starter was killed (see `children.py`).

It reads `+<group>` and `-<group>` lines from a pipe whose other end only the starter holds. When
the starter is gone, however it went, the pipe ends: the groups that are still listed are killed.
Run as a file, with the standard library alone, so that it starts in a few milliseconds.
"""

import os
import signal
import sys
from contextlib import suppress


def main() -> None:
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line[0] == "+":
            groups.add(group)
        else:
            groups.discard(group)
    for group in groups:
        with suppress(OSError):  # it may have ended by itself
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
