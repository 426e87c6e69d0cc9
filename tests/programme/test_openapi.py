"""The service does what its OpenAPI document says, whatever it is asked (Schemathesis)."""

import pytest

from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running
from tests.helping.conformance import must_conform, strange_methods
from tests.programme.conftest import Plan


@pytest.mark.long
@pytest.mark.timeout(240)
async def test_every_answer_is_one_that_the_document_names(programme: Running, plan: Plan) -> None:
    known = {
        "item_id": [await plan.add()],
        "work_item_id": [await plan.add()],
        "initiative_id": [plan.initiative],
        "agency_id": [plan.lead],
    }
    await must_conform(programme, known, [(new_id(), [Role.OFFICER])])


async def test_no_address_takes_a_method_it_does_not_name(programme: Running) -> None:
    answered = await strange_methods(programme)
    assert {method: status for method, status in answered.items() if status != 405} == {}
