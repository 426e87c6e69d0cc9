"""`python -m benchmarks`: run them all, print the tables, keep them in RESULTS.md.

`python -m benchmarks rush million` runs some, prints them, and keeps nothing.
"""

import os
import platform
import sys
from importlib import import_module
from pathlib import Path

import uvloop

from benchmarks.servers import servers
from shared.clock import now

ALL = ("events_through", "registrations", "rush", "million")
RESULTS = Path(__file__).parent / "RESULTS.md"


def shape() -> str:
    """The machine, as far as it matters."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, MongoDB and RabbitMQ on the same machine"
    )


async def main() -> None:
    parts = []
    wanted = sys.argv[1:]
    with servers() as at:
        for name in wanted or ALL:
            print(f"· {name}", flush=True)
            table = await import_module(f"benchmarks.{name}").run(at)
            print(f"\n{table.markdown()}", flush=True)
            parts.append(table.markdown())
    if wanted:
        return
    head = (
        "# Benchmarks\n\n"
        "Medians of several rounds; the load comes from the same machine. Quote ratios, not "
        f"figures: both sides of each were measured in the same run. `make bench` writes this.\n\n"
        f"{now():%Y-%m-%d}, {shape()}.\n"
    )
    RESULTS.write_text("\n".join([head, *parts]))


if __name__ == "__main__":
    uvloop.run(main())
