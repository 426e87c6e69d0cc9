"""What routes of every area ask for: who may call them, and what all areas share."""

from typing import Annotated

from fastapi import Depends

from services.events.printing.pdf import Printer
from services.events.settings import Settings
from shared.audit import Audit
from shared.http.access import requires
from shared.http.principal import Principal
from shared.http.provided import provided
from shared.roles import Role

Organiser = Annotated[Principal, Depends(requires(Role.ORGANISER))]
Treasurer = Annotated[Principal, Depends(requires(Role.TREASURER))]
GateStaff = Annotated[Principal, Depends(requires(Role.GATE))]
TheAudit = Annotated[Audit, Depends(provided(Audit))]
TheSettings = Annotated[Settings, Depends(provided(Settings))]
ThePrinter = Annotated[Printer, Depends(provided(Printer))]
