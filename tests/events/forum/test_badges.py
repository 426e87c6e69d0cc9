"""Badges: names as guests gave them, the ticket as a QR code, four on a sheet."""

import io
import unicodedata
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from services.events.forum.badges.rules import BADGE_DESIGNS, COMPANION
from shared import qr_code
from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running
from tests.events.forum.test_guests_api import INVITED, YES, invited
from tests.events.programme.sample_programme import edition, made, published_forum

MILLIMETRE = 72 / 25.4  # points
A4, A6 = (210, 297), (105, 148)


def pages(pdf: bytes) -> list[tuple[tuple[int, int], str]]:
    """The size in millimetres and the words, composed (NFC), of each page."""
    return [
        (
            (round(page.mediabox.width / MILLIMETRE), round(page.mediabox.height / MILLIMETRE)),
            " ".join(unicodedata.normalize("NFC", page.extract_text()).split()),
        )
        for page in PdfReader(io.BytesIO(pdf)).pages
    ]


@pytest.mark.parametrize("look", [*BADGE_DESIGNS.values(), COMPANION], ids=lambda look: look.en)
def test_white_letters_are_read_on_every_colour(look: Any) -> None:
    """WCAG 2.2, 1.4.3: contrast at least 4.5 to 1."""
    parts = [int(look.colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (luminance + 0.05) >= 4.5


async def test_badges_of_a_delegation_and_of_one_guest(
    service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    forum, session = await published_forum(service, capacity=9, kinds=INVITED)
    drawn: list[str] = []
    svg = qr_code.svg

    def draw(text: str) -> str:
        drawn.append(text)
        return svg(text)

    monkeypatch.setattr(qr_code, "svg", draw)
    lan = new_id()
    async with (
        service.as_(Role.ORGANISER) as staff,
        service.as_(person=lan) as hers,
        service.anonymous() as guest,
    ):
        year = (await staff.get(f"/v1/activities/{forum}")).json()["edition_id"]
        body = {"city": "Huế", "country": "VN", "organisation": {"vi": "Hội Mỹ thuật Huế"}}
        hue = await made(staff, f"/v1/editions/{year}/delegations", body)
        sheets = f"/v1/delegations/{hue['id']}/badges.pdf"
        assert (await staff.get(sheets)).json()["code"] == "badge.no_answer"
        of_hue = {"delegation_id": hue["id"], "companions": 3}
        seated = await invited(
            staff, forum, session_id=str(session), person_id=str(lan), role="speaker", **of_hue
        )
        standing = await invited(staff, forum, **of_hue)
        silent = await invited(staff, forum, **of_hue)
        one_badge = f"/v1/guests/{seated['id']}/badge.pdf"
        refused = await staff.get(one_badge)
        assert (refused.status_code, refused.json()["code"]) == (409, "badge.no_answer")
        name = "Đặng Thị Ngọc Thịnh Ưỡn"
        said = await hers.put(
            f"/v1/me/invitations/{seated['id']}/answer",
            json={"reply": "yes", "name": name, "companions": ["Ỗ Văn Ẵ", "#panic()", "Lê Tư"]},
        )
        assert said.is_success
        assert (await guest.put(f"{standing['path']}/answer", json=YES)).is_success
        assert (await guest.put(f"{silent['path']}/answer", json={"reply": "no"})).is_success

        single = await staff.get(one_badge)
        assert single.headers["content-type"] == "application/pdf"
        found = pages(single.content)
        assert [size for size, _ in found] == [A6] * 4
        assert name in found[0][1]
        assert "DIỄN GIẢ" in found[0][1]
        assert "Hội Mỹ thuật Huế Huế, VN" in found[0][1]
        assert ["Ỗ Văn Ẵ" in found[1][1], "#panic()" in found[2][1]] == [True, True]
        key = said.json()["registration_id"]
        ticket = (await hers.get(f"/v1/registrations/{key}/ticket")).json()["ticket"]
        assert drawn == [ticket], "the guest's own badge shows the ticket, and no other"

        sheet = pages((await staff.get(sheets, headers={"Accept-Language": "en"})).content)
        assert [size for size, _ in sheet] == [A4, A4], "five badges, four on a sheet"
        assert all(word in sheet[0][1] for word in (name, "SPEAKER", "COMPANION"))
        assert "Siti Rahmawati" in sheet[1][1]
        assert (await staff.delete(f"/v1/guests/{seated['id']}/names")).is_success
        left = pages((await staff.get(sheets)).content)
        assert [name in words for _, words in left] == [False]
        assert (await staff.get(one_badge)).status_code == 409


async def test_each_badge_says_what_its_guest_is_invited_to(service: Running) -> None:
    """A delegation comes to an edition: some of it to the forum, some to the opening."""
    forum, _ = await published_forum(service)
    async with service.as_(Role.ORGANISER) as staff, service.anonymous() as guest:
        year = (await staff.get(f"/v1/activities/{forum}")).json()["edition_id"]
        opening = {"title": {"vi": "Lễ khai mạc"}, "kind": "ceremony"}
        opening = await made(staff, f"/v1/editions/{year}/activities", opening)
        body = {"city": "Huế", "country": "VN", "organisation": {"vi": "Hội Mỹ thuật Huế"}}
        hue = await made(staff, f"/v1/editions/{year}/delegations", body)
        for activity, name in ((forum, "Lê An"), (opening["id"], "Trần Bình")):
            one = await invited(staff, activity, delegation_id=hue["id"])
            said = {"reply": "yes", "name": name}
            assert (await guest.put(f"{one['path']}/answer", json=said)).is_success
        [(_, words)] = pages((await staff.get(f"/v1/delegations/{hue['id']}/badges.pdf")).content)
    assert [words.count(each) for each in ("Lễ khai mạc", "Diễn đàn")] == [1, 1]
    assert words.index("Lê An") < words.index("Lễ khai mạc") < words.index("Trần Bình")


async def test_badges_of_staff_are_printed_and_kept_nowhere(service: Running) -> None:
    async with service.as_(Role.ORGANISER) as staff:
        year = await made(staff, "/v1/editions", edition())
        path = f"/v1/editions/{year['id']}/staff-badges"
        badges = [
            {"name": f"Lý Thị Số {n}", "role": role, "organisation": "Bảo tàng Hà Nội"}
            for n, role in enumerate(("organiser", "gate", "volunteer", "technician", "gate"))
        ]
        printed = pages((await staff.post(path, json={"badges": badges})).content)
        assert [size for size, _ in printed] == [A4, A4]
        assert all(word in printed[0][1] for word in ("BAN TỔ CHỨC", "SOÁT VÉ", "Lý Thị Số 3"))
        assert "Lý Thị Số 4" in printed[1][1]
        for wrong in ({"badges": []}, {"badges": [{"name": "A", "role": "king"}]}):
            assert (await staff.post(path, json=wrong)).status_code == 422
        nowhere = f"/v1/editions/{UUID(int=7)}/staff-badges"
        assert (await staff.post(nowhere, json={"badges": badges})).status_code == 404
    mongo = service.platform.mongo
    for name in await mongo.db.list_collection_names():
        async for row in mongo.collection(name).find():
            assert "Lý Thị" not in str(row), name
