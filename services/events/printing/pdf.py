"""PDFs from typst templates (`*.typ`, beside the feature that prints them).

What is printed reaches a template as JSON and is laid out as text, never read as markup: a name
such as `#panic()` is printed as it stands. The same input gives the same bytes. Templates read no
file but those of this service and no font but those the typst wheel brings along (see house.typ).
docs/adr/0010 says why typst.
"""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from shared.errors import Unavailable
from shared.text import Language

ROOT = Path(__file__).parent.parent
"""Templates are named from here (`tickets/ticket.typ`), and import each other so."""


class Printer:
    """Prints in threads, so few at once, while requests go on being answered."""

    def __init__(self, *, at_once: int, room: int) -> None:
        """At most `at_once` are printed together and `room` wait; more are turned away."""
        self._turns = asyncio.Semaphore(at_once)
        self._room = room
        self._waiting = 0
        self._fonts = typst.Fonts(include_system_fonts=False)

    async def pdf(
        self, template: str, data: Mapping[str, Any], language: Language, made_at: datetime
    ) -> bytes:
        """One document. `made_at` is written into it as its date. Raises `Unavailable`."""
        if self._waiting >= self._room:
            raise Unavailable(retry_after=2)
        self._waiting += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(self._compile, template, data, language, made_at)
        finally:
            self._waiting -= 1

    def _compile(
        self, template: str, data: Mapping[str, Any], language: Language, made_at: datetime
    ) -> bytes:
        return typst.compile(
            ROOT / template,
            root=ROOT,
            font_paths=self._fonts,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": json.dumps({**data, "language": language}, ensure_ascii=False)},
            timestamp=int(made_at.timestamp()),
        )
