"""What the routes of this service ask for: who may call, and the objects that app.py built."""

from typing import Annotated

from fastapi import Depends

from services.notifications.messages.store import Messages
from shared.http.access import requires
from shared.http.principal import Principal
from shared.http.provided import provided
from shared.roles import Role

Support = Annotated[Principal, Depends(requires(Role.SUPPORT, Role.ADMIN))]

AllMessages = Annotated[Messages, Depends(provided(Messages))]
