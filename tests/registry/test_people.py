"""People: what they say of themselves, which jobs they are given, what others are told of it."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from services.registry.app import build
from services.registry.people.rules import (
    ChangeContact,
    PersonUnknown,
    Register,
    SetRoles,
    decide,
)
from services.registry.settings import Settings
from shared.contracts.registry import PersonContactChanged, PersonRegistered
from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import running
from shared.testing.scenarios import given
from tests.helping.told import sequences, told
from tests.registry.conftest import API, Door, bearer

EMAIL = "dang.thu.ha@hanoi.example"
SOMEBODY = new_id()
REGISTER = Register(SOMEBODY, EMAIL, "vi")
CONTACT = ChangeContact(name="Đặng Thu Hà", phone="+84912345678", language="en")


def test_registering_tells_how_to_write_to_them() -> None:
    person = (
        given(decide)
        .when(REGISTER)
        .then(PersonRegistered(person_id=SOMEBODY, email=EMAIL, language="vi"))
    )
    assert person.roles == ()


def test_registering_twice_changes_nothing() -> None:
    given(decide, REGISTER).when(Register(SOMEBODY, "khac@hanoi.example", "en")).then()


def test_a_change_tells_everything_not_only_what_changed() -> None:
    changed = PersonContactChanged(
        person_id=SOMEBODY, email=EMAIL, phone="+84912345678", name="Đặng Thu Hà", language="en"
    )
    given(decide, REGISTER).when(CONTACT).then(changed)
    only_the_name = ChangeContact("Đặng Thị Thu Hà", CONTACT.phone, CONTACT.language)
    given(decide, REGISTER, CONTACT).when(only_the_name).then(
        changed.model_copy(update={"name": "Đặng Thị Thu Hà"})
    )


def test_what_is_left_out_is_taken_away() -> None:
    given(decide, REGISTER, CONTACT).when(ChangeContact(None, None, "vi")).then(
        PersonContactChanged(person_id=SOMEBODY, email=EMAIL, language="vi")
    )


def test_saying_the_same_again_tells_nobody() -> None:
    given(decide, REGISTER, CONTACT).when(CONTACT).then()


def test_roles_are_nobody_elses_business() -> None:
    person = given(decide, REGISTER).when(SetRoles((Role.GATE, Role.ADMIN, Role.GATE))).then()
    assert person.roles == (Role.ADMIN, Role.GATE)


@pytest.mark.parametrize("command", [CONTACT, SetRoles(())], ids=["contact", "roles"])
def test_nobody_can_be_changed_before_they_are_registered(command: object) -> None:
    given(decide).when(command).then_refused(PersonUnknown)


@pytest.fixture
async def me(door: Door) -> AsyncIterator[httpx.AsyncClient]:
    token = (await door.sign_in(EMAIL))["access_token"]
    async with door.running.anonymous() as client:
        client.headers.update(bearer(token))
        yield client


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0912345678", "+84912345678"),
        ("0912 345 678", "+84912345678"),
        ("+84 (0) 912-345-678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("024 3825 3536", "+842438253536"),
        ("+1 415 555 2671", "+14155552671"),
        (None, None),
    ],
)
async def test_a_phone_number_is_kept_in_one_form(
    me: httpx.AsyncClient, typed: str | None, kept: str | None
) -> None:
    answer = await me.put("/v1/me", json={"name": "Đặng Thu Hà", "phone": typed})
    assert answer.status_code == 200, answer.text
    assert answer.json()["phone"] == kept
    assert (await me.get("/v1/me")).json() == answer.json()


@pytest.mark.parametrize(
    "typed", ["01234567890", "01689 123 456", "0912", "113", "không có", "", "9" * 300]
)
@pytest.mark.parametrize(
    ("language", "words"),
    [("vi", "Giá trị không hợp lệ."), ("en", "not a phone number")],
)
async def test_what_is_no_phone_number_today_is_refused(
    me: httpx.AsyncClient, door: Door, typed: str, language: str, words: str
) -> None:
    answer = await me.put("/v1/me", json={"phone": typed}, headers={"Accept-Language": language})
    assert answer.status_code == 422
    (field,) = answer.json()["errors"]
    assert (field["part"], field["pointer"]) == ("body", "/phone")
    assert words in field["detail"]
    assert await told(door.mongo, PersonContactChanged) == []


async def test_others_are_told_of_each_change_in_full_and_in_order(
    me: httpx.AsyncClient, door: Door
) -> None:
    person = UUID((await me.get("/v1/me")).json()["id"])
    await me.put("/v1/me", json={"name": "Đặng Thu Hà", "language": "en"})
    async with door.running.as_(Role.ADMIN) as admin:
        await admin.put(f"/v1/people/{person}/roles", json={"roles": ["gate"]})
    await me.put("/v1/me", json={"name": "Đặng Thu Hà", "phone": "0912345678", "language": "en"})
    await me.put("/v1/me", json={"name": "Đặng Thu Hà", "phone": "0912345678", "language": "en"})
    facts = {"person_id": person, "email": EMAIL, "name": "Đặng Thu Hà", "language": "en"}
    assert await told(door.mongo, PersonContactChanged) == [
        PersonContactChanged(**facts),
        PersonContactChanged(**facts, phone="+84912345678"),
    ]
    assert await sequences(door.mongo, PersonRegistered, PersonContactChanged) == [1, 2, 4]


async def test_a_name_is_kept_composed_and_trimmed(me: httpx.AsyncClient) -> None:
    answer = await me.put("/v1/me", json={"name": "  Pha\u0323m Thu Ha\u0300 "})
    assert answer.json()["name"] == "Phạm Thu Hà"


async def test_an_edit_of_an_older_version_is_refused(me: httpx.AsyncClient) -> None:
    seen = (await me.get("/v1/me")).headers["etag"]
    first = await me.put("/v1/me", json={"name": "Đặng Hà"}, headers={"If-Match": seen})
    assert first.status_code == 200
    second = await me.put("/v1/me", json={"name": "Đặng Hạ"}, headers={"If-Match": seen})
    assert (second.status_code, second.json()["code"]) == (412, "precondition.failed")
    assert (await me.get("/v1/me")).json()["name"] == "Đặng Hà"
    fresh = {"If-Match": first.headers["etag"]}
    assert (await me.put("/v1/me", json={"name": "Đặng Hạ"}, headers=fresh)).status_code == 200


@pytest.mark.parametrize("email", ["admin@hanoi.example", "QUAN.TRI@Hanoi.example"])
async def test_who_is_named_in_the_settings_becomes_an_administrator(
    door: Door, email: str
) -> None:
    assert (await door.sign_in(email))["person"]["roles"] == ["admin"]


async def test_nobody_else_does(door: Door) -> None:
    for email in ("admin@hanoi.example.net", "administrator@hanoi.example", EMAIL):
        assert (await door.sign_in(email))["person"]["roles"] == []


async def test_an_administrator_keeps_the_roles_they_were_given_since(door: Door) -> None:
    person = (await door.sign_in("admin@hanoi.example"))["person"]
    async with door.running.as_(Role.ADMIN) as admin:
        await admin.put(f"/v1/people/{person['id']}/roles", json={"roles": []})
    assert (await door.sign_in("admin@hanoi.example"))["person"]["roles"] == []


async def test_somebody_registered_before_the_settings_named_them_is_no_administrator(
    settings: Settings,
) -> None:
    for admins, roles in (((), []), ((EMAIL,), [])):
        named = settings.model_copy(update={"admin_emails": admins})
        async with running(build, named, roles=API) as started, started.anonymous() as client:
            assert (await Door(started, client).sign_in(EMAIL))["person"]["roles"] == roles


async def test_an_administrator_finds_a_person_and_gives_them_jobs(door: Door) -> None:
    person = (await door.sign_in(EMAIL))["person"]
    async with door.running.as_(Role.ADMIN) as admin:
        found = await admin.get("/v1/people", params={"email": EMAIL.upper()})
        assert found.json() == person
        address = f"/v1/people/{person['id']}/roles"
        answer = await admin.put(address, json={"roles": ["registrar", "gate", "gate"]})
        assert answer.json()["roles"] == ["gate", "registrar"]
        stale = await admin.put(
            address, json={"roles": []}, headers={"If-Match": found.headers["etag"]}
        )
        assert stale.status_code == 412
        assert (await admin.put(address, json={"roles": ["king"]})).status_code == 422
        unknown = await admin.put(f"/v1/people/{new_id()}/roles", json={"roles": []})
        assert (unknown.status_code, unknown.json()["code"]) == (404, "person.unknown")
        nobody = await admin.get("/v1/people", params={"email": "khong.ai@hanoi.example"})
        assert nobody.status_code == 404


async def test_nobody_gives_themselves_a_job(me: httpx.AsyncClient) -> None:
    mine = (await me.get("/v1/me")).json()
    refused = await me.put(f"/v1/people/{mine['id']}/roles", json={"roles": ["admin"]})
    assert refused.status_code == 403
    sneaked = await me.put("/v1/me", json={"name": "Hà", "roles": ["admin"], "email": "x@y.zz"})
    assert sneaked.json() == mine | {"name": "Hà"}
