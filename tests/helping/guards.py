"""Negative controls: the same service with its guard against races switched off."""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from pymongo.results import UpdateResult

from shared.mongo import Mongo, Tx
from shared.outbox.store import Outbox
from shared.service import Platform, Service

T = TypeVar("T")


class Unchecked:
    """A collection that says of every replacement that it has matched a document."""

    def __init__(self, collection: Any) -> None:
        self._collection = collection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._collection, name)

    async def replace_one(self, *args: Any, **options: Any) -> UpdateResult:
        await self._collection.replace_one(*args, **options)
        return UpdateResult({"n": 1}, acknowledged=True)


class StatementByStatement(Mongo):
    """Works without transactions: each statement of the work stands alone.

    It does not notice either that a state has changed between reading and writing it.
    """

    pause = 0.0  # seconds between reading and writing, so that others read the same

    def collection(self, name: str) -> Any:
        return Unchecked(super().collection(name))

    async def transaction(self, work: Callable[[Tx], Awaitable[T]], *, patience: float = 15.0) -> T:
        tx = Tx(session=None)  # type: ignore[arg-type]
        result = await work(tx)
        await asyncio.sleep(self.pause)
        await tx.flush()
        return result


def without_transactions(
    build: Callable[[Platform[Any]], Service], *, pause: float = 0.0
) -> Callable[[Platform[Any]], Service]:
    """The service as it would be had nobody thought of transactions."""

    def built(platform: Platform[Any]) -> Service:
        mongo = StatementByStatement(platform.mongo.client, platform.mongo.db.name)
        mongo.pause = pause
        outbox = Outbox(mongo, platform.clock)
        return build(dataclasses.replace(platform, mongo=mongo, outbox=outbox))

    return built


def without_unique_indexes(
    build: Callable[[Platform[Any]], Service],
) -> Callable[[Platform[Any]], Service]:
    """The service as it would be had nobody thought of unique indexes."""

    def built(platform: Platform[Any]) -> Service:
        service = build(platform)
        indexes = [dataclasses.replace(index, unique=False) for index in service.indexes]
        return dataclasses.replace(service, indexes=indexes)

    return built
