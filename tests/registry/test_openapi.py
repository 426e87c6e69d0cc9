"""The service does what its OpenAPI document says, whatever it is asked (Schemathesis)."""

import pytest

from shared.ids import new_id
from shared.roles import Role
from tests.helping.conformance import must_conform, strange_methods
from tests.registry.conftest import Door, bearer


@pytest.mark.long
@pytest.mark.timeout(240)
async def test_every_answer_is_one_that_the_document_names(door: Door) -> None:
    lan = await door.sign_in("lan@example.com")
    me = (await door.me(lan["access_token"])).json()
    space = {
        "name": {"vi": "Đình làng Đông Ngạc"},
        "slug": "dinh-dong-ngac",
        "kind": "gathering",
        "address": "Ngõ 3",
        "ward": "Phường Đông Ngạc",
    }
    async with door.running.as_(Role.REGISTRAR) as registrar:
        made = await registrar.post("/v1/spaces", json=space)
        assert made.status_code == 201, made.text
    profile = {"name": "Xưởng Lan", "discipline": "craft", "about": "Giấy dó"}
    await door.client.put("/v1/designers/me", json=profile, headers=bearer(lan["access_token"]))
    await must_conform(
        door.running,
        {"person_id": [me["id"]], "designer_id": [me["id"]], "space_id": [made.json()["id"]]},
        [(new_id(), [Role.REGISTRAR]), (me["id"], [])],
    )


async def test_no_address_takes_a_method_it_does_not_name(door: Door) -> None:
    answered = await strange_methods(door.running)
    assert {method: status for method, status in answered.items() if status != 405} == {}
