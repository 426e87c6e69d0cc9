"""What must hold of registrations, pools and payments whatever has happened: each law names what
breaks it."""

from collections import Counter, defaultdict
from typing import Any
from uuid import UUID

from services.events.payments.fees.rules import BankTransfer

PLACED = ("held", "asked", "offered", "unpaid", "confirmed")


def books(rows: list[Any], pools: dict[UUID, Any]) -> list[str]:
    taken: Counter[UUID] = Counter()
    waiting: Counter[UUID] = Counter()
    for row in rows:
        for pool in row["quotas"]:
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
        if row["status"] == "waiting" and all(free[p] >= row["size"] for p in row["quotas"])
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
    live = Counter((r["bookable_id"], r["person_id"]) for r in rows if r["status"] != "cancelled")
    numbers = defaultdict(list)
    for row in rows:
        if row["number"] is not None:
            numbers[row["bookable_id"]].append(row["number"])
    doubles = [f"{session}: numbers {found}" for session, found in numbers.items()
               if len(found) != len(set(found))]  # fmt: skip
    return [f"twice: {claim}" for claim, count in live.items() if count > 1] + doubles


def money(
    rows: list[Any], payments: list[Any], refunds: list[Any], transfers: dict[str, BankTransfer]
) -> list[str]:
    """Every transfer is one payment, every payment is on its registration or has been set aside to
    go back, none gets in unpaid."""
    came: Counter[UUID] = Counter()
    for payment in payments:
        came[payment["registration_id"]] += payment["amount"]
    for refund in refunds:
        aside = refund["amount"] + refund["kept"] if refund["state"] != "declined" else 0
        came[refund["registration_id"]] -= aside
    lines = Counter(payment["line"] for payment in payments)
    broken = [f"line {line} is {count} payments" for line, count in lines.items() if count > 1]
    broken += [f"line {line} is no payment" for line in transfers if line not in lines]
    for row in rows:
        live = row["status"] != "cancelled"
        there = came[row["_id"]] + row.get("carried", 0)
        if row["paid"] != there:
            broken.append(f"{row['_id']} says {row['paid']} paid; {there} came in, or with it")
        if row["status"] == "confirmed" and row["paid"] < row["amount"]:
            broken.append(f"{row['_id']} is confirmed with {row['paid']} of {row['amount']}")
        if row["status"] == "unpaid" and row["paid"] >= row["amount"]:
            broken.append(f"{row['_id']} is paid and not confirmed")
        if row.get("due_back", 0) != max(row["paid"] - (row["amount"] if live else 0), 0):
            broken.append(f"{row['_id']}: {row.get('due_back')} due back")
    return broken


def carried(rows: list[Any]) -> list[str]:
    """Money that passes on with a place is neither made nor lost."""
    total = sum(row.get("carried", 0) for row in rows)
    return [f"{total} đồng were made by passing places on"] if total else []
