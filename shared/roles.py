"""Roles: what a person may do on the platform beside taking part.

An administrator grants a role, and the access token carries it. A right to one single thing (the
owner of a profile, a juror of one call) is not a role: the service that has the thing knows it.
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
