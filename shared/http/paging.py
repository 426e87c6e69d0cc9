"""Lists in pages: `limit`, and a cursor that says where the last page ended.

A cursor holds the sort keys of the last item. So every page costs the same, and items that are
added meanwhile make no other item appear twice or not at all. To clients it is an opaque text.
"""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field, TypeAdapter

from shared.clock import Moment
from shared.errors import DomainError
from shared.mongo import Collection, Document

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    # Pydantic cannot read the docstrings of a generic model's fields.
    items: Annotated[
        Sequence[T], Field(description="What is on this page, in the order of the list.")
    ]
    next: Annotated[
        str | None, Field(description="The `cursor` of the page after this one; null: no more.")
    ] = None


class BadCursor(DomainError):
    status = 400
    code = "cursor.invalid"
    vi = "Con trỏ trang không hợp lệ."
    en = "The page cursor is not valid."


_Key = (
    tuple[Literal["d"], Moment]
    | tuple[Literal["u"], UUID]
    | tuple[Literal["s"], str]
    | tuple[Literal["n"], Annotated[int, Field(ge=-(2**53), le=2**53)]]
    | tuple[Literal["z"], None]
)
_CURSOR: TypeAdapter[list[_Key]] = TypeAdapter(list[_Key])
_TAGS = {datetime: "d", UUID: "u", str: "s", int: "n", type(None): "z"}


class PageRequest(BaseModel):
    limit: int
    cursor: str | None


async def _page_request(
    limit: Annotated[int, Query(ge=1, le=200, description="How many on a page, at most.")] = 50,
    cursor: Annotated[
        str | None, Query(max_length=500, description="`next` of the page before.")
    ] = None,
) -> PageRequest:
    return PageRequest(limit=limit, cursor=cursor)


Paging = Annotated[PageRequest, Depends(_page_request)]


async def read_page(
    collection: Collection, query: Document, sort: Sequence[tuple[str, int]], page: PageRequest
) -> tuple[list[Document], str | None]:
    """One page of documents and the cursor of the next.

    `sort` must end in a unique field (`_id`) and be served by an index.
    """
    if page.cursor is not None:
        query = {"$and": [query, _after(sort, _decode(page.cursor, len(sort)))]}
    found = await (
        collection.find(query).sort(list(sort)).limit(page.limit + 1).to_list(page.limit + 1)
    )
    if len(found) <= page.limit:
        return found, None
    kept = found[: page.limit]
    return kept, _encode([_value(kept[-1], name) for name, _ in sort])


def _value(document: Document, path: str) -> Any:
    found: Any = document
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _after(sort: Sequence[tuple[str, int]], values: Sequence[Any]) -> Document:
    """Documents that come after these sort keys."""
    alternatives = []
    for position, (name, direction) in enumerate(sort):
        equal = {n: v for (n, _), v in zip(sort[:position], values, strict=False)}
        alternatives.append(equal | {name: {"$gt" if direction > 0 else "$lt": values[position]}})
    return {"$or": alternatives}


def _encode(values: Sequence[Any]) -> str:
    keys: list[Any] = [(_TAGS[type(value)], value) for value in values]
    text = _CURSOR.dump_json(keys)
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def _decode(cursor: str, length: int) -> list[Any]:
    """Raises `BadCursor` for a cursor that is not ours, or that the database cannot compare."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        keys = _CURSOR.validate_json(base64.b64decode(padded, altchars=b"-_", validate=True))
    except ValueError as error:
        raise BadCursor from error
    if len(keys) != length:
        raise BadCursor
    return [value for _, value in keys]
