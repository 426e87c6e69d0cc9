"""Identifiers: UUIDv7 (RFC 9562), made by whoever creates the thing.

They sort roughly by time of creation, which keeps indexes compact. They are not strictly ordered:
two machines' clocks differ. So nothing may page by "greater than the last id seen".
"""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return uuid7()
