"""Indicators: a public list."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import ConfigDict

from services.programme.dependencies import AllCounters
from services.programme.indicators.rules import INDICATORS
from shared.http.access import anyone
from shared.schema import Schema, example
from shared.text import Localized

router = APIRouter(prefix="/v1/indicators", tags=["indicators"])


class IndicatorView(Schema):
    """A figure that the platform counts by itself."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "key": "registrations",
                "name": {"vi": "Lượt đăng ký", "en": "Registrations"},
                "value": 12840,
                "as_of": "2026-11-06T02:00:00Z",
            }
        )
    )

    key: str
    """Its short name, which never changes."""
    name: Localized
    """What is counted."""
    value: int
    """How many, since counting began."""
    as_of: datetime | None
    """When it last changed: RFC 3339, in UTC; null if it never did."""


@router.get("", dependencies=[anyone])
async def list_indicators(counters: AllCounters) -> list[IndicatorView]:
    """What the platform's own records say, counted as things happen."""
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
