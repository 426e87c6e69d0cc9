"""Sends SMS through a gateway (SMPP 3.4), and receives its delivery receipts."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import smpp34
import structlog

from services.notifications.messages import rules
from services.notifications.messages.receipts import Receipt, read_receipt
from services.notifications.messages.rules import Message
from services.notifications.messages.store import Messages
from services.notifications.settings import Settings
from services.notifications.sms.segments import TooLong, segment, with_headers
from services.notifications.templates.liquid_templates import render
from shared.clock import Clock
from shared.mongo import MongoError
from shared.stop import Stop

log = structlog.get_logger(__name__)

HAS_HEADER = 0x40  # esm_class: the part begins with a user data header (UDHI)
IS_RECEIPT = 0x04  # esm_class of a deliver_sm: a delivery receipt
INTERNATIONAL, ALPHANUMERIC, ISDN = 1, 5, 1  # type of number, numbering plan
LATER = {0x08, 0x14, 0x58}  # command_status (SMPP 3.4, 5.1.3): system error, queue full, throttled
RECEIPTED_ID, MESSAGE_STATE, PAYLOAD = 0x001E, 0x0427, 0x0424  # optional parameters (5.3.2)


class SmsGateway:
    """One bound session with the gateway. It binds again whenever the session is lost."""

    def __init__(self, settings: Settings, messages: Messages, clock: Clock) -> None:
        self._settings = settings
        self._messages = messages
        self._clock = clock
        self._client: smpp34.Client | None = None
        self._session: smpp34.Smsc | None = None
        self._silent = asyncio.Event()  # the gateway has not answered a message
        self._under_way = 0
        self._idle = asyncio.Event()  # no message is under way
        self._idle.set()

    @property
    def bound(self) -> bool:
        return self._session is not None

    async def run(self, stop: Stop) -> None:
        """Stay bound and receive receipts, until `stop` is set."""
        while not stop.is_set():
            client = self._client = self._new_client()
            self._silent.clear()
            try:
                self._session = await client.connect()
                log.info("sms.bound", gateway=self._settings.smpp_host)
                await self._listen(self._session, stop)
            except (smpp34.SmppError, OSError) as error:
                log.warning("sms.not_bound", error=str(error)[:200])
            finally:
                self._session = None
                await client.stop()
            await stop.sleep(self._settings.reconnect_pause)

    def _new_client(self) -> smpp34.Client:
        settings = self._settings
        return smpp34.Client(
            settings.smpp_host,
            settings.smpp_port,
            settings.smpp_system_id,
            settings.smpp_password.get_secret_value(),
            bind_type="TRX",
            tls=settings.smpp_tls,
            connect_timeout_ms=int(settings.sms_bind_timeout * 1000),
            inbound_capacity=10_000,  # many receipts may come at once; beyond this they are refused
        )

    async def send(self, message: Message) -> Message:
        """Send every part, in order. Returns the message with its outcome.

        If a later part fails, the person has got the first parts already. Then the message is
        `unknown` and is not sent again.
        """
        with self._message_under_way():
            session, client = self._session, self._client
            # A lost session is reported only after all receipts before it, so ask for it here.
            if session is None or client is None or not await client.is_alive():
                return self._postponed(message, "not bound to the gateway")
            return await self._submit(message, session)

    async def _submit(self, message: Message, session: smpp34.Smsc) -> Message:
        try:
            text = render(message.template, message.language, "sms", message.data)
            coding, parts = segment(text)
        except TooLong as error:
            return rules.failed(message, str(error), self._clock())
        ids: list[str] = []
        for part in with_headers(parts, secrets.randbelow(256)):
            try:
                async with asyncio.timeout(self._settings.sms_timeout):
                    answer = await session.submit_sm(
                        message.to.removeprefix("+"),
                        part,
                        source_addr=self._settings.sms_sender,
                        source_addr_ton=ALPHANUMERIC,
                        source_addr_npi=0,
                        dest_addr_ton=INTERNATIONAL,
                        dest_addr_npi=ISDN,
                        esm_class=HAS_HEADER if len(parts) > 1 else 0,
                        registered_delivery=1,
                        data_coding=int(coding),
                    )
            except TimeoutError:
                # The library notices a half-open connection only after a minute. So bind again;
                # otherwise every message until then would end like this one.
                if self._session is session:
                    self._session = None
                    self._silent.set()
                return rules.unknown(message, "no answer in time", self._clock())
            except (smpp34.SmppError, OSError) as error:
                return rules.unknown(message, f"no answer: {error}"[:200], self._clock())
            if not answer.is_success:
                return self._refused(message, answer.command_status, bool(ids))
            if not answer.message_id:
                return rules.unknown(message, "taken without a message id", self._clock())
            ids.append(answer.message_id)
        return rules.accepted(message, tuple(ids), self._clock())

    def _refused(self, message: Message, status: int, begun: bool) -> Message:
        reason = f"SMPP status 0x{status:08x}"
        if begun:
            return rules.unknown(message, f"{reason} after the first part", self._clock())
        if status in LATER:
            return self._postponed(message, reason)
        return rules.failed(message, reason, self._clock())

    def _postponed(self, message: Message, reason: str) -> Message:
        return rules.postponed(message, reason, self._clock(), self._settings.send_again_after)

    @contextmanager
    def _message_under_way(self) -> Iterator[None]:
        self._under_way += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def _listen(self, session: smpp34.Smsc, stop: Stop) -> None:
        while True:
            event = await self._next(session, stop)
            if event is None:
                if self._under_way:  # another message has begun meanwhile
                    continue
                self._session = None
                with suppress(smpp34.SmppError, OSError):  # the session may be lost, or silent
                    async with asyncio.timeout(1):
                        await session.unbind()
                return
            if isinstance(event, smpp34.Disconnected):
                log.warning("sms.disconnected")
                return
            if event.esm_class & IS_RECEIPT:
                await self._receive(event, stop)

    async def _next(
        self, session: smpp34.Smsc, stop: Stop
    ) -> smpp34.DeliverSmEvent | smpp34.Disconnected | None:
        """The next event of the session; None if the session should end before that."""
        event = asyncio.ensure_future(session.next())
        ending = asyncio.ensure_future(self._wait_for_end(stop))
        await asyncio.wait({event, ending}, return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        if not event.done():
            event.cancel()
            return None
        return event.result()

    async def _wait_for_end(self, stop: Stop) -> None:
        """Return when the session should end, because the gateway is silent or `stop` is set.

        Not while a message is under way, since its answers would be lost.
        """
        reasons = {asyncio.ensure_future(event.wait()) for event in (self._silent, stop)}
        try:
            await asyncio.wait(reasons, return_when=asyncio.FIRST_COMPLETED)
            await self._idle.wait()
        finally:
            for reason in reasons:
                reason.cancel()

    async def _receive(self, event: smpp34.DeliverSmEvent, stop: Stop) -> None:
        """Store a receipt. The gateway has its acknowledgement already, so if the database does not
        answer, wait for it.
        """
        tlvs = {tlv.tag: tlv for tlv in event.tlvs}
        receipted_id, state, payload = (
            tlvs.get(RECEIPTED_ID),
            tlvs.get(MESSAGE_STATE),
            tlvs.get(PAYLOAD),
        )
        receipt = read_receipt(
            event.short_message or (payload.value if payload else b""),
            receipted_id.as_string() if receipted_id else None,
            state.as_int() if state else None,
        )
        if receipt is None:
            log.warning("sms.receipt_unreadable")
            return
        while True:
            try:
                await self.apply_receipt(f"+{event.source_addr.lstrip('+')}", receipt)
            except MongoError as error:
                log.warning("sms.store_unreachable", error=type(error).__name__)
                if await stop.sleep(self._settings.reconnect_pause):
                    return
            else:
                return

    async def apply_receipt(self, to: str, receipt: Receipt) -> None:
        """Apply a receipt to its message; keep it for some days if that is not known yet."""
        found = await self._messages.find_by_receipt(to, receipt)
        if found is None:
            await self._messages.keep_early_receipt(to, receipt, self._clock())
            found = await self._messages.find_by_receipt(to, receipt)
            if found is None:
                return  # `apply_early_receipts` will find it
            await self._messages.take_early_receipt(to, found[1])
        message: Message | None
        message, key = found
        while message is not None:
            after = rules.with_receipt(message, key, receipt.outcome, receipt.state, self._clock())
            if after == message or await self._messages.replace(message, after):
                log.info("sms.receipt", message_id=str(message.id), state=receipt.state)
                return
            message = await self._messages.get(message.id)

    async def apply_early_receipts(self, message: Message) -> None:
        """Apply the receipts that came before the parts of this message were stored."""
        for part in message.parts:
            early = await self._messages.take_early_receipt(message.to, part.id)
            if early is not None:
                await self.apply_receipt(message.to, early)
