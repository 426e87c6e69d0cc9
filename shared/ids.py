"""Identifiers: UUIDv7 (RFC 9562). The process that creates a thing makes its id.

They sort roughly by time of creation, which keeps indexes compact. The order is not strict, since
the clocks of two machines differ. So never page by "greater than the last id".
"""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return uuid7()
