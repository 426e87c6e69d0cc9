"""What a person may do on the platform, beyond being a participant.

A role is a job, granted by an administrator and carried in the access token. Rights that belong to
one thing (the owner of a profile, a juror of one call) are not roles: the service that owns the
thing knows them.
"""

from enum import StrEnum


class Role(StrEnum):
    ADMIN = "admin"  # grants roles, handles dead letters
    REGISTRAR = "registrar"  # approves designers and spaces
    ORGANISER = "organiser"  # makes the festival programme
    TREASURER = "treasurer"  # takes payments, gives money back
    GATE = "gate"  # checks tickets
    CALLS = "calls"  # runs calls and competitions
    OFFICER = "officer"  # follows initiatives and work items
    SUPPORT = "support"  # reads the message log
