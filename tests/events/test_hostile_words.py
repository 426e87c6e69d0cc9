"""Words that are markup elsewhere, very long, or of another script, wherever people read them."""

import base64
import hashlib
import io
import re
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest
from ical.calendar_stream import IcsCalendarStream
from pypdf import PdfReader

from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running
from tests.events.forum.test_guests_api import INVITED, invited
from tests.events.programme.sample_programme import edition, made, session, venue

FORMULA = "{{ 7 * 7 }}"  # shown, not worked out
WORDS = {
    "html": "\"'><img src=x onerror=alert(1)><script>alert(1)</script>",
    "templates": f"$title $$ %s {{0}} {FORMULA} {{% raw %}} #panic() *b* \\ @x <nhãn> ]]> &amp;",
    "right to left": "مهرجان هانوي \u202e للتصميم",
    "diacritics alone": "\u0301\u0323\u0302",
    "long": "Ề" * 200,
    "formula": "=cmd|' /C calc'!A0",
    "no glyphs": "王小明 🎉\u200b\ufeff",
}


def styles(page: str) -> list[str]:
    """The SHA-256 of each style sheet in it, in Base64."""
    found = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    return [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in found]


@pytest.mark.parametrize("word", WORDS.values(), ids=WORDS.keys())
async def test_words_are_only_words(service: Running, word: str) -> None:
    text = {"vi": word, "en": word}
    async with (
        service.as_(Role.ORGANISER) as staff,
        service.as_() as lan,
        service.anonymous() as anyone,
    ):
        body = edition(f"e-{new_id().hex[-8:]}") | {"name": text}
        year = f"/v1/editions/{(await made(staff, '/v1/editions', body))['id']}"
        await made(staff, f"{year}/announcement")
        strand = await made(
            staff, f"{year}/strands", {"name": text, "slug": "tuyen", "colour": "#112233"}
        )
        about = {"title": text, "about": text, "kind": "forum", "strand_id": strand["id"]}
        forum = (await made(staff, f"{year}/activities", about))["id"]
        library = await venue(service)
        room = (await made(staff, f"/v1/venues/{library}/rooms", {"name": text}))["id"]
        body = session(library, room_id=room, kinds=INVITED)
        key = (await made(staff, f"/v1/activities/{forum}/sessions", body))["id"]
        await made(staff, f"/v1/sessions/{key}/publication")
        mine = await made(lan, f"/v1/sessions/{key}/registrations")

        async def read(path: str, **headers: str) -> Any:
            answer = await lan.get(path, headers=headers)
            assert answer.status_code == 200, (path, answer.text)
            return answer

        ElementTree.fromstring((await read(f"{year}/schedule.xml")).content)  # noqa: S314 - ours
        for path in (year, f"/v1/strands/{strand['id']}", f"/v1/sessions/{key}"):
            IcsCalendarStream.calendar_from_ics((await read(f"{path}/calendar.ics")).text)
        [day] = (await read(f"{year}/schedule.json")).json()["schedule"]["conference"]["days"]
        assert len(day["rooms"]) == 1
        await read(f"/v1/sessions/{key}/event.jsonld")

        city = {"city": word, "country": "ID", "organisation": text}
        guests = await made(staff, f"{year}/delegations", city)
        facts = {"session_id": key, "delegation_id": guests["id"], "companions": 1}
        letter = await invited(staff, UUID(forum), **facts)
        said = {"reply": "yes", "name": word, "companions": [word]}
        assert (await anyone.put(f"{letter['path']}/answer", json=said)).is_success
        at = f"/v1/registrations/{mine['id']}"
        for path in (
            f"{year}/schedule.html",
            letter["path"],
            (await made(lan, f"{at}/pass"))["path"],
            f"/v1/certificates/{word.replace('/', '')}",
        ):
            page = await anyone.get(path, headers={"Accept": "text/html"})
            assert "<script" not in page.text, path
            assert "<img" not in page.text, path
            assert (FORMULA in page.text) == (FORMULA in word), path
            allowed = re.findall("'sha256-([^']+)'", page.headers["content-security-policy"])
            assert allowed == styles(page.text), "its own style sheet, and no other"

        for path, pages in (
            (f"{at}/ticket.pdf", 1),
            (f"/v1/guests/{letter['id']}/badge.pdf", 2),
            (f"/v1/delegations/{guests['id']}/badges.pdf", 1),
        ):
            paper = await (lan if path.startswith(at) else staff).get(path)
            assert paper.status_code == 200, paper.text
            assert len(PdfReader(io.BytesIO(paper.content)).pages) == pages, path
