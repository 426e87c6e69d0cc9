"""Servers that are given from outside, in MONGODB_URL and AMQP_URL.

They are asked before anything starts, so that a wrong address is named at once, by its variable.
"""

import asyncio
import os
import re
import threading
import time
from collections.abc import Awaitable, Callable

from shared.bus.publisher import open_connection
from shared.mongo import Mongo
from shared.testing.children import DidNotStart

PATIENCE = 6.0  # seconds; the driver of MongoDB itself gives up after five


class NotSuitable(Exception):
    """It answers, but the system cannot work with it."""


def check_given_servers() -> None:
    """Return if each given server answers. Raises `DidNotStart` with a sentence for each other."""
    asking = [
        _Asking(name, url, ask)
        for name, ask in (("MONGODB_URL", _ask_mongodb), ("AMQP_URL", _ask_rabbitmq))
        if (url := os.environ.get(name))
    ]
    for one in asking:
        one.start()
    deadline = time.monotonic() + PATIENCE
    for one in asking:
        one.join(max(0, deadline - time.monotonic()))
    if wrong := [one.complaint for one in asking if one.complaint]:
        raise DidNotStart("\n".join(wrong))


def without_password(url: str) -> str:
    """The address without user, password and query: for people to see."""
    bare = re.sub(r"^([\w+]+://)?.*@", r"\1", url, flags=re.DOTALL)
    return bare.partition("?")[0]


class _Asking(threading.Thread):
    """Asks one server. A thread that can be left behind: looking up a name may take minutes."""

    def __init__(self, name: str, url: str, ask: Callable[[str], Awaitable[None]]) -> None:
        super().__init__(daemon=True)
        self._url = url
        self._ask = ask
        self._what = f"{name}: {{}} at {without_password(url)}"
        self.complaint = self._what.format(f"no answer within {PATIENCE:g} s")

    def run(self) -> None:
        self.complaint = asyncio.run(self._result())

    async def _result(self) -> str:
        try:
            await self._ask(self._url)
        except NotSuitable as error:
            return f"{self._what.format('a server answers')}, but {error}"
        except Exception as error:  # noqa: BLE001 - drivers raise many kinds for a wrong address
            return f"{self._what.format('no usable server')} ({self._reason(error)})"
        return ""

    def _reason(self, error: Exception) -> str:
        """The driver's words, without the password and without its account of all it tried."""
        words = str(error).split(" (configured timeouts")[0].split(", Timeout:")[0]
        for secret in re.findall(r"://(.*)@", self._url, flags=re.DOTALL):
            for part in (secret, *secret.split(":", 1)[1:]):
                words = words.replace(part, "***") if part else words
        return words.strip()[:200] or type(error).__name__


async def _ask_mongodb(url: str) -> None:
    mongo = Mongo.connect(url, "registry")
    try:
        hello = await mongo.client.admin.command("hello")
        if "setName" not in hello and hello.get("msg") != "isdbgrid":
            raise NotSuitable("it is no replica set, which transactions need (mongod --replSet)")
        await mongo.collection("people").find_one({})  # it lets in whoever the address names
    finally:
        await mongo.close()


async def _ask_rabbitmq(url: str) -> None:
    async with await open_connection(url, "is this the right address?"):
        pass
