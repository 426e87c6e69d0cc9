"""The service does what its OpenAPI document says, whatever it is asked (Schemathesis)."""

import pytest

from services.notifications.messages.rules import Status
from shared.ids import new_id
from shared.roles import Role
from tests.helping.conformance import must_conform, strange_methods
from tests.notifications.scene import Scene, a_person, a_session, a_ticket


@pytest.mark.long
@pytest.mark.timeout(240)
async def test_every_answer_is_one_that_the_document_names(stage: Scene) -> None:
    person, session = a_person(), a_session()
    await stage.know(session, person)
    sent = await stage.becomes(await stage.tell(a_ticket(person, session)), Status.SENT)
    known = {"message_id": [str(sent["_id"])], "person_id": [str(person.person_id)]}
    people = [(person.person_id, []), (new_id(), [Role.ADMIN])]
    await must_conform(stage.service, known, people)


async def test_no_address_takes_a_method_it_does_not_name(stage: Scene) -> None:
    answered = await strange_methods(stage.service)
    assert {method: status for method, status in answered.items() if status != 405} == {}
