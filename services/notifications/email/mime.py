"""An e-mail from a message: text and HTML, the QR codes of a ticket and of a bill."""

from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import Policy
from email.utils import format_datetime, parseaddr
from typing import Any

from services.notifications.email.icalendar_file import calendar
from services.notifications.messages.rules import Message
from services.notifications.templates.liquid_templates import has, render
from shared import qr_code

QR = "ticket-qr"  # the Content-ID of the picture
_SPECIALS = dict.fromkeys(map(ord, '()<>[]:;@\\,"'), " ")


class _Subject(str):
    """A subject that folds itself, with the older of Python's two ways.

    The newer one, which headers get otherwise, loses a space where it breaks a line between two
    words ("Trungtâm"; at work up to 3.13).
    """

    __slots__ = ()
    name = "Subject"

    def fold(self, *, policy: Policy) -> str:
        folded = Header(self, header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {folded}{policy.linesep}"


def compose(message: Message, sender: str) -> EmailMessage:
    """The same message always makes the same `Message-ID`: a second copy is known as one."""
    sender_name, sender_address = parseaddr(sender)
    domain = sender_address.rpartition("@")[2]
    data: dict[str, Any] = {"mode": "on_site"} | message.data  # one planned before modes were told
    data |= {"name": message.name or "", "qr": f"cid:{QR}"}
    mail = EmailMessage()
    mail["From"] = Address(sender_name, addr_spec=sender_address)
    # Not as `addr_spec`: Address would refuse what RFC 6532 allows before the "@".
    to_user, _, to_domain = message.to.rpartition("@")
    mail["To"] = Address(_display_name(message.name or ""), to_user, to_domain)
    subject = _one_line(render(message.template, message.language, "subject", data))
    mail["Subject"] = _Subject(subject)
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    mail["Date"] = format_datetime(message.created_at)
    mail["Auto-Submitted"] = "auto-generated"
    if message.traceparent:
        mail["X-Trace-ID"] = message.traceparent.split("-")[1]
    mail.set_content(render(message.template, message.language, "text", data))
    if has(message.template, message.language, "html"):
        mail.add_alternative(
            render(message.template, message.language, "html", data), subtype="html"
        )
    ticket = message.data.get("ticket")
    if ticket is not None:
        _attach_qr(mail, ticket)
    if payment := message.data.get("vietqr"):
        mail.add_attachment(qr_code.png(payment), "image", "png", filename="vietqr.png")
    if entries := message.data.get("calendar"):
        mail.add_attachment(
            calendar(entries, message.created_at),
            "text",
            "calendar",
            params={"method": "PUBLISH", "charset": "utf-8"},
            filename="lich.ics",
        )
    # Last: what begins with "Content-" goes down into the first part when a second one comes.
    mail["Content-Language"] = message.language
    return mail


def _one_line(text: str) -> str:
    """Text from others, fit for a header.

    Line breaks would be refused and the mail never sent. An encoded word (RFC 2047) that somebody
    typed would be decoded when Python folds the header, and what it hides written out as it is,
    line breaks and all (CPython issue 121650, at work up to 3.11.9).
    """
    return " ".join(text.replace("=?", "= ?").split())


def _display_name(name: str) -> str:
    """A name fit to stand before an address, without the characters that end a name (RFC 5322,
    3.2.3): Python loses the quotes around them when it folds a long header.
    """
    return _one_line(name.translate(_SPECIALS))


def _attach_qr(mail: EmailMessage, ticket: str) -> None:
    page = mail.get_body(("html",))
    if not isinstance(page, EmailMessage):
        raise TypeError("a ticket's template needs an HTML page to show the QR code in")
    page.add_related(
        qr_code.png(ticket),
        "image",
        "png",
        cid=f"<{QR}>",
        filename="ticket.png",
        disposition="inline",
    )
