"""From an event on the bus to a text on a handset, and back with its receipts."""

import asyncio
from uuid import UUID

import pytest
import smpp34

from services.notifications.messages.rules import Channel, Status
from shared.contracts.events import RegistrationInvoiced
from shared.contracts.registry import PersonRegistered
from shared.ids import new_id
from shared.mongo import Document
from shared.testing.waiting import eventually
from tests.notifications.scene import Scene, a_person, a_session, a_ticket
from tests.notifications.servers import delivered

SMS = Channel.SMS
TEXT = (
    "Vé của bạn: Đêm sáng tác: gốm Bát Tràng & ánh sáng, 09:30 ngày 23/11, "
    "Nhà máy xe lửa Gia Lâm – xưởng Đỗ. Mã QR ở trong e-mail."
)


async def ticket_for(stage: Scene, person: PersonRegistered) -> UUID:
    session = a_session()
    await stage.know(person, session)
    return await stage.tell(a_ticket(person, session))


def number_of(person: PersonRegistered) -> str:
    assert person.phone is not None
    return person.phone


async def test_a_ticket_is_told_by_sms_too_in_the_words_it_was_written_in(stage: Scene) -> None:
    person = a_person(phone=True)
    event_id = await ticket_for(stage, person)
    message = await stage.becomes(event_id, Status.ACCEPTED, channel=SMS)
    assert stage.smsc.texts_to(number_of(person)) == [TEXT]
    assert len(message["parts"]) == 2
    assert "ticket" not in message["data"]
    assert (await stage.becomes(event_id, Status.SENT))["to"] == person.email


async def test_what_has_to_be_paid_is_told_by_mail_and_sms_with_all_that_a_transfer_needs(
    stage: Scene,
) -> None:
    person, session = a_person(phone=True), a_session()
    await stage.know(person, session)
    invoice = RegistrationInvoiced(
        registration_id=new_id(),
        bookable_id=session.session_id,
        bookable_kind="session",
        person_id=person.person_id,
        amount=40_000,
        reference="HNUZHNXWPY4X",
        expires_at=session.starts_at,
        bank_bin="999999",
        bank_name="Ngân hàng Thử nghiệm",
        account_number="0123456789",
        account_holder="SO VAN HOA VA THE THAO HA NOI",
    )
    event_id = await stage.tell(invoice)
    await stage.becomes(event_id, Status.ACCEPTED, channel=SMS)
    [text] = stage.smsc.texts_to(number_of(person))
    assert text.endswith(
        ": chuyển 40.000 đ đến 0123456789 (Ngân hàng Thử nghiệm), nội dung HNUZHNXWPY4X, "
        "trước 09:30 ngày 23/11 để giữ chỗ."
    )
    assert (await stage.becomes(event_id, Status.SENT))["to"] == person.email


async def test_an_event_that_comes_twice_sends_one_sms(stage: Scene) -> None:
    person, session = a_person(phone=True), a_session()
    await stage.know(person, session)
    ticket = a_ticket(person, session)
    event_id = await stage.tell(ticket)
    await stage.tell(ticket, event_id=event_id)
    await stage.becomes(event_id, Status.ACCEPTED, channel=SMS)
    # The control: under another id it is another event.
    await stage.becomes(await stage.tell(ticket), Status.ACCEPTED, channel=SMS)
    assert stage.smsc.texts_to(number_of(person)) == [TEXT, TEXT]


@pytest.mark.parametrize("phone", [None, "+842438253536"], ids=["none", "a landline"])
async def test_somebody_without_a_mobile_number_gets_the_mail_alone(
    stage: Scene, phone: str | None
) -> None:
    person = a_person().model_copy(update={"phone": phone})
    event_id = await ticket_for(stage, person)
    await stage.becomes(event_id, Status.SENT)
    assert await stage.message(event_id, SMS) is None


async def test_it_is_delivered_when_receipts_for_every_part_have_come(stage: Scene) -> None:
    person = a_person(phone=True)
    event_id = await ticket_for(stage, person)
    first, second = (await stage.becomes(event_id, Status.ACCEPTED, channel=SMS))["parts"]
    await stage.smsc.receipt(number_of(person), delivered(second["id"], "ENROUTE"))
    await stage.smsc.receipt(number_of(person), delivered(first["id"]))
    await stage.smsc.receipt(number_of(person), delivered(first["id"]))
    await stage.smsc.receipt("+84909000000", delivered(second["id"]))  # somebody else's number
    message = await with_states(stage, event_id, "DELIVRD", "ENROUTE")
    assert message["status"] == Status.ACCEPTED
    await stage.smsc.receipt(number_of(person), delivered(second["id"]))
    await stage.becomes(event_id, Status.DELIVERED, channel=SMS)


async def with_states(stage: Scene, event_id: UUID, *states: str) -> Document:
    async def look() -> bool:
        message = await stage.message(event_id, SMS)
        return message is not None and [p["state"] for p in message["parts"]] == list(states)

    await eventually(look, f"the parts to be {states}")
    found = await stage.message(event_id, SMS)
    assert found is not None
    return found


