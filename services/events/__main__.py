"""`python -m services.events`: run it."""

from services.events.app import build
from services.events.settings import Settings
from shared.cli import command_line

cli = command_line("events", Settings, build)

if __name__ == "__main__":
    cli()
