"""What every HTML page has: nothing but its own style, and values that stay text."""

import re

import pytest
from jinja2 import UndefinedError

from services.events.printing.pages import ROOT, StandalonePage
from tests.events.test_hostile_words import styles

REFUSED = "forum/rsvp/refused.html"  # the smallest
TEMPLATES = sorted(str(file.relative_to(ROOT)) for file in ROOT.rglob("*.html"))


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_page_allows_its_own_style_and_nothing_else(template: str) -> None:
    source = (ROOT / template).read_text()
    policy = StandalonePage(template)._headers["Content-Security-Policy"]
    allowed = " ".join(f"'sha256-{one}'" for one in styles(source)) or "'none'"
    assert policy == (
        f"default-src 'none'; style-src {allowed}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert not re.search("<style>[^<]*{[{%#]", source), "or its hash would be another"
    assert " style=" not in source


def test_a_page_may_have_a_form_or_stand_in_a_frame() -> None:
    form, framed = StandalonePage(REFUSED, form=True), StandalonePage(REFUSED, framed=True)
    assert "form-action 'self'" in form._headers["Content-Security-Policy"]
    assert "frame-ancestors *" in framed._headers["Content-Security-Policy"]


def test_a_value_is_text_and_one_that_is_missing_an_error() -> None:
    page = StandalonePage(REFUSED)
    answer = page.show("vi", {"reason": "{{ project }} <b>'\""}, status=404, headers={"Vary": "*"})
    assert b"{{ project }} &lt;b&gt;&#39;&#34;" in answer.body
    assert (answer.status_code, answer.headers["vary"]) == (404, "*")
    with pytest.raises(UndefinedError, match="reason"):
        page.show("vi", {})
