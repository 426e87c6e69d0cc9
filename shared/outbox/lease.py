"""A lease: which one of several replicas may do something that only one should do at a time.

It expires by the clock of the database server. Each new holder gets a larger token. In the
transaction of each write, the holder proves that its token is still the present one. So a holder
that was paused until after the expiry writes nothing.
"""

from datetime import UTC, datetime

from shared.mongo import Mongo, ReturnDocument, Tx

LEASES = "leases"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class LeaseLost(Exception):
    """This process does not hold the lease any more."""


class Lease:
    def __init__(self, mongo: Mongo, name: str, holder: str, seconds: float) -> None:
        self._leases = mongo.collection(LEASES)
        self._name = name
        self._holder = holder
        self.seconds = seconds

    async def acquire(self) -> int | None:
        """Take the lease if it is free, renew it if it is ours. Returns its token, or None if
        another process holds it."""
        is_free = {"$lt": [{"$ifNull": ["$expires_at", _EPOCH]}, "$$NOW"]}
        is_mine = {"$eq": ["$holder", self._holder]}
        may_hold = {"$or": ["$is_free", is_mine]}
        until = {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond",
                              "amount": int(self.seconds * 1000)}}  # fmt: skip
        found = await self._leases.find_one_and_update(
            {"_id": self._name},
            [
                {"$set": {"is_free": is_free}},
                {
                    "$set": {
                        "token": {
                            "$add": [{"$ifNull": ["$token", 0]}, {"$cond": ["$is_free", 1, 0]}]
                        },
                        "expires_at": {"$cond": [may_hold, until, "$expires_at"]},
                        "holder": {"$cond": [may_hold, self._holder, "$holder"]},
                    }
                },
                {"$unset": "is_free"},
            ],
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        return int(found["token"]) if found["holder"] == self._holder else None

    async def prove(self, tx: Tx, token: int) -> None:
        """Let the transaction commit only if the lease is still ours. This also renews it.

        Raises `LeaseLost`.
        """
        until = {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond",
                              "amount": int(self.seconds * 1000)}}  # fmt: skip
        proved = await self._leases.update_one(
            {
                "_id": self._name,
                "holder": self._holder,
                "token": token,
                "$expr": {"$gt": ["$expires_at", "$$NOW"]},
            },
            [{"$set": {"expires_at": until}}],
            session=tx.session,
        )
        if proved.matched_count == 0:
            raise LeaseLost(self._name)

    async def release(self, token: int) -> None:
        """Give it up, so that the next holder need not wait until it expires."""
        await self._leases.update_one(
            {"_id": self._name, "holder": self._holder, "token": token},
            {"$set": {"expires_at": _EPOCH}},
        )
