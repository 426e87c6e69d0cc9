"""`python -m services.registry`: run it."""

from services.registry.app import build
from services.registry.settings import Settings
from shared.cli import command_line

cli = command_line("registry", Settings, build)

if __name__ == "__main__":
    cli()
