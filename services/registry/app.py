"""The registry: everything is built and joined here."""

from datetime import timedelta

from services import registry
from services.registry.designers import api as designers_api
from services.registry.designers import store as designers_store
from services.registry.designers.store import Profiles
from services.registry.people import api as people_api
from services.registry.people import store as people_store
from services.registry.people.store import People
from services.registry.settings import Settings
from services.registry.sign_in import api as signin_api
from services.registry.sign_in import store as signin_store
from services.registry.sign_in.access_token import AccessTokenSigner
from services.registry.sign_in.service import SignInService
from services.registry.sign_in.store import Challenges, DeviceSignIns
from services.registry.spaces import api as spaces_api
from services.registry.spaces import store as spaces_store
from services.registry.spaces.store import Spaces
from shared.http.keys import TrustedKeys
from shared.service import Platform, Service
from shared.settings import Issuer
from shared.signing import KeyRing


def build(platform: Platform[Settings]) -> Service:
    settings, mongo, outbox = platform.settings, platform.mongo, platform.outbox
    signer = AccessTokenSigner(
        KeyRing(settings.signing_keys.get_secret_value()),
        settings.token_issuer,
        settings.token_audience,
        timedelta(minutes=settings.access_minutes),
    )
    people = People(mongo, outbox)
    sign_in = SignInService(
        mongo,
        settings,
        platform.clock,
        people,
        Challenges(mongo, outbox),
        DeviceSignIns(mongo),
        signer,
    )
    ourselves = Issuer(
        issuer=settings.token_issuer,
        jwks_url=f"{settings.token_issuer}/.well-known/jwks.json",
        audience=settings.token_audience,
        home=True,
    )
    return Service(
        name="registry",
        title="Registry: people, designers, creative spaces",
        platform=platform,
        description=registry.__doc__ or "",
        routers=[signin_api.router, people_api.router, designers_api.router, spaces_api.router],
        provides=[sign_in, signer, people, Profiles(mongo, outbox), Spaces(mongo, outbox)],
        indexes=[
            *signin_store.INDEXES,
            *people_store.INDEXES,
            *designers_store.INDEXES,
            *spaces_store.INDEXES,
        ],
        trusted=[TrustedKeys(ourselves, signer.keys.public, fixed=True)],
    )
