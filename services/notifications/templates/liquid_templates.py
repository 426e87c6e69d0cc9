"""Texts from templates, written in Liquid.

Its limits on loops, memory and output hold whatever a template's author writes; Jinja's sandbox
has none. One folder a template, one file a language and purpose, such as
`ticket/vi.subject.liquid`; the purposes are subject, text, html and sms.
"""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from babel.dates import format_datetime
from liquid import Environment, FileSystemLoader, StrictUndefined

from shared.clock import local
from shared.text import Language, nfc

Purpose = Literal["subject", "text", "html", "sms"]
FOLDER = Path(__file__).parent

_MOMENT: dict[Language, str] = {
    "vi": "HH:mm, EEEE 'ngày' d/M/y",
    "en": "HH:mm 'on' EEEE, d MMMM y",
}


class LimitedEnvironment(Environment):
    loop_iteration_limit = 1_000
    output_stream_limit = 200_000
    local_namespace_limit = 200_000  # what a template assigns: doubling a text needs few rounds


@cache
def _environment(*, html: bool) -> Environment:
    environment = LimitedEnvironment(
        loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, autoescape=html
    )
    environment.add_filter("when_vi", lambda moment: when(moment, "vi"))
    environment.add_filter("when_en", lambda moment: when(moment, "en"))
    environment.add_filter("dong_vi", lambda amount: f"{dong(amount, '.')} đ")
    environment.add_filter("dong_en", lambda amount: f"{dong(amount, ',')} VND")
    environment.add_filter("clock", lambda moment: f"{local(moment):%H:%M}")
    environment.add_filter("day", lambda moment: f"{local(moment):%d/%m}")
    return environment


def when(moment: datetime, language: Language) -> str:
    """A moment within a sentence, in Hanoi's time: `09:30, thứ Hai ngày 23/11/2026` or
    `09:30 on Monday, 23 November 2026`.
    """
    text = format_datetime(local(moment), _MOMENT[language], locale=language)
    return text.replace("Thứ ", "thứ ")  # a capital only at the beginning of a sentence


def dong(amount: int, separator: str) -> str:
    """A sum of money in groups of three digits."""
    return f"{int(amount):,}".replace(",", separator)


def has(template: str, language: Language, purpose: Purpose) -> bool:
    return (FOLDER / template / f"{language}.{purpose}.liquid").is_file()


def render(template: str, language: Language, purpose: Purpose, data: dict[str, Any]) -> str:
    """The text. A name the template uses and the data lacks is an error, not a blank."""
    environment = _environment(html=purpose == "html")
    found = environment.get_template(f"{template}/{language}.{purpose}.liquid")
    text = nfc(found.render(**data))
    return text if purpose == "html" else text.strip()
