"""Whatever an author sends: it comes back as it was, or is refused with a reason. Never a 5xx."""

import json
from typing import Any

import pytest

from shared.ids import new_id
from shared.json_object import MAX_DEPTH
from tests.applications.conftest import Office, salted


def nested(levels: int, key: str | None = "sâu") -> Any:
    """So many objects (or, without a key, arrays) in one another."""
    value: Any = "đáy"
    for _ in range(levels):
        value = [value] if key is None else {key: value}
    return value


SURVIVE: dict[str, Any] = {
    "an operator as key": {"$where": "sleep(1000) || true", "$ref": "#", "$set": {"code": "X"}},
    "dots in keys": {"a.b": {"c.d": 1}, ".": 2, "..": 3, "a.$b": 4},
    "an empty key": {"": ""},
    "keys of ours": {"_id": 1, "code": "ABCDEF", "status": "decided", "version": 9, "person_id": 0},
    "a key of another language's": {"__proto__": {"admin": True}, "__class__": "x"},
    "huge integers": {"n": 10**400, "m": -(2**63) - 1, "k": 2**64},
    "the smallest fraction": {"n": 5e-324, "m": 1.7976931348623157e308, "z": -0.0, "e": 1e22},
    "no characters": {"a\u0000b": "c\u0000d", "e": "\u0000"},
    "control characters": {"a": "\u0001\u0008\u001f\u007f\u0085\u2028\u2029\ufeff"},
    "letters of every kind": {"a": "Đường phố Hà Nội 🏮 \U0010ffff \u202e", "ắ\u0323": "ẫ"},
    "letters not composed": {"Pha\u0323m": "Ho\u0323c"},
    "a megabyte": {"a": "Tháp nước Hàng Đậu " * 38_000},
    "many keys": {f"k{number}": number for number in range(40_000)},
    "a long array": {"a": [0] * 300_000},
    "as deep as allowed": nested(MAX_DEPTH - 1),
    "as deep as allowed in arrays": {"a": nested(MAX_DEPTH - 2, None)},
    "what looks like a moment": {"$date": "2026-11-23T00:00:00Z", "$oid": "0" * 24},
}


@pytest.mark.parametrize("content", SURVIVE.values(), ids=SURVIVE)
async def test_odd_content_survives_unchanged(office: Office, content: dict[str, Any]) -> None:
    await office.open(form={})
    author = new_id()
    drafted = await office.draft(author, content)
    assert drafted.status_code == 200, drafted.text[:300]
    handed_in = await office.submit(author)
    assert handed_in.status_code == 200, handed_in.text[:300]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert handed_in.json()["receipt"] == salted(handed_in.json(), text)
    for answer in (drafted, handed_in, await office.as_(author, "GET", "/entry")):
        assert json.dumps(answer.json()["content"], sort_keys=True) == json.dumps(
            content, sort_keys=True
        )
    await office.close()
    (seen,) = (await office.as_(office.jurors[0], "GET", "/entries")).json()
    assert seen["content"] == content
    assert set(seen) == {"code", "content"}


def raw(text: str) -> bytes:
    return f'{{"content": {text}}}'.encode()


REFUSED: dict[str, tuple[bytes, int, str]] = {
    "half a character": (raw(r'{"a": "\ud800"}'), 422, "/content"),
    "half a character in a key": (raw(r'{"a": {"\udc00": 1}}'), 422, "/content"),
    "no number": (raw('{"a": NaN}'), 422, "/content"),
    "no end": (raw('{"a": [-Infinity]}'), 422, "/content"),
    "more than any number": (raw('{"a": 1e999}'), 422, "/content"),
    "deeper than allowed": (raw(json.dumps(nested(MAX_DEPTH))), 422, "/content"),
    "too deep for what writes JSON": (raw(json.dumps(nested(300))), 422, "/content"),
    "arrays too deep": (raw('{"a":' + "[" * 800 + "]" * 800 + "}"), 422, "/content"),
    "too deep for what reads JSON": (raw('{"a":' + "[" * 100_000 + "]" * 100_000 + "}"), 400, ""),
    "more digits than are read": (raw('{"n": ' + "9" * 5_000 + "}"), 400, ""),
    "more than a megabyte": (raw(json.dumps({"a": "x" * 1_048_577})), 413, ""),
    "no UTF-8": (b'{"content": {"a": "\xff\xfe"}}', 400, ""),
    "half a body": (b'{"content": {"a": 1}', 400, ""),
    "nothing": (b"", 422, ""),
    "two bodies": (b'{"content": {}}{"content": {}}', 400, ""),
}


@pytest.mark.parametrize(("body", "status", "where"), REFUSED.values(), ids=REFUSED)
async def test_what_cannot_be_kept_is_refused_with_a_reason(
    office: Office, body: bytes, status: int, where: str
) -> None:
    await office.open(form={})
    address = f"/v1/calls/{office.call}/entry"
    headers = {"Content-Type": "application/json"}
    async with office.running.as_() as author:
        answer = await author.put(address, content=body, headers=headers)
        assert (await author.get(address)).status_code == 404, "nothing was kept"
    assert answer.status_code == status, answer.text[:300]
    assert answer.headers["content-type"] == "application/problem+json"
    if where:
        (field,) = answer.json()["errors"]
        assert (field["part"], field["pointer"]) == ("body", where)


async def test_an_odd_form_is_kept_as_it_was_written(office: Office) -> None:
    form = {
        "$defs": {"a.b": {"type": ["string", "null"]}},
        "properties": {"$where": {"$ref": "#/$defs/a.b"}, "x": {"const": 10**400}},
        "$comment": "\u0000 Đ",
    }
    await office.open(form=form)
    assert (await office.as_(new_id(), "GET", "")).json()["facts"]["form"] == form


@pytest.mark.parametrize("code", ["$where", "../x", "%00", "a" * 5_000, "{}", "ẤẦẨẪ"])
async def test_an_odd_code_is_simply_unknown(office: Office, code: str) -> None:
    await office.open()
    await office.close()
    answer = await office.score(office.jurors[0], code, 1, 1)
    assert answer.status_code == 404


@pytest.mark.parametrize("code", ["$where", "\u0000", "a" * 5_000, "ẤẦẨẪ"])
async def test_an_odd_code_wins_nothing(office: Office, code: str) -> None:
    await office.open()
    await office.close()
    answer = await office.decide(code)
    assert (answer.status_code, answer.json()["code"]) == (404, "entry.unknown")
