"""The service does what its OpenAPI document says, whatever it is asked (Schemathesis)."""

import pytest

from shared.ids import new_id
from shared.roles import Role
from tests.applications.conftest import Office
from tests.helping.conformance import must_conform, strange_methods


@pytest.mark.long
@pytest.mark.timeout(240)
async def test_every_answer_is_one_that_the_document_names(office: Office) -> None:
    author, juror = new_id(), office.jurors[0]
    written = (await office.write()).json()["id"]
    call = await office.open()
    await office.enter(author)
    await office.close()
    known = {"call_id": [call, written], "code": list((await office.codes()).values())}
    people = [(new_id(), [Role.CALLS]), (juror, []), (author, [])]
    await must_conform(office.running, known, people)


async def test_no_address_takes_a_method_it_does_not_name(office: Office) -> None:
    answered = await strange_methods(office.running)
    assert {method: status for method, status in answered.items() if status != 405} == {}
