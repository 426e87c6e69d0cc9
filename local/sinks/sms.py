"""An SMS sink: an SMSC that speaks SMPP 3.4, joins parts, sends receipts, shows the text."""

import asyncio
import time
from collections import OrderedDict
from datetime import UTC, datetime
from html import escape
from itertools import count
from typing import Annotated, Any

import smpp34
import typer
import uvicorn
from fastapi import FastAPI, Query
from starlette.responses import HTMLResponse

from local.sinks.page import page
from services.notifications.sms.segments import decode

UDHI = 0x40
RECEIPT = 0x04
MOST_KEPT = 5_000


class Inbox:
    """Texts as a handset shows them: parts are put together when all are there."""

    def __init__(self) -> None:
        self.texts: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._parts: dict[tuple[str, str, int, int], dict[int, bytes]] = {}

    def take(self, event: smpp34.SubmitSmEvent) -> None:
        body, key = event.short_message, (event.source_addr, event.destination_addr)
        if not event.esm_class & UDHI:
            self._show(key, decode(body, event.data_coding), 1)
            return
        length = body[0]
        reference, total, number = body[3], body[4], body[5]
        held = self._parts.setdefault((*key, reference, total), {})
        held[number] = body[length + 1 :]
        if len(held) == total:
            whole = b"".join(held[n] for n in sorted(held))
            self._show(key, decode(whole, event.data_coding), total)
            del self._parts[(*key, reference, total)]

    def _show(self, key: tuple[str, str], text: str, parts: int) -> None:
        at = datetime.now(UTC).isoformat()
        self.texts[f"{len(self.texts)}-{at}"] = {
            "from": key[0],
            "to": key[1],
            "text": text,
            "parts": parts,
            "at": at,
        }
        while len(self.texts) > MOST_KEPT:
            self.texts.popitem(last=False)

    def newest(self, to: str | None = None) -> list[dict[str, Any]]:
        return [text for text in reversed(self.texts.values()) if to in (None, text["to"])]


async def answer(server: smpp34.Server, inbox: Inbox) -> None:
    """Take every message and send a receipt for each part."""
    sessions: dict[str, smpp34.Esme] = {}
    receipts: set[asyncio.Task[None]] = set()
    numbers = count(int(time.time()))  # so that ids are new ones after a restart
    while True:
        event = await server.next()
        if isinstance(event, smpp34.Esme):
            sessions[event.session_id] = event
        elif isinstance(event, smpp34.Unbound):
            sessions.pop(event.session_id, None)
        else:
            message_id = f"{next(numbers):08x}"
            event.accept(message_id)
            inbox.take(event)
            session = sessions.get(event.session_id)
            if event.registered_delivery and session is not None:
                task = asyncio.create_task(receipt(session, event, message_id))
                receipts.add(task)
                task.add_done_callback(receipts.discard)


async def receipt(session: smpp34.Esme, event: smpp34.SubmitSmEvent, message_id: str) -> None:
    done = datetime.now(UTC).strftime("%y%m%d%H%M")
    dates = f"submit date:{done} done date:{done}"
    text = f"id:{message_id} sub:001 dlvrd:001 {dates} stat:DELIVRD err:000 text:"
    await session.deliver_sm(
        event.source_addr,
        text.encode(),
        source_addr=event.destination_addr,
        esm_class=RECEIPT,
    )


def create_app(inbox: Inbox) -> FastAPI:
    app = FastAPI(title="SMS sink", openapi_url=None)

    @app.get("/healthz")  # the image's health check asks it, as it asks the services
    async def healthz() -> dict[str, bool]:
        return {"alive": True}

    @app.get("/api/messages")
    async def messages(to: Annotated[str | None, Query()] = None) -> list[dict[str, Any]]:
        """Texts to a number (digits only), the latest first."""
        return inbox.newest(to)

    @app.get("/")
    async def index() -> HTMLResponse:
        rows = "".join(
            f"<tr><td>{text['at'][11:19]}</td><td>{escape(text['to'])}</td>"
            f"<td>{escape(text['text'])}</td><td>{text['parts']}</td></tr>"
            for text in inbox.newest()[:200]
        )
        return page("SMS", "Time (UTC)", "To", "Text", "Parts", rows=rows, empty="No SMS yet.")

    return app


async def serve(smpp_port: int, web_port: int, host: str) -> None:
    inbox = Inbox()
    server = smpp34.Server(host, smpp_port, system_id="sms-sink", inbound_capacity=10_000)
    await server.start()
    answering = asyncio.create_task(answer(server, inbox))
    config = uvicorn.Config(
        create_app(inbox), host=host, port=web_port, log_level="warning", access_log=False
    )
    await uvicorn.Server(config).serve()
    answering.cancel()
    await server.stop()


def main(smpp_port: int, web_port: int, host: str = "127.0.0.1") -> None:
    asyncio.run(serve(smpp_port, web_port, host))


if __name__ == "__main__":
    typer.run(main)
