"""Who may call what of applications. A wider or a narrower rule changes this table, or fails.

Jurors are no role: what is theirs is open to whoever is signed in, and answers 404 to others
(test_jury.py).
"""

from pydantic import SecretStr

from services.applications.app import build
from services.applications.settings import Settings
from shared.roles import Role
from shared.testing.running import running
from tests.applications.conftest import API
from tests.helping.matrix import EVERYBODY, OPERATIONS, SIGNED_IN, only, who_may

STAFF = only(Role.CALLS)
TABLE = OPERATIONS | {
    "GET /v1/calls": EVERYBODY,
    "POST /v1/calls": STAFF,
    "GET /v1/calls/{call_id}": EVERYBODY,
    "PUT /v1/calls/{call_id}": STAFF,
    "POST /v1/calls/{call_id}/opening": STAFF,
    "POST /v1/calls/{call_id}/closing": STAFF,
    "GET /v1/calls/{call_id}/entry": SIGNED_IN,
    "PUT /v1/calls/{call_id}/entry": SIGNED_IN,
    "POST /v1/calls/{call_id}/entry/submission": SIGNED_IN,
    "GET /v1/calls/{call_id}/entries": SIGNED_IN,
    "PUT /v1/calls/{call_id}/entries/{code}/score": SIGNED_IN,
    "GET /v1/calls/{call_id}/ranking": STAFF,
    "POST /v1/calls/{call_id}/decision": STAFF,
}


async def test_everybody_may_do_what_the_table_says_and_no_more(
    settings: Settings, amqp_url: str
) -> None:
    reachable = settings.model_copy(update={"amqp_url": SecretStr(amqp_url)})
    async with running(build, reachable, roles=API) as applications:
        assert await who_may(applications) == TABLE
