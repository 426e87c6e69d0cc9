"""What must not be read, kept or told where features meet."""

from typing import Any

from shared.roles import Role
from shared.testing.running import Running
from tests.events.admission.test_consents import ADULT, CHILD
from tests.events.admission.test_recordings_api import recording
from tests.events.booking.test_forms import form
from tests.events.festival import Festival
from tests.events.forum.test_guests_api import INVITED, YES, invited
from tests.events.programme.sample_programme import edition, made, published_forum
from tests.helping.told import documents

DIET = {
    "type": "object",
    "properties": {
        "diet": {"type": "string", "labels": {"vi": "Bạn kiêng gì?", "en": "What do you not eat?"}}
    },
    "required": ["diet"],
}
WHY = {"reason": {"vi": "Nghệ sĩ rút lui", "en": "The artist has withdrawn"}}


async def holding(service: Running, *words: str) -> dict[str, set[str]]:
    """In which collections any of these words stand."""
    found: dict[str, set[str]] = {}
    for name, row in await documents(service.platform.mongo):
        for word in words:
            if word in str(row) or word.encode() in _bytes(row):
                found.setdefault(word, set()).add(name)
    return found


def _bytes(row: dict[str, Any]) -> bytes:
    body = row.get("body", b"")
    return body if isinstance(body, bytes) else b""


async def test_why_a_session_nobody_knew_of_is_cancelled_is_not_told(festival: Festival) -> None:
    public, secret = await festival.plan(), await festival.plan()
    await festival.release(sessions=[public])
    await made(festival.organiser, f"/v1/sessions/{secret}/cancellation", WHY)
    async with festival.service.anonymous() as anyone:
        answer = await anyone.get(f"{festival.path}/releases")
        assert "withdrawn" not in answer.text
        assert answer.json()[0]["notes"] is None
    found = await festival.organiser.get(f"/v1/sessions/{secret}")
    assert found.json()["cancelled"]["reason"] == WHY["reason"]
    part = {"sessions": [public, await festival.plan()]}
    release = await made(festival.organiser, f"{festival.path}/cancellations", WHY | part)
    assert (release["notes"], release["counts"]["cancelled"]) == (WHY["reason"], 1)


async def test_what_a_guest_is_called_is_kept_in_no_answer(service: Running) -> None:
    forum, session = await published_forum(service, capacity=5, kinds=INVITED)
    name, company = "Siti Rahmawati", "Budi Santoso"
    async with service.as_(Role.ORGANISER) as staff, service.anonymous() as guest:
        one = await invited(staff, forum, session_id=str(session), companions=1)
        needs = {"diet": "Ăn chay trường", "consent": True}
        said = YES | {"companions": [company], "needs": needs}
        assert (await guest.put(f"{one['path']}/answer", json=said)).is_success
        path = f"/v1/guests/{one['id']}"
        read = await staff.get(path)
        facts = read.json()["facts"] | {"role": "speaker"}
        headers = {"If-Match": read.headers["etag"], "Idempotency-Key": "role-1"}
        changed = await staff.put(path, json=facts, headers=headers)
        assert changed.json()["said"]["name"] == name, "organisers read it all the same"
        where = await holding(service, name, company, "chay trường")
        assert where == {
            name: {"invitations"}, company: {"invitations"}, "chay trường": {"guest_needs"},
        }  # fmt: skip
        assert (await staff.delete(f"{path}/needs")).is_success
        assert (await staff.delete(f"{path}/names")).is_success
        assert await holding(service, name, company, "chay trường") == {}
        again = await staff.put(path, json=facts, headers=headers)
        assert name not in again.text, "an answer that is repeated brings nothing back"


async def test_a_guest_reads_that_the_session_is_cancelled(service: Running) -> None:
    forum, session = await published_forum(service, capacity=5, kinds=INVITED)
    async with service.as_(Role.ORGANISER) as staff, service.anonymous() as guest:
        one = await invited(staff, forum, session_id=str(session))
        await made(staff, f"/v1/sessions/{session}/cancellation", WHY)
        found = (await guest.get(one["path"])).json()
        assert found["occasion"]["cancelled"] == WHY["reason"]
        page = await guest.get(one["path"], headers={"Accept": "text/html"})
        assert "Buổi này đã bị huỷ" in page.text
        assert "The artist has withdrawn" in page.text


async def test_an_evening_past_midnight_does_not_become_a_week(festival: Festival) -> None:
    """What is extended is what lasts until the last day of the edition, 7 to 15 November."""
    terms = {"opens_at": "2026-10-01T00:00:00Z", "closes_at": "2026-11-13T00:00:00+07:00"}

    async def plan(starts: str, ends: str) -> str:
        return await festival.plan(
            starts_at=f"2026-11-{starts}+07:00", ends_at=f"2026-11-{ends}+07:00", **terms
        )

    night = await plan("14T21:00", "15T00:30")
    until_midnight = await plan("14T20:00", "15T00:00")
    last_night = await plan("15T21:00", "16T00:00")
    exhibition = await plan("07T09:00", "16T00:00")  # until the end of the last day
    weekend = await plan("14T09:00", "15T17:00")
    await festival.release()
    longer = await made(festival.organiser, f"{festival.path}/extension", {"ends_on": "2026-11-17"})
    assert set(longer["drafts"]) == {exhibition, weekend}
    assert {night, until_midnight, last_night}.isdisjoint(longer["drafts"])
    drafted = (await festival.organiser.get(f"/v1/sessions/{exhibition}")).json()["draft"]
    assert drafted["ends_at"] == "2026-11-17T17:00:00Z"


