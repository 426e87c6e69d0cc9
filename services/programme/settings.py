"""Settings of the programme service, and its numbers."""

import shared.settings


class Settings(shared.settings.Settings):
    mongodb_database: str = "programme"
    http_port: int = 8705
