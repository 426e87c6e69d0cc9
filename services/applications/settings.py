"""Settings of the applications service, and its numbers."""

import shared.settings


class Settings(shared.settings.Settings):
    mongodb_database: str = "applications"
    http_port: int = 8703
