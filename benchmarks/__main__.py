"""`python -m benchmarks`: run them all, print the tables, keep them in RESULTS.md."""

import os
import platform
from pathlib import Path

import uvloop

from benchmarks import events_through, registrations
from benchmarks.servers import servers
from shared.clock import now

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
    with servers() as at:
        for benchmark in (events_through, registrations):
            print(f"· {benchmark.__name__}", flush=True)
            table = await benchmark.run(at)
            print(f"\n{table.markdown()}", flush=True)
            parts.append(table.markdown())
    head = (
        "# Benchmarks\n\n"
        "Medians of several rounds; the load comes from the same machine. Quote ratios, not "
        f"figures: both sides of each were measured in the same run. `make bench` writes this.\n\n"
        f"{now():%Y-%m-%d}, {shape()}.\n"
    )
    RESULTS.write_text("\n".join([head, *parts]))


if __name__ == "__main__":
    uvloop.run(main())
