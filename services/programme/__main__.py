"""`python -m services.programme`: run it."""

from services.programme.app import build
from services.programme.settings import Settings
from shared.cli import command_line

cli = command_line("programme", Settings, build)

if __name__ == "__main__":
    cli()
