"""What must hold of registrations and pools whatever has happened; what breaks it is named."""

from collections import Counter, defaultdict
from typing import Any
from uuid import UUID

PLACED = ("held", "asked", "offered", "confirmed")


def books(rows: list[Any], pools: dict[UUID, Any]) -> list[str]:
    taken: Counter[UUID] = Counter()
    waiting: Counter[UUID] = Counter()
    for row in rows:
        for pool in row["pools"]:
            taken[pool] += row["size"] if row["status"] in PLACED else 0
            waiting[pool] += row["status"] == "waiting"
    return [
        f"pool {key} says {pool['taken']} taken, {pool['waiting']} waiting; "
        f"there are {taken[key]} and {waiting[key]}"
        for key, pool in pools.items()
        if (pool["taken"], pool["waiting"]) != (taken[key], waiting[key])
    ]


def stranded(rows: list[Any], pools: dict[UUID, Any]) -> list[str]:
    free = {key: pool["capacity"] - pool["taken"] for key, pool in pools.items()}
    return [
        f"{row['person_id']} waits for {row['size']} though there is room"
        for row in rows
        if row["status"] == "waiting" and all(free[p] >= row["size"] for p in row["pools"])
    ]


def fulfilled(rows: list[Any]) -> list[str]:
    """A wish that has a place has no other and waits for none."""
    of_wish: defaultdict[UUID, list[str]] = defaultdict(list)
    for row in rows:
        if "wish_id" in row and row["status"] != "cancelled":
            of_wish[row["wish_id"]].append(row["status"])
    return [
        f"wish {wish}: {found}"
        for wish, found in of_wish.items()
        if len(found) > 1 and set(found) != {"waiting"}
    ]


def twice(rows: list[Any]) -> list[str]:
    live = Counter((r["session_id"], r["person_id"]) for r in rows if r["status"] != "cancelled")
    numbers = defaultdict(list)
    for row in rows:
        if row["number"] is not None:
            numbers[row["session_id"]].append(row["number"])
    doubles = [f"{session}: numbers {found}" for session, found in numbers.items()
               if len(found) != len(set(found))]  # fmt: skip
    return [f"twice: {claim}" for claim, count in live.items() if count > 1] + doubles
