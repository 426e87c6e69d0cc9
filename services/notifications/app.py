"""The notifications service, put together."""

from services.notifications.bookables.reactions import BookableReactions
from services.notifications.bookables.store import Bookables
from services.notifications.email.smtp import MailSender
from services.notifications.messages import api as messages_api
from services.notifications.messages import store as messages_store
from services.notifications.messages.reactions import MessageReactions
from services.notifications.messages.store import Messages
from services.notifications.recipients.reactions import RecipientReactions
from services.notifications.recipients.store import Recipients
from services.notifications.sending.jobs import SendingJob
from services.notifications.settings import Settings
from services.notifications.sms.smpp import SmsGateway
from shared.bus.subscriptions import Subscription, on
from shared.contracts.applications import CallOpened, EntryDecided, EntrySubmitted
from shared.contracts.events import (
    CertificateIssued,
    CertificateRevoked,
    ChangeNoticeIssued,
    CoursePublished,
    NoticeIssued,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationInvoiced,
    RegistrationOffered,
    RegistrationWaitlisted,
    SessionPublished,
)
from shared.contracts.registry import (
    DesignerApproved,
    DesignerReturned,
    DesignerSubmitted,
    PersonChallenged,
    PersonContactChanged,
    PersonRegistered,
)
from shared.service import Platform, Service


def build(platform: Platform[Settings]) -> Service:
    settings, mongo, clock = platform.settings, platform.mongo, platform.clock
    recipients = Recipients(mongo)
    bookables = Bookables(mongo)
    messages = Messages(mongo)
    people = RecipientReactions(recipients)
    things = BookableReactions(bookables)
    letters = MessageReactions(messages, recipients, bookables)
    sms = SmsGateway(settings, messages, clock)
    sender = SendingJob(
        messages,
        MailSender(settings, clock),
        sms,
        clock,
        most=settings.senders,
        claim=settings.claim,
        poll=settings.sender_poll,
        pauses=settings.send_again_after,
    )
    return Service(
        name="notifications",
        title="Notifications: e-mail and SMS to participants",
        platform=platform,
        routers=[messages_api.router],
        subscriptions=[
            Subscription(
                "notifications.recipients",
                on(PersonRegistered, people.contact_known),
                on(PersonContactChanged, people.contact_known),
            ),
            Subscription(
                "notifications.bookables",
                on(SessionPublished, things.session_published),
                on(CoursePublished, things.course_published),
                on(CallOpened, things.call_opened),
            ),
            Subscription("notifications.codes", on(PersonChallenged, letters.challenged)),
            Subscription(
                "notifications.messages",
                on(NoticeIssued, letters.notice),
                on(RegistrationConfirmed, letters.confirmed),
                on(RegistrationWaitlisted, letters.waitlisted),
                on(RegistrationOffered, letters.offered),
                on(RegistrationInvoiced, letters.invoiced),
                on(RegistrationCancelled, letters.cancelled),
                on(ChangeNoticeIssued, letters.schedule_changed),
                on(CertificateIssued, letters.certificate_issued),
                on(CertificateRevoked, letters.certificate_revoked),
                on(DesignerSubmitted, letters.profile_submitted),
                on(DesignerApproved, letters.profile_approved),
                on(DesignerReturned, letters.profile_returned),
                on(EntrySubmitted, letters.entry_submitted),
                on(EntryDecided, letters.entry_decided),
            ),
        ],
        provides=[messages],
        indexes=messages_store.INDEXES,
        workers={"sms": sms.run, "sender": sender.run},
    )
