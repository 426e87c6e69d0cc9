"""Import this to have every event in `CATALOG`."""

from shared.contracts import applications, events, registry
from shared.contracts.base import CATALOG

__all__ = ["CATALOG", "applications", "events", "registry"]
