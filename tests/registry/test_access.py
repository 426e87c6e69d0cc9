"""Who may call what of the registry. A wider or a narrower rule changes this table, or fails."""

from pydantic import SecretStr

from services.registry.app import build
from services.registry.settings import Settings
from shared.roles import Role
from shared.testing.running import running
from tests.helping.matrix import EVERYBODY, OPERATIONS, SIGNED_IN, only, who_may
from tests.registry.conftest import API

TABLE = OPERATIONS | {
    "POST /v1/sign-in/challenges": EVERYBODY,
    "POST /v1/sign-in/tokens": EVERYBODY,
    "POST /v1/sign-in/refresh": EVERYBODY,
    "POST /v1/sign-in/end": EVERYBODY,
    "GET /.well-known/jwks.json": EVERYBODY,
    "GET /v1/me": SIGNED_IN,
    "PUT /v1/me": SIGNED_IN,
    "GET /v1/people": only(Role.ADMIN),
    "PUT /v1/people/{person_id}/roles": only(Role.ADMIN),
    "GET /v1/designers": EVERYBODY,
    "GET /v1/designers/me": SIGNED_IN,
    "PUT /v1/designers/me": SIGNED_IN,
    "POST /v1/designers/me/submission": SIGNED_IN,
    "GET /v1/designers/submitted": only(Role.REGISTRAR),
    "GET /v1/designers/{designer_id}": EVERYBODY,
    "POST /v1/designers/{designer_id}/approval": only(Role.REGISTRAR),
    "POST /v1/designers/{designer_id}/return": only(Role.REGISTRAR),
    "GET /v1/spaces": EVERYBODY,
    "POST /v1/spaces": only(Role.REGISTRAR),
    "GET /v1/spaces/{space_id}": EVERYBODY,
    "PUT /v1/spaces/{space_id}": only(Role.REGISTRAR),
    "POST /v1/spaces/{space_id}/publication": only(Role.REGISTRAR),
}


async def test_everybody_may_do_what_the_table_says_and_no_more(
    settings: Settings, amqp_url: str
) -> None:
    reachable = settings.model_copy(update={"amqp_url": SecretStr(amqp_url)})
    async with running(build, reachable, roles=API) as registry:
        assert await who_may(registry) == TABLE
