"""`python -m services.registry`: run it. `… keys new`: make signing keys."""

import typer

from services.registry.app import build
from services.registry.settings import Settings
from services.registry.signin.tokens import new_keys
from shared.cli import command_line

cli = command_line("registry", Settings, build)
keys = typer.Typer(help="The keys that access tokens are signed with.", no_args_is_help=True)
cli.add_typer(keys, name="keys")


@keys.callback()
def _group() -> None:
    """A group even while it has one command."""


@keys.command()
def new() -> None:
    """Print a private key set with one fresh key, for SIGNING_KEYS. Keep it secret."""
    typer.echo(new_keys())


if __name__ == "__main__":
    cli()