async def test_one_part_that_was_not_delivered_makes_it_failed(stage: Scene) -> None:
    person = a_person(phone=True)
    event_id = await ticket_for(stage, person)
    first, second = (await stage.becomes(event_id, Status.ACCEPTED, channel=SMS))["parts"]
    await stage.smsc.receipt(number_of(person), delivered(first["id"]))
    await stage.smsc.receipt(number_of(person), delivered(second["id"], "UNDELIV"))
    message = await stage.becomes(event_id, Status.FAILED, channel=SMS)
    assert [part["outcome"] for part in message["parts"]] == ["delivered", "failed"]


@pytest.mark.parametrize(
    ("answered", "receipted"),
    [
        ("{:X}", "{:x}"),
        ("{:08X}", "{:X}"),
        ("{:08X}", "{:d}"),
        ("{:X}", "{:012d}"),
        ("{:d}", "{:x}"),
        ("{:010d}", "{:08X}"),
    ],
)
@pytest.mark.parametrize("where", ["text", "parameters"])
async def test_a_receipt_is_known_in_whatever_form_it_names_the_message(
    stage: Scene, answered: str, receipted: str, where: str
) -> None:
    person = a_person(phone=True)
    numbers = iter((0x7B0A11, 0x7B0A12))

    async def answer(event: smpp34.SubmitSmEvent) -> None:
        stage.smsc.accept(event, answered.format(next(numbers)))

    stage.smsc.ways[number_of(person)] = answer
    event_id = await ticket_for(stage, person)
    await stage.becomes(event_id, Status.ACCEPTED, channel=SMS)
    for number in (0x7B0A11, 0x7B0A12):
        named = receipted.format(number)
        if where == "text":
            await stage.smsc.receipt(number_of(person), delivered(named))
        else:
            tlvs = {0x001E: named.encode() + b"\0", 0x0427: b"\x02"}
            await stage.smsc.receipt(number_of(person), tlvs=tlvs)
    await stage.becomes(event_id, Status.DELIVERED, channel=SMS)


async def test_a_receipt_that_is_only_a_payload_is_read(stage: Scene) -> None:
    person = a_person(phone=True)
    event_id = await ticket_for(stage, person)
    parts = (await stage.becomes(event_id, Status.ACCEPTED, channel=SMS))["parts"]
    for part in parts:
        payload = delivered(part["id"]).encode()
        await stage.smsc.receipt(number_of(person), tlvs={0x0424: payload})
    await stage.becomes(event_id, Status.DELIVERED, channel=SMS)


async def test_receipts_that_come_before_the_answer_are_not_lost(stage: Scene) -> None:
    person = a_person(phone=True)
    ids = iter(("00AB01", "00AB02"))

    async def receipt_first(event: smpp34.SubmitSmEvent) -> None:
        message_id = next(ids)
        await stage.smsc.receipt(number_of(person), delivered(str(int(message_id, 16))))
        stage.smsc.accept(event, message_id)

    stage.smsc.ways[number_of(person)] = receipt_first
    event_id = await ticket_for(stage, person)
    await stage.becomes(event_id, Status.DELIVERED, channel=SMS)
    kept = {"_id.to": number_of(person)}
    assert await stage.mongo.collection("receipts").count_documents(kept) == 0


async def test_a_connection_lost_after_the_submit_makes_it_unknown_and_not_sent_again(
    stage: Scene,
) -> None:
    person, next_one = a_person(phone=True), a_person(phone=True)
    taken = asyncio.Event()

    async def never_answer(_: smpp34.SubmitSmEvent) -> None:
        taken.set()

    stage.smsc.ways[number_of(person)] = never_answer
    event_id = await ticket_for(stage, person)
    await taken.wait()
    with stage.smsc.line.away():
        message = await stage.becomes(event_id, Status.UNKNOWN, channel=SMS)
        # The control: one that was not handed over yet waits, and goes out afterwards.
        later = await ticket_for(stage, next_one)
        await put_off_for(stage, later)
    await stage.becomes(later, Status.ACCEPTED, channel=SMS)
    assert stage.smsc.texts_to(number_of(next_one)) == [TEXT]
    assert message["attempts"] == 1
    assert len(stage.smsc.to(number_of(person))) == 1
    assert await stage.message(event_id, SMS) == message


async def put_off_for(stage: Scene, event_id: UUID) -> None:
    async def look() -> bool:
        message = await stage.message(event_id, SMS)
        return message is not None and message["error"] == "not bound to the gateway"

    await eventually(look, "the SMS to be put off")


async def test_a_gateway_that_has_too_much_to_do_is_asked_again(stage: Scene) -> None:
    person = a_person(phone=True)
    number = number_of(person)

    async def throttle(event: smpp34.SubmitSmEvent) -> None:
        del stage.smsc.ways[number]
        event.reject(0x58)  # throttled

    stage.smsc.ways[number] = throttle
    event_id = await ticket_for(stage, person)
    message = await stage.becomes(event_id, Status.ACCEPTED, channel=SMS)
    assert message["attempts"] == 2
    assert stage.smsc.texts_to(number) == [TEXT]
