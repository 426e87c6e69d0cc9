"""The notifications service: everything is built and joined here."""

from services import notifications
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
    on_people = RecipientReactions(recipients)
    on_bookables = BookableReactions(bookables)
    on_facts = MessageReactions(messages, recipients, bookables)
    sms = SmsGateway(settings, messages, clock)
    sender = SendingJob(
        messages,
        MailSender(settings, clock),
        sms,
        clock,
        max_at_once=settings.senders,
        claim=settings.claim,
        poll=settings.sender_poll,
        pauses=settings.send_again_after,
    )
    return Service(
        name="notifications",
        title="Notifications: e-mail and SMS to participants",
        platform=platform,
        description=notifications.__doc__ or "",
        routers=[messages_api.router],
        subscriptions=[
            Subscription(
                "notifications.recipients",
                on(PersonRegistered, on_people.contact_known),
                on(PersonContactChanged, on_people.contact_known),
            ),
            Subscription(
                "notifications.bookables",
                on(SessionPublished, on_bookables.session_published),
                on(CoursePublished, on_bookables.course_published),
                on(CallOpened, on_bookables.call_opened),
            ),
            Subscription("notifications.codes", on(PersonChallenged, on_facts.challenged)),
            Subscription(
                "notifications.messages",
                on(NoticeIssued, on_facts.notice),
                on(RegistrationConfirmed, on_facts.confirmed),
                on(RegistrationWaitlisted, on_facts.waitlisted),
                on(RegistrationOffered, on_facts.offered),
                on(RegistrationInvoiced, on_facts.invoiced),
                on(RegistrationCancelled, on_facts.cancelled),
                on(ChangeNoticeIssued, on_facts.schedule_changed),
                on(CertificateIssued, on_facts.certificate_issued),
                on(CertificateRevoked, on_facts.certificate_revoked),
                on(DesignerSubmitted, on_facts.profile_submitted),
                on(DesignerApproved, on_facts.profile_approved),
                on(DesignerReturned, on_facts.profile_returned),
                on(EntrySubmitted, on_facts.entry_submitted),
                on(EntryDecided, on_facts.entry_decided),
            ),
        ],
        provides=[messages],
        indexes=messages_store.INDEXES,
        workers={"sms": sms.run, "sender": sender.run},
    )
