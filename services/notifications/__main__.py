"""`python -m services.notifications`: run it."""

from services.notifications.app import build
from services.notifications.settings import Settings
from shared.cli import command_line

cli = command_line("notifications", Settings, build)

if __name__ == "__main__":
    cli()
