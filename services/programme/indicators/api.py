"""Indicators: a public list."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from services.programme.dependencies import AllCounters
from services.programme.indicators.rules import INDICATORS
from shared.http.access import anyone
from shared.text import Localized

router = APIRouter(prefix="/v1/indicators", tags=["indicators"])


class IndicatorView(BaseModel):
    key: str
    name: Localized
    value: int
    as_of: datetime | None  # the last time it changed


@router.get("", dependencies=[anyone])
async def browse(counters: AllCounters) -> list[IndicatorView]:
    """Counted from the platform's own events, as they happen."""
    values = await counters.values()
    return [
        IndicatorView(
            key=indicator.key,
            name=indicator.name,
            value=values[indicator.key][0] if indicator.key in values else 0,
            as_of=values[indicator.key][1] if indicator.key in values else None,
        )
        for indicator in INDICATORS
    ]
