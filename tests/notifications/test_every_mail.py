"""Every fact that concerns somebody becomes a mail, in both languages."""

import pytest

from services.notifications.messages.rules import Status
from services.notifications.templates.liquid_templates import FOLDER
from shared.contracts.applications import CallOpened
from shared.contracts.events import ChangeNoticeIssued, RegistrationConfirmed
from shared.contracts.registry import (
    PersonChallenged,
)
from shared.ids import new_id
from shared.testing.scenarios import NOON
from shared.text import LANGUAGES, Language, Localized
from tests.notifications.facts import HERE, a_notice, about, changed
from tests.notifications.scene import Scene, a_code, a_person, a_session


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_fact_that_the_service_listens_to_becomes_a_mail(
    stage: Scene, language: Language
) -> None:
    person, session = a_person(language), a_session(en="Night of making")
    call_id = new_id()
    title = Localized(vi="Cuộc thi thiết kế không gian", en="A contest of spaces")
    await stage.know(person, session)
    await stage.tell(CallOpened(call_id=call_id, title=title, closes_at=NOON, rules_hash="0f"))
    queues = {s.queue: s for s in stage.service.process.service.subscriptions}
    kinds = [r.event for r in queues["notifications.messages"].reactions.values()]
    told = [
        await stage.tell(fact)
        for kind in kinds
        for fact in about(kind, person.person_id, session.session_id, call_id)
    ]
    codes = queues["notifications.codes"].reactions.values()
    assert [reaction.event for reaction in codes] == [PersonChallenged]
    challenge = a_code(person.email).model_copy(update={"language": language})
    told.append(await stage.tell(challenge))

    made = [await stage.becomes(event_id, Status.SENT) for event_id in told]
    assert {message["template"] for message in made} == {
        file.parent.name for file in FOLDER.glob("*/*.liquid")
    }
    mails = stage.mail.to(person.email)
    assert len(mails) == len(told)
    assert {mail.parsed["Content-Language"] for mail in mails} == {language}
    greeting = "Xin chào" if language == "vi" else "Hello"
    assert all(mail.body("plain").startswith(greeting) for mail in mails)


async def test_a_notice_is_read_as_it_was_written_in_the_readers_language_if_it_can(
    stage: Scene,
) -> None:
    person = a_person("en")
    await stage.know(person)
    english = await stage.tell(a_notice(person.person_id, en="Rain"))
    plain = await stage.tell(a_notice(person.person_id))
    for event_id in (english, plain):
        await stage.becomes(event_id, Status.SENT)
    texts = [mail.body("plain") for mail in stage.mail.to(person.email)]
    assert any("Please come to door 2." in text for text in texts)
    assert any("{{ code }} <b>Đừng quên ô</b>" in text for text in texts), "plain text, as given"


async def test_a_room_is_named_wherever_the_venue_is(stage: Scene) -> None:
    person = a_person("vi")
    session = a_session().model_copy(update={"room": Localized(vi="Hội trường tầng 2")})
    await stage.know(person, session)
    [ticket] = [
        await stage.tell(fact)
        for fact in about(RegistrationConfirmed, person.person_id, session.session_id, new_id())[:1]
    ]
    here = HERE.model_copy(update={"room": Localized(vi="Sân trước")})
    there = HERE.model_copy(update={"room": Localized(vi="Sân sau")})
    moved = ChangeNoticeIssued(
        change_notice_id=new_id(),
        person_id=person.person_id,
        edition_id=new_id(),
        release=2,
        sessions=[changed(here, there)],
    )
    await stage.becomes(ticket, Status.SENT)
    await stage.becomes(await stage.tell(moved), Status.SENT)
    first, second = stage.mail.to(person.email)
    assert " – Hội trường tầng 2" in first.body("plain")
    for line in ("Nhà hát Lớn – Sân trước", "Nhà hát Lớn – Sân sau"):
        assert line in second.body("plain")