async def test_a_title_that_xml_cannot_hold_is_refused(service: Running) -> None:
    """One such title, and no program could read the schedule."""
    async with service.as_(Role.ORGANISER) as staff:
        for wrong in ("Hội\uffff chợ", "Hội\ufffe", "\ufdd0", "Hội \U0001fffe chợ"):
            body = edition() | {"name": {"vi": wrong}}
            refused = await staff.post("/v1/editions", json=body)
            assert refused.status_code == 422, repr(wrong)


async def test_what_people_are_called_and_keep_secret_stands_where_it_has_to(
    service: Running,
) -> None:
    """One family's names, answers and secrets: in the store that keeps them, and nowhere else."""
    session, sha256 = await recording(service)
    async with (
        service.as_(Role.ORGANISER) as staff,
        service.as_() as lan,
        service.as_() as minh,
        service.anonymous() as guest,
    ):
        await form(service, session, questions=DIET)
        wish = {"size": 2, "answers": {"diet": "kiêng thịt lợn"}}
        keyed = {"Idempotency-Key": "once"}
        path = f"/v1/sessions/{session}/registrations"
        mine = (await lan.post(path, json=wish, headers=keyed)).json()
        at = f"/v1/registrations/{mine['id']}"
        assert (await lan.put(f"{at}/companions", json={"names": ["Bùi Gia Hân"]})).is_success
        people = [ADULT | {"name": "Lê Ngọc Lan"}, CHILD | {"name": "Lê Gia Hân"}]
        body = {"sha256": sha256, "people": people}
        signed = await lan.post(f"{at}/release", json=body, headers={"Idempotency-Key": "x"})
        assert signed.is_success, signed.text
        paths = [(await made(lan, path))["path"] for path in (f"{at}/pass", "/v1/me/calendar")]
        assert all([(await guest.get(path)).is_success for path in paths])
        secrets = {path.rpartition("/")[2].removesuffix(".ics") for path in paths}
        secrets.add((await lan.put(f"{at}/transfer")).json()["code"])
        where = await holding(
            service, "kiêng thịt", "Bùi Gia Hân", "Lê Ngọc Lan", "Lê Gia Hân", *secrets
        )
        assert where == {
            "kiêng thịt": {"registrations"},
            "Bùi Gia Hân": {"registrations"},
            "Lê Ngọc Lan": {"consents"},
            "Lê Gia Hân": {"consents"},
        }
        edition_id = (await staff.get(f"/v1/sessions/{session}")).json()["edition_id"]
        for sheet in ("registrations", "scans", "schedule"):
            found = await staff.get(f"/v1/editions/{edition_id}/exports/{sheet}.csv")
            assert found.is_success
            assert not any(word in found.text for word in where)
        for path in (at, f"{at}/answers", f"{at}/companions", f"{at}/release", f"{at}/ticket"):
            hidden = await minh.get(path)
            assert (hidden.status_code, hidden.json()["code"]) == (404, "registration.unknown"), (
                path
            )
        # Once it is given up, what was only of use until then is forgotten; the form that was
        # signed stays on record.
        assert (await lan.post(f"{at}/cancellation")).is_success
        where = await holding(service, "kiêng thịt", "Bùi Gia Hân", "Lê Ngọc Lan")
        assert where == {"Lê Ngọc Lan": {"consents"}}


async def test_of_a_guest_whose_invitation_is_revoked_no_need_is_kept(service: Running) -> None:
    """Their link is no longer good: they could not erase it themselves."""
    forum, session = await published_forum(service, capacity=5, kinds=INVITED)
    async with service.as_(Role.ORGANISER) as staff, service.anonymous() as guest:
        one = await invited(staff, forum, session_id=str(session))
        said = YES | {"needs": {"access": "xe lăn điện", "consent": True}}
        assert (await guest.put(f"{one['path']}/answer", json=said)).is_success
        assert (await staff.get(f"/v1/guests/{one['id']}/badge.pdf")).is_success
        assert await holding(service, "xe lăn điện") == {"xe lăn điện": {"guest_needs"}}
        assert (await staff.post(f"/v1/guests/{one['id']}/revocation")).is_success
        assert await holding(service, "xe lăn điện") == {}
        badge = await staff.get(f"/v1/guests/{one['id']}/badge.pdf")
        assert badge.json()["code"] == "badge.no_answer"


async def test_nothing_is_held_in_an_edition_that_is_cancelled(festival: Festival) -> None:
    await festival.release(sessions=[await festival.plan()])
    await made(festival.organiser, f"{festival.path}/cancellation", WHY)
    late = await festival.plan()
    for path in (f"/v1/sessions/{late}/publication", f"{festival.path}/releases"):
        refused = await festival.organiser.post(path, json={})
        assert (refused.status_code, refused.json()["code"]) == (409, "edition.cancelled"), path
    async with festival.service.anonymous() as anyone:
        assert (await anyone.get(f"/v1/sessions/{late}")).status_code == 404
