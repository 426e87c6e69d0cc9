"""A mail server and an SMS gateway of one's own: on real sockets, and told how to answer."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from typing import Any

import smpp34
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from local.sinks.sms import Inbox
from shared.testing.faults import Proxy
from shared.testing.ports import free_ports
from shared.testing.waiting import eventually


@dataclass(frozen=True)
class Mail:
    sender: str
    to: tuple[str, ...]  # whom the envelope names
    raw: bytes
    parsed: EmailMessage

    def body(self, kind: str) -> str:
        found = self.parsed.get_body((kind,))
        return str(found.get_content()) if isinstance(found, EmailMessage) else ""


class MailServer:
    """Takes mail, unless an answer was laid ready for the address it goes to."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.seen = 0  # mails offered to us, whatever we said to them
        self.to_rcpt: dict[str, deque[str]] = defaultdict(deque)
        self.to_data: dict[str, deque[str]] = defaultdict(deque)
        self.open = asyncio.Event()  # while it is not set, no mail is answered
        self.open.set()
        self.pause = 0.0  # seconds it takes to answer a mail
        self.password: bytes | None = None
        self._server: asyncio.Server | None = None
        self.port = free_ports(1)[0]

    async def start(self) -> "MailServer":
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._session, "127.0.0.1", self.port)
        return self

    def _session(self) -> SMTP:
        return SMTP(
            self,
            enable_SMTPUTF8=True,
            ident="mail.hanoi.example",
            hostname="mail.hanoi.example",
            authenticator=self._authenticate,
            auth_require_tls=False,
        )

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
    ) -> AuthResult:
        right = isinstance(given, LoginPassword) and given.password == self.password
        return AuthResult(success=right, handled=False)

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if self.to_rcpt[address]:
            return self.to_rcpt[address].popleft()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.seen += 1
        await self.open.wait()
        await asyncio.sleep(self.pause)
        answers = self.to_data[envelope.rcpt_tos[0]]
        answer = answers.popleft() if answers else "250 OK"
        if answer.startswith("2"):
            raw = envelope.original_content or b""
            parsed = message_from_bytes(raw, policy=policy.default)
            sender = envelope.mail_from or ""
            self.mails.append(Mail(sender, tuple(envelope.rcpt_tos), raw, parsed))
        if isinstance(server.transport, asyncio.WriteTransport):
            if answer.endswith("(lost)"):
                server.transport.abort()
            if answer.endswith("(hang up)"):
                asyncio.get_running_loop().call_soon(server.transport.close)  # after the answer
        return answer

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Keep every mail without an answer until the block ends."""
        self.open.clear()
        try:
            yield
        finally:
            self.open.set()

    def to(self, address: str) -> list[Mail]:
        return [mail for mail in self.mails if address in mail.to]

    async def one_to(self, address: str) -> Mail:
        async def found() -> list[Mail]:
            return self.to(address)

        return (await eventually(found, f"a mail to {address}"))[0]

    async def stop(self) -> None:
        self.open.set()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()


Answer = Callable[[smpp34.SubmitSmEvent], Coroutine[Any, Any, None]]


class Smsc:
    """An SMS gateway. Takes every part, unless a way to answer was laid ready for its number."""

    def __init__(self) -> None:
        self.parts: list[smpp34.SubmitSmEvent] = []
        self.inbox = Inbox()
        self.ways: dict[str, Answer] = {}
        self._ids = count(0x51A7)
        self._sessions: dict[str, smpp34.Esme] = {}
        self._port = free_ports(1)[0]
        self._server = smpp34.Server(
            "127.0.0.1", self._port, system_id="smsc", inbound_capacity=10_000
        )
        self._answers: set[asyncio.Task[None]] = set()
        self.line = Proxy("127.0.0.1", self._port)  # what the client connects to

    async def start(self) -> "Smsc":
        await self._server.start()
        await self.line.start()
        self._serving = asyncio.create_task(self._serve())
        return self

    async def _serve(self) -> None:
        while True:
            event = await self._server.next()
            if isinstance(event, smpp34.Esme):
                self._sessions[event.session_id] = event
            elif isinstance(event, smpp34.Unbound):
                self._sessions.pop(event.session_id, None)
            else:
                self.parts.append(event)
                way = self.ways.get(f"+{event.destination_addr}", self.take)
                task = asyncio.create_task(way(event))
                self._answers.add(task)
                task.add_done_callback(self._answers.discard)

    async def take(self, event: smpp34.SubmitSmEvent) -> None:
        self.accept(event)

    def accept(self, event: smpp34.SubmitSmEvent, message_id: str | None = None) -> str:
        """Answer that it is taken; the id it was given."""
        given = f"{next(self._ids):08X}" if message_id is None else message_id
        event.accept(given)
        self.inbox.take(event)
        return given

    def to(self, number: str) -> list[smpp34.SubmitSmEvent]:
        return [part for part in self.parts if f"+{part.destination_addr}" == number]

    async def some_to(self, number: str, least: int = 1) -> list[smpp34.SubmitSmEvent]:
        async def found() -> list[smpp34.SubmitSmEvent]:
            parts = self.to(number)
            return parts if len(parts) >= least else []

        return await eventually(found, f"{least} SMS to {number}")

    def texts_to(self, number: str) -> list[str]:
        return [text["text"] for text in self.inbox.newest(number.removeprefix("+"))]

    async def bound(self) -> smpp34.Esme:
        async def found() -> list[smpp34.Esme]:
            return list(self._sessions.values())

        return (await eventually(found, "a client to bind"))[-1]

    async def receipt(
        self, number: str, text: str = "", tlvs: dict[int, bytes] | None = None
    ) -> None:
        """Send a delivery receipt and wait until the client has acknowledged it."""
        session = await self.bound()
        answer = await session.deliver_sm(
            "HNSANGTAO",
            text.encode(),
            source_addr=number.removeprefix("+"),
            esm_class=0x04,
            tlvs=[smpp34.Tlv(tag, value) for tag, value in (tlvs or {}).items()],
        )
        assert answer.is_success

    async def stop(self) -> None:
        self._serving.cancel()
        await self.line.stop()
        await self._server.stop()


def delivered(message_id: str, stat: str = "DELIVRD") -> str:
    """A receipt's text, as SMPP 3.4's appendix B has it."""
    dates = "submit date:2611230500 done date:2611230501"
    return f"id:{message_id} sub:001 dlvrd:001 {dates} stat:{stat} err:000 text:Ve cua ban"
