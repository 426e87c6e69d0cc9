"""Who calls: a person and their roles."""

from dataclasses import dataclass
from uuid import UUID

from shared.roles import Role


@dataclass(frozen=True, slots=True)
class Principal:
    person_id: UUID
    roles: frozenset[Role] = frozenset()

    def may(self, *roles: Role) -> bool:
        """True if they have one of these roles."""
        return not self.roles.isdisjoint(roles)
