"""The events service with one route more: a POST that does nothing but let its caller in."""

import dataclasses
from typing import Literal

from fastapi import APIRouter

from services.events import app
from services.events.settings import Settings
from shared.cli import command_line
from shared.http.access import SignedIn
from shared.service import Platform, Service

router = APIRouter()


@router.post("/v1/nothing/{key}", status_code=201)
async def nothing(key: str, who: SignedIn) -> dict[Literal["key"], str]:
    return {"key": key}


def build(platform: Platform[Settings]) -> Service:
    service = app.build(platform)
    return dataclasses.replace(service, routers=[*service.routers, router])


if __name__ == "__main__":
    command_line("events", Settings, build)()
