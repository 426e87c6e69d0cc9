"""`python -m local …`, which the Makefile calls."""

import dataclasses
import os
import shutil
import subprocess
import sys
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from local import docs as generated
from local import lock as locks
from local.check import run_checks
from local.demo.story import run_demo
from local.given_servers import without_password
from local.layout import ADMIN, ROOT, SERVICES, Layout, asked_base
from local.people import ApiError
from local.sample.load import STAFF, load_sample
from local.stack import Stack
from local.tree import complaints
from shared.testing.children import DidNotStart

cli = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)
console = Console(highlight=False, emoji=False)


def say(text: str) -> None:
    console.print(f"[dim]·[/] {escape(text)}")


def show(text: str) -> None:
    """As it is: a log may hold brackets, which are no markup, and long lines."""
    console.print(text, markup=False, soft_wrap=True)


def complain(text: str) -> None:
    console.print("[bold red]✗[/] ", end="")
    show(text)


@cli.command()
def up(sample: Annotated[bool, typer.Option(help="Load the Hanoi sample.")] = True) -> None:
    """Start the whole system and load the sample."""
    layout = Layout.default()
    base = asked_base() or layout.base
    if base != layout.base and Stack(layout).running():
        raise DidNotStart(
            f"this system runs already, on the ports from {layout.base} on. To have it on others: "
            f"make down, then LOCAL_PORT_BASE={base} make up"
        )
    layout = dataclasses.replace(layout, base=base)
    stack = Stack(layout)
    with stack.alone():
        stack.up(say)
        if sample:
            load_sample(layout, say)
    _show(layout)


@cli.command()
def down() -> None:
    """End everything that `up` started. The data stays."""
    stack = Stack(Layout.default())
    with stack.alone():
        stack.down(say)


@cli.command()
def reset() -> None:
    """End everything and throw the data away."""
    layout = Layout.default()
    stack = Stack(layout)
    with stack.alone():
        stack.down(say)
        shutil.rmtree(layout.state, ignore_errors=True)
    say(f"{layout.state} is gone")


@cli.command()
def status() -> None:
    """What runs, and whether it is ready."""
    layout = Layout.default()
    stack = Stack(layout)
    table = Table("program", "port", "state", box=None)
    for program in stack.programs():
        state = "not running"
        if stack.runs(program.name):
            state = stack.readiness(program.name) if program.name in SERVICES else "running"
        table.add_row(program.what, str(program.port), escape(state))
    console.print(table)


@cli.command()
def logs(service: Annotated[str | None, typer.Argument()] = None) -> None:
    """Follow the logs of everything, or of one program."""
    folder = Layout.default().logs
    files = [folder / f"{service}.log"] if service else sorted(folder.glob("*.log"))
    if not files or not all(file.is_file() for file in files):
        raise DidNotStart(f"there are no such logs in {folder}; is the system up?")
    os.execvp("tail", ["tail", "-n", "20", "-F", *map(str, files)])


@cli.command()
def demo() -> None:
    """Play the main job over HTTP, as a frontend would, and show each step."""
    run_demo(Layout.default(), console)


@cli.command()
def docs(
    check: Annotated[
        bool, typer.Option(help="Write nothing: fail if they are out of date or lack something.")
    ] = False,
    breaking: Annotated[
        str, typer.Option(help="Report what breaks clients of this commit's documents.")
    ] = "",
    fail: Annotated[bool, typer.Option(help="With --breaking: fail if anything breaks.")] = False,
) -> None:
    """Write docs/openapi and docs/asyncapi.yaml from the code."""
    made = generated.documents()
    changed = generated.stale(made) if check else generated.write(made)
    for path in changed:
        say(f"{'out of date' if check else 'written'}: {path.relative_to(ROOT)}")
    lacking = generated.lacking(made) if check else []
    for line in lacking:
        typer.echo(f"  {line}")
    broken = generated.broken(made, breaking) if breaking else []
    if broken:
        say(f"breaks clients of the documents of {breaking}:")
    for line in broken:
        typer.echo(f"  {line}")
    if changed and check:
        raise DidNotStart("generated documents differ from the code: run `make docs`")
    if lacking:
        raise DidNotStart("the documents lack what frontends need (local/contract.py)")
    if broken and fail:
        raise DidNotStart(f"{len(broken)} changes break clients")


@cli.command()
def lock(
    check: Annotated[bool, typer.Option(help="Only say whether they fit pyproject.toml.")] = False,
) -> None:
    """Write requirements.lock and deploy/locks from pyproject.toml."""
    changed = locks.stale() if check else locks.write()
    for path in changed:
        say(f"{'out of date' if check else 'written'}: {path.relative_to(ROOT)}")
    if check and changed:
        raise DidNotStart("lock files do not fit pyproject.toml: run `make lock`")


@cli.command()
def tree() -> None:
    """Say which files are too long, too large or strangely named."""
    if found := complaints():
        raise DidNotStart("\n".join(found))


@cli.command()
def check() -> None:
    """Formatting, lint, types, architecture, generated documents: all that needs no system."""
    if failed := run_checks(say, show):
        raise DidNotStart(f"failed: {', '.join(failed)}")


@cli.command()
def run(service: str) -> None:
    """Run one service in the foreground, with the settings it has here (see CONTRIBUTING)."""
    layout = Layout.default()
    env = os.environ | layout.environment(service)
    raise typer.Exit(
        subprocess.run([sys.executable, "-m", f"services.{service}"], env=env).returncode
    )


def _show(layout: Layout) -> None:
    where = Table("what", "where", box=None, title="[bold]Everything runs", title_justify="left")
    for name in SERVICES:
        where.add_row(f"{name} API", f"{layout.url(name)}/docs")
    where.add_row("mail that was sent", layout.url("mail"))
    where.add_row("SMS that were sent", layout.url("sms"))
    where.add_row("MongoDB", without_password(layout.mongodb_url()))
    where.add_row("RabbitMQ", without_password(layout.amqp_url()))
    console.print(where)
    who = Table("account", "may", box=None, title="[bold]Demo accounts", title_justify="left")
    who.add_row(ADMIN, "everything an administrator may")
    for staff in STAFF:
        who.add_row(staff.email, ", ".join(staff.roles) or "judge the sample's call")
    console.print(who)
    console.print(
        "Sign in with any address: the code arrives in the mail sink.\n"
        "Next: [bold]make demo[/] plays the main story · README.md has a tour with curl · "
        "[bold]make logs[/] · [bold]make down[/]"
    )


def main() -> None:
    try:
        cli()
    except (DidNotStart, ApiError) as error:
        complain(str(error))
        sys.exit(1)
    except httpx.ConnectError as error:
        where = error.request.url.netloc.decode()
        complain(f"nothing answers at {where}; is the system up? (`make up`)")
        sys.exit(1)


if __name__ == "__main__":
    main()
