"""People who use the APIs, as a frontend would: over HTTP only, codes read from the mail sink."""

import email
import re
import time
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from typing import Any, TypeVar

import httpx

from local.layout import Layout
from shared.http.tls import trusted_authorities

T = TypeVar("T")
PATIENCE = 20.0  # seconds that anything asked for in vain is waited for


class ApiError(Exception):
    """An answer that was not expected; the message says to what, and what it was."""


class Person:
    """Somebody signed in (or not yet)."""

    def __init__(self, layout: Layout, address: str) -> None:
        self.layout = layout
        self.email = address
        self.id = ""
        self._headers = {"Accept-Language": "vi"}

    def sign_in(self) -> "Person":
        """Ask for a code, read it from the mail, sign in with it."""
        known = {mail["ID"] for mail in mails_to(self.layout, self.email)}
        asked = self.post("registry", "/v1/sign-in/challenges", {"email": self.email}, expect=202)
        mail = await_mail(self.layout, self.email, "mã đăng nhập", unless=known)
        found = re.search(r"\b(\d{6})\b", str(mail["Subject"]))
        if found is None:
            raise ApiError(f"no code in the mail {mail['Subject']!r}")
        answer = {"challenge_id": asked["challenge_id"], "code": found[1]}
        tokens = self.post("registry", "/v1/sign-in/tokens", answer)
        self.id = tokens["person"]["id"]
        self._headers["Authorization"] = f"Bearer {tokens['access_token']}"
        return self

    def get(self, service: str, path: str, **query: Any) -> Any:
        return self.call("GET", service, path, params=query)

    def post(self, service: str, path: str, body: Any = None, *, expect: int | None = None) -> Any:
        return self.call("POST", service, path, json=body, expect=expect)

    def put(self, service: str, path: str, body: Any) -> Any:
        return self.call("PUT", service, path, json=body)

    def send(self, service: str, path: str, content: bytes, media_type: str) -> Any:
        """Post what is no JSON."""
        headers = {"Content-Type": media_type}
        return self.call("POST", service, path, content=content, headers=headers)

    def edit(self, service: str, path: str, change: Callable[[Any], Any]) -> Any:
        """Read it, and put what `change` makes of it there, if it is still as it was read."""
        before = self._ask("GET", service, path)
        headers = {"If-Match": before.headers["ETag"]}
        return self.call("PUT", service, path, json=change(before.json()), headers=headers)

    def download(self, service: str, path: str) -> bytes:
        return self._ask("GET", service, path).raise_for_status().content

    def call(
        self, method: str, service: str, path: str, *, expect: int | None = None, **more: Any
    ) -> Any:
        """The answer's JSON. Raises `ApiError` for a status that is not `expect` (or 2xx)."""
        answer = self._ask(method, service, path, **more)
        wanted = answer.status_code == expect if expect else answer.is_success
        if not wanted:
            raise ApiError(
                f"{method} {service}{path} answered {answer.status_code}"
                f" (expected {expect or 'success'}): {answer.text[:500]}"
            )
        return answer.json() if answer.content else None

    def _ask(self, method: str, service: str, path: str, **more: Any) -> httpx.Response:
        headers = self._headers | more.pop("headers", {})
        url = f"{self.layout.url(service)}{path}"
        return request(method, url, headers=headers, **more)


def request(method: str, url: str, **more: Any) -> httpx.Response:
    """One request over a connection of its own."""
    return httpx.request(method, url, timeout=30, verify=trusted_authorities(), **more)


def mails_to(layout: Layout, address: str) -> list[dict[str, Any]]:
    """What the mail sink holds for that address, the latest first."""
    answer = request(
        "GET", f"{layout.url('mail')}/api/v1/search", params={"query": f"to:{address}"}
    )
    found: list[dict[str, Any]] = answer.raise_for_status().json()["messages"]
    return found


def await_mail(
    layout: Layout,
    address: str,
    subject: str,
    *,
    unless: set[str] = frozenset(),  # type: ignore[assignment]
) -> EmailMessage:
    """The latest mail to that address whose subject holds these words, read whole."""

    def look() -> EmailMessage | None:
        for found in mails_to(layout, address):
            if found["ID"] not in unless and subject.lower() in found["Subject"].lower():
                raw = request("GET", f"{layout.url('mail')}/api/v1/message/{found['ID']}/raw")
                parsed = email.message_from_bytes(raw.content, policy=policy.default)
                assert isinstance(parsed, EmailMessage)  # noqa: S101 - the policy makes it one
                return parsed
        return None

    return wait_for(look, f"a mail to {address} about {subject!r}")


def await_sms(layout: Layout, number: str, words: str) -> dict[str, Any]:
    """The latest SMS to that number (E.164) that holds these words."""

    def look() -> dict[str, Any] | None:
        found = request(
            "GET", f"{layout.url('sms')}/api/messages", params={"to": number.removeprefix("+")}
        )
        texts: list[dict[str, Any]] = found.raise_for_status().json()
        return next((text for text in texts if words in text["text"]), None)

    return wait_for(look, f"an SMS to {number} with {words!r}")


def wait_for(look: Callable[[], T | None], what: str, seconds: float = PATIENCE) -> T:
    """What `look` finds, as soon as it finds something. Raises `ApiError` if it does not."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise ApiError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(0.1)
