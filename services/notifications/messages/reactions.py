"""Which event leads to which message. The texts are in templates/."""

from typing import Any
from uuid import UUID

from services.notifications.bookables.store import Bookables
from services.notifications.messages.rules import (
    Channel,
    Message,
    Urgency,
    message_id,
    takes_sms,
    template_values,
)
from services.notifications.messages.store import Messages
from services.notifications.messages.template_data import (
    bookable_data,
    calendar_entry,
    calendar_entry_of_change,
    session_change_data,
)
from services.notifications.recipients.store import Recipient, Recipients
from shared.bus.subscriptions import Delivery
from shared.contracts.applications import EntryDecided, EntrySubmitted
from shared.contracts.events import (
    CertificateIssued,
    CertificateRevoked,
    ChangeNoticeIssued,
    NoticeIssued,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationInvoiced,
    RegistrationOffered,
    RegistrationWaitlisted,
)
from shared.contracts.registry import (
    DesignerApproved,
    DesignerReturned,
    DesignerSubmitted,
    PersonChallenged,
)

EMAIL = (Channel.EMAIL,)
EMAIL_AND_SMS = (Channel.EMAIL, Channel.SMS)


class MessageReactions:
    def __init__(self, messages: Messages, recipients: Recipients, bookables: Bookables) -> None:
        self._messages = messages
        self._recipients = recipients
        self._bookables = bookables

    async def challenged(self, event: PersonChallenged, delivery: Delivery) -> None:
        """A sign-in code goes to the address that was typed, registered or not."""
        to = Recipient(
            person_id=event.person_id,
            email=event.email,
            phone=None,
            name=None,
            language=event.language,
        )
        data = template_values(code=event.code, expires_at=event.expires_at)
        self._plan(delivery, to, "sign_in_code", EMAIL, data, Urgency.CODE)

    async def confirmed(self, event: RegistrationConfirmed, delivery: Delivery) -> None:
        data = template_values(ticket=event.ticket, promoted=event.promoted)
        await self._notify(
            delivery,
            event.person_id,
            "ticket",
            EMAIL_AND_SMS,
            event.bookable_id,
            data,
            Urgency.TICKET,
            in_calendar=True,
        )

    async def waitlisted(self, event: RegistrationWaitlisted, delivery: Delivery) -> None:
        data = template_values(number=event.number)
        await self._notify(delivery, event.person_id, "waiting", EMAIL, event.bookable_id, data)

    async def offered(self, event: RegistrationOffered, delivery: Delivery) -> None:
        """It has to be accepted in time, so it is as urgent as a ticket."""
        data = template_values(expires_at=event.expires_at)
        await self._notify(
            delivery,
            event.person_id,
            "offer",
            EMAIL_AND_SMS,
            event.bookable_id,
            data,
            Urgency.TICKET,
        )

    async def invoiced(self, event: RegistrationInvoiced, delivery: Delivery) -> None:
        """It has to be paid in time, so it is as urgent as a ticket."""
        data = template_values(
            amount=event.amount,
            reference=event.reference,
            expires_at=event.expires_at,
            bank_name=event.bank_name,
            account_number=event.account_number,
            account_holder=event.account_holder,
            vietqr=event.vietqr,
        )
        await self._notify(
            delivery,
            event.person_id,
            "invoice",
            EMAIL_AND_SMS,
            event.bookable_id,
            data,
            Urgency.TICKET,
        )

    async def cancelled(self, event: RegistrationCancelled, delivery: Delivery) -> None:
        """A person who moved to another session gets the ticket for that one, and no other message.

        There are other texts for a seat that was transferred, and for one with a fee.
        """
        if event.passed_on == "move":
            return
        template = "passed_on" if event.passed_on == "transfer" else "cancelled"
        data: dict[str, Any] = {"held_place": event.held_place, "ended_by": event.ended_by}
        data["reason"] = ""
        if event.unpaid or event.due_back:
            template = "cancelled_fee"
            data |= {"unpaid": event.unpaid, "due_back": event.due_back}
            data["passed_on"] = event.passed_on == "transfer"
        if event.called_off is None:
            await self._notify(delivery, event.person_id, template, EMAIL, event.bookable_id, data)
            return
        to = await self._recipients.get(event.person_id, delivery.tx)
        data |= {"ended_by": "session", "reason": event.called_off.reason.in_(to.language)}
        await self._notify(
            delivery,
            event.person_id,
            template,
            EMAIL_AND_SMS if event.held_place else EMAIL,
            event.bookable_id,
            data,
            Urgency.TICKET,
            in_calendar=event.held_place,
            cancelled_revision=event.called_off.revision,
        )

    async def schedule_changed(self, event: ChangeNoticeIssued, delivery: Delivery) -> None:
        """The event says everything; the sessions need not be known here."""
        to = await self._recipients.get(event.person_id, delivery.tx)
        sessions = [session_change_data(one, to) for one in event.sessions]
        data = {
            "sessions": sessions,
            "held": any(one["role"] == "holder" for one in sessions),
            "notes": event.notes.in_(to.language) if event.notes else "",
            "calendar": [calendar_entry_of_change(one) for one in sessions],
        }
        self._plan(delivery, to, "schedule_change", EMAIL_AND_SMS, data, Urgency.TICKET)

    async def certificate_issued(self, event: CertificateIssued, delivery: Delivery) -> None:
        data = template_values(number=event.number)
        await self._notify(delivery, event.person_id, "certificate", EMAIL, event.course_id, data)

    async def certificate_revoked(self, event: CertificateRevoked, delivery: Delivery) -> None:
        data = template_values(number=event.number)
        about = event.course_id
        await self._notify(delivery, event.person_id, "certificate_revoked", EMAIL, about, data)

    async def notice(self, event: NoticeIssued, delivery: Delivery) -> None:
        """What organisers announce to a segment, in their words: in English for an English reader,
        if there is an English text."""
        to = await self._recipients.get(event.person_id, delivery.tx)
        english = to.language == "en" and event.text_en
        text = event.text_en if english else event.text_vi
        title = event.title.in_("en" if english else "vi")
        self._plan(
            delivery, to, "notice", EMAIL, template_values(title=title, text=text), Urgency.NOTICE
        )

    async def profile_submitted(self, event: DesignerSubmitted, delivery: Delivery) -> None:
        await self._notify(delivery, event.designer_id, "profile_received", EMAIL)

    async def profile_approved(self, event: DesignerApproved, delivery: Delivery) -> None:
        await self._notify(delivery, event.designer_id, "profile_approved", EMAIL)

    async def profile_returned(self, event: DesignerReturned, delivery: Delivery) -> None:
        await self._notify(delivery, event.designer_id, "profile_returned", EMAIL)

    async def entry_submitted(self, event: EntrySubmitted, delivery: Delivery) -> None:
        data = template_values(receipt=event.receipt)
        await self._notify(delivery, event.person_id, "entry_received", EMAIL, event.call_id, data)

    async def entry_decided(self, event: EntryDecided, delivery: Delivery) -> None:
        data = template_values(awarded=event.outcome == "awarded")
        await self._notify(delivery, event.person_id, "entry_decided", EMAIL, event.call_id, data)

    async def _notify(
        self,
        delivery: Delivery,
        person_id: UUID,
        template: str,
        channels: tuple[Channel, ...],
        about: UUID | None = None,
        data: Any = None,
        urgency: Urgency = Urgency.NOTICE,
        *,
        in_calendar: bool = False,
        cancelled_revision: int | None = None,
    ) -> None:
        """Plan a message to a person, about `about`. Raises `NotKnownYet` if one of the two is
        unknown.

        `in_calendar`: attach an entry for their calendar. `cancelled_revision`: the entry says, in
        this revision, that the session is cancelled.
        """
        to = await self._recipients.get(person_id, delivery.tx)
        known = dict(data or {})
        if about is not None:
            bookable = await self._bookables.get(about, delivery.tx)
            known |= bookable_data(bookable, to)
            if in_calendar and not bookable.course:
                known["calendar"] = [calendar_entry(bookable, known, cancelled_revision)]
        self._plan(delivery, to, template, channels, known, urgency)

    def _plan(
        self,
        delivery: Delivery,
        to: Recipient,
        template: str,
        channels: tuple[Channel, ...],
        data: Any,
        urgency: Urgency,
    ) -> None:
        number = to.phone if to.phone and takes_sms(to.phone) else None
        addresses = {Channel.EMAIL: to.email, Channel.SMS: number}
        envelope = delivery.envelope
        self._messages.plan(
            delivery.tx,
            [
                Message(
                    id=message_id(envelope.id, channel),
                    event_id=envelope.id,
                    person_id=to.person_id,
                    channel=channel,
                    template=template,
                    language=to.language,
                    to=address,
                    name=to.name,
                    data=dict(data),
                    urgency=urgency,
                    created_at=delivery.now,
                    due_at=delivery.now,
                    correlation_id=envelope.correlationid,
                    traceparent=envelope.traceparent,
                )
                for channel in channels
                if (address := addresses[channel]) is not None
            ],
        )
