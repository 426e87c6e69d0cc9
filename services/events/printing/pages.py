"""HTML pages that stand alone: nothing is loaded, nothing runs, and they can be read offline.

A page is a Jinja2 template (`*.html`, beside the feature that answers it). Every value is escaped;
a name that the template uses and does not get is an error. The content security policy of a page
allows the style sheet that stands in its template, by hash, and no other.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from shared.text import Language

ROOT = Path(__file__).parent.parent
"""Templates are named from here (`admission/tickets/pass.html`)."""

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(ROOT),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
PROJECT: dict[Language, str] = {
    "vi": "Hà Nội – Thành phố Sáng tạo",
    "en": "Hanoi – Creative City",
}
SELF, NONE = "'self'", "'none'"
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


class StandalonePage:
    def __init__(self, template: str, *, framed: bool = False, form: bool = False) -> None:
        """`framed`: other sites may show it in a frame. `form`: it has a form, sent to this site.

        The style sheet must be plain CSS, without parts that Jinja2 fills in.
        """
        self._template = _ENVIRONMENT.get_template(template)
        source = (ROOT / template).read_text(encoding="utf-8")
        styles = " ".join(f"'sha256-{_hash(style)}'" for style in _STYLE.findall(source))
        self._headers = {
            "Content-Security-Policy": f"default-src 'none'; style-src {styles or NONE}; "
            f"base-uri 'none'; form-action {SELF if form else NONE}; "
            f"frame-ancestors {'*' if framed else NONE}",
            "Referrer-Policy": "no-referrer",  # the address may be a secret
            "Vary": "Accept-Language",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
        }

    def show(
        self,
        language: Language,
        values: Mapping[str, object],
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """The page with these values, and with `language` and `project` (its name).

        `headers` are added to the page's own, or take their place.
        """
        body = self._template.render(values, language=language, project=PROJECT[language])
        sent = self._headers | {"Content-Language": language} | dict(headers or {})
        return Response(body, status, sent, media_type="text/html; charset=utf-8")


def _hash(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
