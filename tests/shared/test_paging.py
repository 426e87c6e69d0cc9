"""Pages: each item once, whatever is inserted meanwhile; and cursors that are not ours."""

import base64
import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.http.paging import BadCursor, PageRequest, _decode, read_page
from shared.ids import new_id
from shared.mongo import Mongo

BY_AGE = [("at", -1), ("_id", 1)]


async def test_every_item_once_though_others_come_and_many_are_equal(mongo: Mongo) -> None:
    rows, noon = mongo.collection("rows"), datetime(2026, 11, 23, 12, tzinfo=UTC)
    wanted = [{"_id": new_id(), "at": noon + timedelta(hours=n // 7)} for n in range(50)]
    await rows.insert_many(wanted)
    seen: list[Any] = []
    cursor: str | None = None
    while True:
        page = PageRequest(limit=6, cursor=cursor)
        found, cursor = await read_page(rows, {}, BY_AGE, page)
        seen += [row["_id"] for row in found]
        if cursor is None:
            break
        await rows.insert_one({"_id": new_id(), "at": noon + timedelta(days=1)})
    assert len(seen) == len(set(seen)) == 50
    assert seen == [
        r["_id"] for r in sorted(wanted, key=lambda r: (-r["at"].timestamp(), r["_id"]))
    ]


async def test_a_missing_sort_key_is_no_obstacle(mongo: Mongo) -> None:
    rows = mongo.collection("rows")
    await rows.insert_many([{"_id": new_id()} for _ in range(5)])
    first, cursor = await read_page(
        rows, {}, [("name", 1), ("_id", 1)], PageRequest(limit=3, cursor=None)
    )
    assert len(first) == 3
    assert cursor is not None


def encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "?",
        "Đ",
        encoded([]),
        encoded([["u", 5], ["n", 1]]),
        encoded([["n", 99999999999999999999], ["s", "x"]]),
        encoded([["d", "0001-01-01T00:00:00+14:00"], ["n", 1]]),
        encoded([["d", "2026-01-01T00:00:00"], ["n", 1]]),
        encoded([["s", {"$gt": ""}], ["n", 1]]),
        encoded([["s", "x"]]),
        encoded({"s": "x"}),
        base64.urlsafe_b64encode(b'[["s","\\ud800"],["n",1]]').decode(),
        base64.urlsafe_b64encode(b"[" * 300).decode(),
    ],
)
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        _decode(cursor, 2)


@given(st.text(max_size=200))
@settings(max_examples=200)
def test_no_text_whatever_breaks_it(text: str) -> None:
    with contextlib.suppress(BadCursor):
        _decode(text, 2)
