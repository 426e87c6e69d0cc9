"""`python -m services.applications`: run it."""

from services.applications.app import build
from services.applications.settings import Settings
from shared.cli import command_line

cli = command_line("applications", Settings, build)

if __name__ == "__main__":
    cli()
