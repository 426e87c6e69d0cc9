"""The programme service: everything is built and joined here."""

from services import programme
from services.programme.agencies import api as agencies_api
from services.programme.agencies import store as agencies_store
from services.programme.agencies.store import Agencies
from services.programme.follow_ups import api as follow_ups_api
from services.programme.follow_ups import store as follow_ups_store
from services.programme.follow_ups.reactions import FollowUpReactions
from services.programme.follow_ups.store import FollowUps
from services.programme.indicators import api as indicators_api
from services.programme.indicators.reactions import IndicatorReactions
from services.programme.indicators.store import Counters
from services.programme.initiatives import api as initiatives_api
from services.programme.initiatives import store as initiatives_store
from services.programme.initiatives.store import Initiatives
from services.programme.settings import Settings
from services.programme.work_items import api as work_items_api
from services.programme.work_items import store as work_items_store
from services.programme.work_items.store import WorkItems
from shared.bus.subscriptions import Subscription, on
from shared.contracts.events import OutcomeRecorded
from shared.service import Platform, Service


def build(platform: Platform[Settings]) -> Service:
    mongo, outbox = platform.mongo, platform.outbox
    counters = Counters(mongo)
    follow_ups = FollowUps(mongo)
    follow_up_reactions = FollowUpReactions(follow_ups)
    return Service(
        name="programme",
        title="Programme: initiatives, agencies, work items, indicators",
        platform=platform,
        description=programme.__doc__ or "",
        routers=[
            initiatives_api.router,
            agencies_api.router,
            work_items_api.router,
            indicators_api.router,
            follow_ups_api.router,
        ],
        subscriptions=[
            # indicators/rules.py lists which event changes which indicator.
            Subscription("programme.indicators", *IndicatorReactions(counters).all()),
            Subscription(
                "programme.follow_ups", on(OutcomeRecorded, follow_up_reactions.outcome_recorded)
            ),
        ],
        provides=[
            Agencies(mongo, outbox),
            Initiatives(mongo, outbox),
            WorkItems(mongo, outbox),
            counters,
            follow_ups,
        ],
        indexes=[
            *agencies_store.INDEXES,
            *initiatives_store.INDEXES,
            *work_items_store.INDEXES,
            *follow_ups_store.INDEXES,
        ],
    )
