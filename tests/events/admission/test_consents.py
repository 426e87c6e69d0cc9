"""When a consent is complete, and who has to agree."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from services.events.admission.recordings.consent import (
    ConsentFormVersion,
    Person,
    Signed,
    complete,
)
from services.events.admission.recordings.rules import (
    AddForm,
    Bind,
    Rebind,
    RecordingFacts,
    decide,
    fingerprint,
)
from services.events.admission.scans.rules import ScanDirection, ScanResult, refusal
from shared.ids import new_id
from shared.testing.scenarios import NOON, given
from shared.text import LocalizedProse
from tests.events.admission.test_gate_rules import BEGINS, ENDS, gate, registration, session


def at(minute: int) -> datetime:
    return NOON + timedelta(minutes=minute)


FIRST, MENDED, STRICTER = (
    ConsentFormVersion(1, at(0), False),
    ConsentFormVersion(2, at(30), False),
    ConsentFormVersion(2, at(30), True),
)
LAN = Signed(1, 1, at(10))


@pytest.mark.parametrize(
    ("forms", "signed", "size", "when", "whole"),
    [
        ([], [], 1, None, False),
        ([FIRST], [], 1, None, False),
        ([FIRST], [LAN], 1, None, True),
        ([FIRST], [LAN], 1, at(10), True),
        ([FIRST], [LAN], 1, at(9), False),
        ([FIRST], [LAN], 2, None, False),
        ([FIRST], [Signed(1, 3, at(10))], 2, None, True),
        ([FIRST, MENDED], [LAN], 1, None, True),
        ([FIRST, STRICTER], [LAN], 1, None, False),
        ([FIRST, STRICTER], [LAN], 1, at(29), True),
        ([FIRST, STRICTER], [LAN], 1, at(30), False),
        ([FIRST, STRICTER], [LAN, Signed(2, 1, at(40))], 1, at(35), False),
        ([FIRST, STRICTER], [LAN, Signed(2, 1, at(40))], 1, at(40), True),
        ([FIRST], [Signed(1, 1, at(10), at(20))], 1, at(19), True),
        ([FIRST], [Signed(1, 1, at(10), at(20))], 1, at(20), False),
        ([FIRST], [Signed(1, 1, at(10), at(20))], 1, None, False),
        ([FIRST], [Signed(1, 1, at(10), at(20)), Signed(1, 1, at(25))], 1, at(22), False),
        ([FIRST], [Signed(1, 1, at(10), at(20)), Signed(1, 1, at(25))], 1, at(25), True),
        ([FIRST], [Signed(1, 2, at(10)), Signed(1, 1, at(25))], 2, None, False),
    ],
)
def test_when_a_form_is_whole(
    forms: list[ConsentFormVersion],
    signed: list[Signed],
    size: int,
    when: datetime | None,
    whole: bool,
) -> None:
    assert complete(forms, signed, size, when) is whole
    assert complete(forms, signed[::-1], size, when) is whole, "the order of rows says nothing"


@pytest.mark.parametrize(
    ("direction", "moment", "consented", "answer"),
    [
        (ScanDirection.IN, BEGINS, False, ScanResult.NO_CONSENT),
        (ScanDirection.IN, BEGINS, True, None),
        (ScanDirection.OUT, BEGINS, False, None),
        (ScanDirection.IN, ENDS, False, ScanResult.TOO_LATE),
    ],
)
def test_a_gate_asks_for_it_on_the_way_in(
    direction: ScanDirection, moment: datetime, consented: bool, answer: ScanResult | None
) -> None:
    assert (
        refusal(gate(), registration(), session(), direction, moment, consented=consented) is answer
    )


ADULT = {"name": "Phạm Thị Lụa", "adult": True, "consents": True}
CHILD = {
    "name": "Phạm Gia Bảo",
    "adult": False,
    "age": 9,
    "guardian": "Phạm Thị Lụa",
    "guardian_consents": True,
    "consents": True,
}


@pytest.mark.parametrize(
    ("person", "good"),
    [
        (ADULT, True),
        (ADULT | {"consents": False}, False),
        (ADULT | {"name": " "}, False),
        ({"name": "Ai đó", "consents": True}, False),
        (CHILD, True),
        (CHILD | {"consents": False}, False),
        (CHILD | {"age": 7, "consents": False}, False),
        (CHILD | {"age": 6, "consents": False}, True),
        (CHILD | {"guardian_consents": False}, False),
        (CHILD | {"guardian": ""}, False),
        (CHILD | {"age": 18}, False),
        (CHILD | {"age": -1}, False),
        ({key: value for key, value in CHILD.items() if key != "guardian"}, False),
        ({key: value for key, value in CHILD.items() if key != "age"}, False),
    ],
)
def test_who_has_to_consent(person: dict[str, Any], good: bool) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(Person)
    if good:
        assert adapter.validate_python(person).name == person["name"]
    else:
        with pytest.raises(ValidationError):
            adapter.validate_python(person)


def test_versions_of_a_form_are_added_and_told_apart() -> None:
    facts = RecordingFacts(season="tai-nang-sang-tao", round="Bán kết", episode=3)
    bind = Bind(new_id(), new_id(), facts)
    one, two = LocalizedProse(vi="Tôi đồng ý."), LocalizedProse(vi="Tôi đồng ý được ghi hình.")
    bound = given(decide, bind, AddForm(one, False), AddForm(two, True), AddForm(one, False))
    after = bound.when(Rebind(facts.model_copy(update={"episode": 4}))).then()
    assert [(form.version, form.again) for form in after.forms] == [
        (1, False),
        (2, True),
        (3, False),
    ]
    assert after.forms[0].sha256 == after.forms[2].sha256 == fingerprint(one)
    assert after.forms[0].sha256 != after.forms[1].sha256
