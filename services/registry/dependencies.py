"""What the routes of this service ask for: who may call, and the objects that app.py built."""

from typing import Annotated

from fastapi import Depends

from services.registry.designers.store import Profiles
from services.registry.people.store import People
from services.registry.sign_in.access_token import AccessTokenSigner
from services.registry.sign_in.service import SignInService
from services.registry.spaces.store import Spaces
from shared.http.access import requires
from shared.http.principal import Principal
from shared.http.provided import provided
from shared.roles import Role

Admin = Annotated[Principal, Depends(requires(Role.ADMIN))]
Registrar = Annotated[Principal, Depends(requires(Role.REGISTRAR))]

AllPeople = Annotated[People, Depends(provided(People))]
AllProfiles = Annotated[Profiles, Depends(provided(Profiles))]
AllSpaces = Annotated[Spaces, Depends(provided(Spaces))]
TheSignInService = Annotated[SignInService, Depends(provided(SignInService))]
TheAccessTokenSigner = Annotated[AccessTokenSigner, Depends(provided(AccessTokenSigner))]
