"""Who may read the message log, and what it says."""

from uuid import UUID

from services.notifications.messages.rules import Channel, Status
from shared.contracts.registry import DesignerSubmitted, PersonRegistered
from shared.ids import new_id
from shared.roles import Role
from tests.helping.matrix import OPERATIONS, SIGNED_IN, only, who_may
from tests.notifications.scene import Scene, a_code, a_person, a_session, a_ticket

COLUMNS = {
    "id", "event_id", "person_id", "channel", "template", "language", "to", "status", "attempts",
    "error", "parts", "created_at", "done_at", "correlation_id", "trace_id",
}  # fmt: skip


async def written_to(stage: Scene, letters: int = 0) -> PersonRegistered:
    """Somebody who has a ticket by e-mail and SMS, and so many letters besides."""
    person, session = a_person(phone=True), a_session()
    await stage.know(person, session)
    told = [await stage.tell(a_ticket(person, session))]
    await stage.becomes(told[0], Status.ACCEPTED, channel=Channel.SMS)
    letter = DesignerSubmitted(designer_id=person.person_id)
    told += [await stage.tell(letter) for _ in range(letters)]
    for event_id in told:
        await stage.becomes(event_id, Status.SENT)
    return person


async def test_only_support_and_administrators_read_the_log(stage: Scene) -> None:
    assert await who_may(stage.service) == OPERATIONS | {
        "GET /v1/messages": only(Role.SUPPORT, Role.ADMIN),
        "GET /v1/me/messages": SIGNED_IN,
    }


async def test_support_finds_what_was_sent_to_a_person(stage: Scene) -> None:
    person = await written_to(stage)
    async with stage.service.as_(Role.SUPPORT) as support:
        answer = await support.get("/v1/messages", params={"person_id": str(person.person_id)})
    lines = {line["channel"]: line for line in answer.json()["items"]}
    assert set(lines) == {"email", "sms"}
    assert lines["email"]["to"] == person.email
    assert lines["email"]["status"] == "sent"
    assert lines["sms"]["to"] == person.phone
    assert [part["outcome"] for part in lines["sms"]["parts"]] == ["pending", "pending"]
    assert lines["sms"]["trace_id"] == "0af7651916cd43dd8448eb211c80319c"


async def test_the_log_holds_neither_texts_nor_secrets(stage: Scene) -> None:
    person = a_person()
    with stage.mail.holding():
        event_id = await stage.tell(a_code(person.email, "917355"))
        waiting = await stage.becomes(event_id, Status.SENDING)
        async with stage.service.as_(Role.SUPPORT) as support:
            person_id = {"person_id": str(waiting["person_id"])}
            answer = await support.get("/v1/messages", params=person_id)
    (line,) = answer.json()["items"]
    assert set(line) == COLUMNS
    assert waiting["data"]["code"] == "917355"  # it is there to be sent, and not to be read
    assert "917355" not in answer.text
    await stage.becomes(event_id, Status.SENT)


async def test_the_log_can_be_narrowed_down(stage: Scene) -> None:
    person = await written_to(stage, letters=1)
    gone = a_person()
    stage.mail.to_rcpt[gone.email].append("550 5.1.1 nobody here")
    await stage.know(gone)
    await stage.becomes(
        await stage.tell(DesignerSubmitted(designer_id=gone.person_id)), Status.FAILED
    )

    async def found(who: UUID, **more: str) -> list[str]:
        async with stage.service.as_(Role.SUPPORT) as support:
            params = {"person_id": str(who)} | more
            answer = await support.get("/v1/messages", params=params)
        return sorted(line["template"] for line in answer.json()["items"])

    assert await found(person.person_id, channel="email") == ["profile_received", "ticket"]
    assert await found(person.person_id, channel="sms", status="accepted") == ["ticket"]
    assert await found(person.person_id, status="failed") == []
    assert await found(gone.person_id, status="failed") == ["profile_received"]
    async with stage.service.as_(Role.SUPPORT) as support:
        failed = await support.get("/v1/messages", params={"status": "failed"})
        senseless = await support.get("/v1/messages", params={"status": "eaten"})
    assert {line["status"] for line in failed.json()["items"]} == {"failed"}
    assert senseless.status_code == 422


async def test_the_log_comes_in_pages_the_latest_first(stage: Scene) -> None:
    person = await written_to(stage, letters=5)
    lines, cursor, pages = [], None, 0
    async with stage.service.as_(person=person.person_id) as they:
        while True:
            params = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
            page = (await they.get("/v1/me/messages", params=params)).json()
            lines += page["items"]
            pages += 1
            cursor = page["next"]
            if cursor is None:
                break
            if pages == 1:  # what comes meanwhile neither repeats a line nor hides one
                event = DesignerSubmitted(designer_id=person.person_id)
                await stage.becomes(await stage.tell(event), Status.SENT)
    assert (pages, len(lines), len({line["id"] for line in lines})) == (3, 7, 7)
    made = [line["created_at"] for line in lines]
    assert made == sorted(made, reverse=True)
    assert {line["template"] for line in lines[-2:]} == {"ticket"}


async def test_people_see_their_own_messages_and_nobody_else_s(stage: Scene) -> None:
    person = await written_to(stage)
    async with stage.service.as_(person=person.person_id) as they:
        mine = (await they.get("/v1/me/messages")).json()
    assert {line["person_id"] for line in mine["items"]} == {str(person.person_id)}
    assert len(mine["items"]) == 2
    async with stage.service.as_(person=new_id()) as other:
        sly = {"person_id": str(person.person_id)}
        nothing = await other.get("/v1/me/messages", params=sly)
        refused = await other.get("/v1/messages", params=sly)
    assert nothing.json() == {"items": [], "next": None}
    assert refused.status_code == 403
