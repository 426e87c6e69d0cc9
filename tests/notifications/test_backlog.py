"""Many messages at once, on the whole path."""

from services.notifications.messages.rules import Status
from services.notifications.settings import Settings
from shared.contracts.registry import DesignerSubmitted
from shared.mongo import Mongo
from shared.testing.waiting import eventually
from tests.notifications.scene import a_code, a_person, a_session, a_ticket, playing
from tests.notifications.servers import MailServer, Smsc


async def test_codes_and_then_tickets_overtake_a_backlog_of_notices(
    settings: Settings, mail: MailServer, smsc: Smsc
) -> None:
    many = [a_person() for _ in range(12)]
    holder, session, signing_in = a_person(), a_session(), a_person()
    mail.open.clear()
    async with playing(settings.model_copy(update={"senders": 1}), mail, smsc) as scene:
        await scene.know(session, holder, *many)
        told = [await scene.tell(DesignerSubmitted(designer_id=p.person_id)) for p in many]

        async def first_under_way() -> bool:
            return mail.seen == 1

        await eventually(first_under_way, "the first notice to be under way")
        told.append(await scene.tell(a_ticket(holder, session)))
        told.append(await scene.tell(a_code(signing_in.email)))
        for event_id in told:
            await scene.becomes(event_id, Status.QUEUED, Status.SENDING)
        mail.open.set()
        for event_id in told:
            await scene.becomes(event_id, Status.SENT)
    order = [sent.to[0] for sent in mail.mails]
    assert order[1:3] == [signing_in.email, holder.email]
    assert {order[0], *order[3:]} == {person.email for person in many}


async def test_asked_to_end_the_service_finishes_what_is_under_way(
    settings: Settings, mongo: Mongo, mail: MailServer, smsc: Smsc
) -> None:
    people, session = [a_person(phone=True) for _ in range(5)], a_session()
    async with playing(settings, mail, smsc) as scene:
        await smsc.bound()
        await scene.know(session, *people)
        told = [await scene.tell(a_ticket(person, session)) for person in people]
        await scene.becomes(told[-1], Status.QUEUED, Status.SENDING, Status.SENT)
    # Whatever had begun has its outcome, and nothing is left in doubt.
    statuses = await mongo.collection("messages").distinct("status")
    assert set(statuses) <= {Status.QUEUED, Status.SENT, Status.ACCEPTED}
    async with playing(settings, mail, smsc) as scene:
        await scene.all_done()
        statuses = await scene.mongo.collection("messages").distinct("status")
        assert set(statuses) == {Status.SENT, Status.ACCEPTED}
    for person in people:
        assert len(mail.to(person.email)) == 1
        assert len(smsc.texts_to(str(person.phone))) == 1
