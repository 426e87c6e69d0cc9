"""The floor: FastAPI and Motor with nothing else. The same two writes, a transaction a request; and
one indexed update."""

import os
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import uvicorn
from fastapi import FastAPI
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorClientSession
from pymongo import WriteConcern

client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(
    os.environ["MONGODB_URL"], uuidRepresentation="standard"
)
db = client.get_database(
    os.environ.get("BARE_DATABASE", "bare"), write_concern=WriteConcern("majority", j=True)
)
app = FastAPI()


@app.get("/readyz")
async def ready() -> None:
    await client.admin.command("ping")


@app.post("/sessions/{session_id}/registrations/{person_id}", status_code=201)
async def register(session_id: UUID, person_id: UUID) -> dict[str, UUID]:
    key = uuid4()
    registration = {"_id": key, "session_id": session_id, "person_id": person_id}

    async def work(session: AsyncIOMotorClientSession) -> None:
        await db.places.update_one({"_id": session_id}, {"$inc": {"taken": 1}}, session=session)
        await db.registrations.insert_one(registration, session=session)

    async with await client.start_session() as session:
        await session.with_transaction(work)
    return {"id": key}


@app.post("/scans/{key}")
async def scan(key: UUID) -> dict[str, bool]:
    found = await db.registrations.find_one_and_update(
        {"_id": key, "admitted_at": None}, {"$set": {"admitted_at": datetime.now(UTC)}}
    )
    return {"admitted": found is not None}


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["HTTP_PORT"]), log_level="warning", access_log=False)
