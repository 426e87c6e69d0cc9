"""The directory of designers over HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.contracts.registry import DesignerApproved, DesignerReturned, DesignerSubmitted
from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running
from tests.helping.clock import StandingClock
from tests.helping.told import sequences, told


def content(name: str = "Bùi Thị Đường", **changes: Any) -> dict[str, Any]:
    return {"display_name": name, "bio": "Gốm Bát Tràng", "disciplines": ["craft"], **changes}


@pytest.fixture
async def registrar(registry: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with registry.as_(Role.REGISTRAR) as client:
        yield client


@pytest.fixture
async def public(registry: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with registry.anonymous() as client:
        yield client


async def submitted(registry: Running, person: UUID, body: dict[str, Any]) -> None:
    async with registry.as_(person=person) as designer:
        assert (await designer.put("/v1/designers/me", json=body)).status_code == 200
        assert (await designer.post("/v1/designers/me/submission")).status_code == 200


async def approved(
    registry: Running, registrar: httpx.AsyncClient, body: dict[str, Any], person: UUID
) -> None:
    await submitted(registry, person, body)
    answer = await registrar.post(f"/v1/designers/{person}/approval")
    assert answer.status_code == 200, answer.text


async def names(client: httpx.AsyncClient, **query: str) -> list[str]:
    answer = await client.get("/v1/designers", params=query)
    assert answer.status_code == 200, answer.text
    return [item["display_name"] for item in answer.json()["items"]]


async def test_a_profile_goes_from_draft_to_the_public_directory(
    registry: Running, registrar: httpx.AsyncClient, public: httpx.AsyncClient
) -> None:
    her = new_id()
    async with registry.as_(person=her) as designer:
        assert (await designer.get("/v1/designers/me")).status_code == 404
        drafted = await designer.put("/v1/designers/me", json=content())
        assert drafted.json()["status"] == "draft"
        await designer.post("/v1/designers/me/submission")
        assert (await public.get(f"/v1/designers/{her}")).status_code == 404
        returned = await registrar.post(f"/v1/designers/{her}/return", json={"note": "Thiếu ảnh"})
        assert returned.json()["status"] == "returned"
        mine = await designer.get("/v1/designers/me")
        assert mine.json()["note"] == "Thiếu ảnh"
        await designer.put("/v1/designers/me", json=content(links=["https://xuong.hanoi.example"]))
        await designer.post("/v1/designers/me/submission")
        await registrar.post(f"/v1/designers/{her}/approval")
    assert (await public.get(f"/v1/designers/{her}")).json() == {
        "id": str(her),
        "display_name": "Bùi Thị Đường",
        "bio": "Gốm Bát Tràng",
        "disciplines": ["craft"],
        "links": ["https://xuong.hanoi.example/"],
    }
    told_of = (DesignerSubmitted, DesignerReturned, DesignerApproved)
    assert [len(await told(registry.platform.mongo, kind)) for kind in told_of] == [2, 1, 1]
    assert await sequences(registry.platform.mongo, *told_of) == [2, 3, 5, 6]


async def test_the_public_reads_what_was_approved_while_a_new_text_is_written(
    registry: Running, registrar: httpx.AsyncClient, public: httpx.AsyncClient
) -> None:
    her = new_id()
    await approved(registry, registrar, content(), her)
    async with registry.as_(person=her) as designer:
        draft = content(name="Bùi Đường", bio="Giấy dó", disciplines=["graphic"])
        await designer.put("/v1/designers/me", json=draft)
        before = (await public.get(f"/v1/designers/{her}")).json()
        assert (before["display_name"], before["bio"]) == ("Bùi Thị Đường", "Gốm Bát Tràng")
        assert await names(public, q="giấy") == []
        assert await names(public, discipline="graphic") == []
        assert await names(public, q="gốm", discipline="craft") == ["Bùi Thị Đường"]
        await designer.post("/v1/designers/me/submission")
        await registrar.post(f"/v1/designers/{her}/return", json={"note": "Chưa đạt"})
        assert await names(public, q="gốm") == ["Bùi Thị Đường"]
        assert "note" not in (await public.get(f"/v1/designers/{her}")).json()
        await designer.post("/v1/designers/me/submission")
        await registrar.post(f"/v1/designers/{her}/approval")
    assert await names(public, q="gốm") == []
    assert await names(public, q="giay") == ["Bùi Đường"]


async def test_text_under_review_cannot_be_rewritten(registry: Running) -> None:
    her = new_id()
    await submitted(registry, her, content())
    async with registry.as_(person=her) as designer:
        answer = await designer.put("/v1/designers/me", json=content(bio="khác"))
        assert (answer.status_code, answer.json()["code"]) == (409, "designer.under_review")
        assert (await designer.get("/v1/designers/me")).json()["content"]["bio"] == "Gốm Bát Tràng"


async def test_registrars_see_who_waits_the_longest_waiting_first(
    registry: Running, registrar: httpx.AsyncClient, clock: StandingClock
) -> None:
    waiting = [new_id() for _ in range(5)]
    for person in reversed(waiting):
        await submitted(registry, person, content(f"Nhà thiết kế {person}"))
        clock.forward(minutes=1)
    await registrar.post(f"/v1/designers/{waiting[2]}/approval")
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (
            await registrar.get("/v1/designers/submitted", params={"limit": 2, **cursor})
        ).json()
        found += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert found == [str(waiting[n]) for n in (4, 3, 1, 0)]


@pytest.mark.parametrize(
    "asked", ["duong", "Đường", "ĐƯỜNG", "đường bùi", "bui du", "  duong  ", "gom", "bát tràng"]
)
async def test_search_is_blind_to_case_and_diacritics(
    registry: Running, registrar: httpx.AsyncClient, public: httpx.AsyncClient, asked: str
) -> None:
    await approved(registry, registrar, content(), new_id())
    await approved(registry, registrar, content("Lý Thanh", bio="Sơn mài"), new_id())
    assert await names(public, q=asked) == ["Bùi Thị Đường"]


@pytest.mark.parametrize("asked", ["uong", "duongx", "$where", ".*", "gốm sứ", "ly duong"])
async def test_search_finds_nothing_else(
    registry: Running, registrar: httpx.AsyncClient, public: httpx.AsyncClient, asked: str
) -> None:
    await approved(registry, registrar, content(), new_id())
    await approved(registry, registrar, content("Lý Thanh", bio="Sơn mài"), new_id())
    found = await names(public, q=asked)
    # A text without a single letter asks for nothing, and so for everybody.
    assert found == (["Bùi Thị Đường", "Lý Thanh"] if asked == ".*" else [])


async def _insert(registry: Running, name: str) -> str:
    """An approved profile, written straight to the store: a hundred over HTTP would take long."""
    key = new_id()
    await registry.platform.mongo.collection("designers").insert_one(
        {
            "_id": key,
            "version": 3,
            "status": "approved",
            "content": content(name),
            "published": content(name),
            "note": None,
            "changed_at": registry.platform.clock(),
            "public_name": name,
            "words": [],
        }
    )
    return str(key)


Page = tuple[list[tuple[str, str]], bool]  # ids and names, and whether more follow


async def _read_all(
    registry: Running, read: Callable[[], Awaitable[Page]]
) -> tuple[set[str], bool]:
    """Read page after page of 120 while others come in: who was missed, was anybody repeated."""
    # Many share a name: the order among those must be as firm.
    there = [await _insert(registry, f"Nguyễn Văn {number % 40:02d}") for number in range(120)]
    seen: list[str] = []
    more = True
    while more and len(seen) < 400:
        items, more = await read()
        seen += [key for key, _ in items]
        # One before and one behind what was read, and one right in the middle of it.
        for name in ("A", "Zz", items[-1][1] if items else "Z"):
            await _insert(registry, name)
    return set(there) - set(seen), len(seen) != len(set(seen))


async def test_paging_neither_repeats_nor_skips_while_others_come_in(
    registry: Running, public: httpx.AsyncClient
) -> None:
    cursor: dict[str, str] = {}

    async def by_cursor() -> Page:
        page = (await public.get("/v1/designers", params={"limit": 7, **cursor})).json()
        cursor["cursor"] = page["next"]
        items = [(item["id"], item["display_name"]) for item in page["items"]]
        assert items == sorted(items, key=lambda item: item[1])
        assert len(items) <= 7
        return items, page["next"] is not None

    missed, repeated = await _read_all(registry, by_cursor)
    assert (missed, repeated) == (set(), False)


async def test_control_paging_by_number_repeats(registry: Running) -> None:
    rows = registry.platform.mongo.collection("designers")
    read = 0

    async def by_number() -> Page:
        nonlocal read
        found = await rows.find().sort("public_name", 1).skip(read).limit(7).to_list(7)
        read += len(found)
        return [(str(row["_id"]), row["public_name"]) for row in found], len(found) == 7

    _, repeated = await _read_all(registry, by_number)
    assert repeated


@pytest.mark.parametrize("cursor", ["x", "%%%", "W10", "e30", "MTI", "bnVsbA", "WzEsMiwzXQ", "ấ"])
@pytest.mark.parametrize("path", ["/v1/designers", "/v1/spaces"])
async def test_a_cursor_we_never_gave_is_refused(
    public: httpx.AsyncClient, path: str, cursor: str
) -> None:
    answer = await public.get(path, params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor.invalid")


@pytest.mark.parametrize("limit", ["0", "201", "-1", "nhiều"])
async def test_pages_have_a_size(public: httpx.AsyncClient, limit: str) -> None:
    answer = await public.get("/v1/designers", params={"limit": limit})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["part"] == "query"
