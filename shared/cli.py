"""The command line of every service: `python -m services.<name> [--role …]` and `… dead …`."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, TypeVar

import typer
import uvloop

from shared import logging, telemetry
from shared.bus.dead_letters import DeadLetter
from shared.process import ALL_ROLES, Process, ProcessRole, stop_on_signals
from shared.service import Platform, Service
from shared.settings import Settings

S = TypeVar("S", bound=Settings)
R = TypeVar("R")


def command_line(
    name: str, settings: Callable[[], S], build: Callable[[Platform[S]], Service]
) -> typer.Typer:
    """The Typer app of one service. Settings are read when a command runs, not before."""
    cli = typer.Typer(
        help=f"The {name} service.", pretty_exceptions_show_locals=False, no_args_is_help=False
    )
    dead = typer.Typer(help="Messages that could not be handled.", no_args_is_help=True)
    cli.add_typer(dead, name="dead")

    @cli.callback(invoke_without_command=True)
    def run(
        context: typer.Context,
        role: Annotated[
            list[ProcessRole] | None,
            typer.Option(help="Run only this role; may be given more than once."),
        ] = None,
    ) -> None:
        """Run the service: all roles in one process, unless --role names some."""
        if context.invoked_subcommand is None:
            uvloop.run(_serve(name, settings(), build, frozenset(role or ALL_ROLES)))

    def with_process(use: Callable[[Process], Coroutine[Any, Any, R]]) -> R:
        async def main() -> R:
            process = Process(build(Platform.connect(settings())), frozenset())
            try:
                return await use(process)
            finally:
                await process.close()

        return asyncio.run(main())

    @dead.command("list")
    def list_(queue: Annotated[str | None, typer.Option()] = None) -> None:
        """The oldest 100 of each queue, or of one."""

        async def use(process: Process) -> list[DeadLetter]:
            names = [queue] if queue else process.dead_letters.queues
            return [letter for name in names for letter in await process.dead_letters.list(name)]

        for letter in with_process(use):
            why = f"{letter.reason}: {letter.error}"
            typer.echo(f"{letter.letter_id}  {letter.queue}  {letter.type}  {why}")

    @dead.command()
    def show(letter_id: str) -> None:
        """One letter with all that is known of it."""
        found = with_process(lambda process: process.dead_letters.show(letter_id))
        if found is None:
            typer.echo("no such dead letter", err=True)
            raise typer.Exit(1)
        typer.echo(found.model_dump_json(indent=2))

    @dead.command()
    def redrive(
        letter_id: Annotated[str | None, typer.Argument()] = None,
        everything: Annotated[bool, typer.Option("--all")] = False,
    ) -> None:
        """Put one letter, or --all, back into its queue, to be tried again."""
        matches = _chosen(letter_id, everything)
        count = with_process(lambda process: process.dead_letters.redrive(matches))
        typer.echo(f"{count} given back")

    @dead.command()
    def discard(
        letter_id: Annotated[str | None, typer.Argument()] = None,
        everything: Annotated[bool, typer.Option("--all")] = False,
    ) -> None:
        """Delete one letter, or --all."""
        matches = _chosen(letter_id, everything)
        count = with_process(lambda process: process.dead_letters.discard(matches))
        typer.echo(f"{count} thrown away")

    return cli


def _chosen(letter_id: str | None, everything: bool) -> Callable[[DeadLetter], bool]:
    if (letter_id is None) != everything:
        raise typer.BadParameter("name one letter, or say --all")
    return lambda letter: everything or letter.letter_id == letter_id


async def _serve(
    name: str, settings: S, build: Callable[[Platform[S]], Service], roles: frozenset[ProcessRole]
) -> None:
    logging.configure(name, settings.log_format, settings.log_level)
    spans = telemetry.configure(name, settings.otel_exporter_otlp_endpoint, settings.trace_sample)
    await Process(build(Platform.connect(settings)), roles).serve(stop_on_signals())
    spans.shutdown()
