"""HTML pages that stand alone: nothing is loaded, nothing runs, and they are read offline.

A page is a file with `$name` where a value goes. Values are escaped; only `Markup` goes in as it
is. The policy it is sent with allows its own style sheet, by hash, and nothing else.
"""

import base64
import hashlib
import html
import re
from pathlib import Path
from string import Template

from starlette.responses import Response

from shared.text import Language

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


class Markup(str):
    """HTML of our own making."""

    __slots__ = ()


class StandalonePage:
    def __init__(self, file: Path, *, framed: bool = False) -> None:
        """`framed`: other sites may show it in a frame."""
        text = file.read_text(encoding="utf-8")
        styles = _STYLE.findall(text)
        allowed = " ".join(f"'sha256-{_hash(style)}'" for style in styles) or "'none'"
        framers = "*" if framed else "'none'"
        self._template = Template(text)
        self._headers = {
            "Content-Security-Policy": f"default-src 'none'; style-src {allowed}; "
            f"base-uri 'none'; form-action 'none'; frame-ancestors {framers}",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
            "Vary": "Accept-Language",
        }

    def show(self, language: Language, values: dict[str, str], *, status: int = 200) -> Response:
        escaped = {
            name: value if isinstance(value, Markup) else html.escape(value)
            for name, value in values.items()
        }
        body = self._template.substitute(escaped, language=language)
        headers = self._headers | {"Content-Language": language}
        return Response(body, status, headers, media_type="text/html; charset=utf-8")


def _hash(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
