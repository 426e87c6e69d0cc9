"""A mail sink: takes any mail over SMTP, delivers none, shows it on a page.

The page's data comes from the part of Mailpit's API that the demo uses (`search`, `raw`), so that
the demo reads its mail here and from the Mailpit in docker-compose.yml alike.
"""

import asyncio
import base64
import re
from collections import OrderedDict
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from html import escape
from typing import Annotated, Any
from uuid import uuid4

import typer
import uvicorn
from aiosmtpd.smtp import SMTP, Envelope
from fastapi import FastAPI, HTTPException, Query
from starlette.responses import HTMLResponse, Response

from local.sinks.page import page

MOST_KEPT = 5_000


class Mailbox:
    """Mail as it came, the latest last."""

    def __init__(self) -> None:
        self._mails: OrderedDict[str, tuple[datetime, EmailMessage, bytes]] = OrderedDict()

    async def handle_DATA(self, _server: SMTP, _session: object, envelope: Envelope) -> str:  # noqa: N802
        raw = envelope.original_content or b""
        parsed = message_from_bytes(raw, policy=policy.default)
        self._mails[uuid4().hex] = (datetime.now(UTC), parsed, raw)
        while len(self._mails) > MOST_KEPT:
            self._mails.popitem(last=False)
        return "250 OK: kept, not delivered"

    def newest(self) -> list[tuple[str, datetime, EmailMessage]]:
        return [(key, at, mail) for key, (at, mail, _) in reversed(self._mails.items())]

    def raw(self, key: str) -> bytes:
        return self._mails[key][2]

    def get(self, key: str) -> EmailMessage:
        return self._mails[key][1]


def recipients(mail: EmailMessage) -> list[dict[str, str]]:
    found = getaddresses([str(value) for value in mail.get_all("To", [])])
    return [{"Name": name, "Address": address} for name, address in found]


def create_app(box: Mailbox) -> FastAPI:
    app = FastAPI(title="Mail sink", openapi_url=None)

    def entry(key: str, at: datetime, mail: EmailMessage) -> dict[str, Any]:
        return {
            "ID": key,
            "Created": at.isoformat(),
            "Subject": str(mail["Subject"]),
            "To": recipients(mail),
            "MessageID": str(mail["Message-ID"]),
        }

    @app.get("/api/v1/search")
    async def search(
        query: str, limit: Annotated[int, Query(ge=1, le=1000)] = 50
    ) -> dict[str, Any]:
        """`query` is `to:address`, as in Mailpit. The latest first."""
        wanted = re.fullmatch(r'to:"?([^"]+)"?', query.strip())
        if wanted is None:
            raise HTTPException(400, "only to:address is understood here")
        found = [
            entry(key, at, mail)
            for key, at, mail in box.newest()
            if wanted[1].lower() in {to["Address"].lower() for to in recipients(mail)}
        ]
        return {"total": len(found), "messages": found[:limit]}

    @app.get("/api/v1/message/{key}/raw")
    async def raw(key: str) -> Response:
        try:
            return Response(box.raw(key), media_type="message/rfc822")
        except KeyError as error:
            raise HTTPException(404) from error

    @app.get("/")
    async def index() -> HTMLResponse:
        rows = "".join(
            f"<tr><td>{at.astimezone():%H:%M:%S}</td><td>{escape(str(mail['To']))}</td>"
            f'<td><a href="/message/{key}">{escape(str(mail["Subject"]))}</a></td></tr>'
            for key, at, mail in box.newest()[:200]
        )
        return page("Mail", "Time", "To", "Subject", rows=rows, empty="No mail yet.")

    @app.get("/message/{key}")
    async def show(key: str) -> HTMLResponse:
        try:
            return HTMLResponse(_shown(box.get(key)))
        except KeyError as error:
            raise HTTPException(404) from error

    return app


def _shown(mail: EmailMessage) -> str:
    """The mail as a reader's program shows it: the HTML with its pictures, else the text."""
    html = mail.get_body(("html",))
    if html is None:
        text = mail.get_body(("plain",))
        words = escape(text.get_content() if text else "")
        return f"<pre style='white-space:pre-wrap'>{words}</pre>"
    shown: str = html.get_content()
    for part in mail.walk():
        if part.get_content_maintype() == "image" and part["Content-ID"]:
            picture = base64.b64encode(part.get_payload(decode=True)).decode()  # type: ignore[arg-type]
            shown = shown.replace(
                f"cid:{part['Content-ID'].strip('<>')}",
                f"data:{part.get_content_type()};base64,{picture}",
            )
    return shown


async def serve(smtp_port: int, web_port: int) -> None:
    box = Mailbox()
    loop = asyncio.get_running_loop()
    await loop.create_server(
        lambda: SMTP(box, enable_SMTPUTF8=True, ident="mail sink"), "127.0.0.1", smtp_port
    )
    config = uvicorn.Config(
        create_app(box), host="127.0.0.1", port=web_port, log_level="warning", access_log=False
    )
    await uvicorn.Server(config).serve()


def main(smtp_port: int, web_port: int) -> None:
    asyncio.run(serve(smtp_port, web_port))


if __name__ == "__main__":
    typer.run(main)
