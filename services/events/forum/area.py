"""The forum: invitations and their answers, delegations, badges, papers and outcomes."""

from services.events.booking.unit_of_work.service import BookingStores
from services.events.forum.badges import api as badges_api
from services.events.forum.delegations import api as delegations_api
from services.events.forum.delegations import store as delegations_store
from services.events.forum.delegations.store import Delegations
from services.events.forum.invitations import api as invitations_api
from services.events.forum.invitations import store as invitations_store
from services.events.forum.invitations.service import InvitationService
from services.events.forum.invitations.store import GuestNeeds, Invitations
from services.events.forum.outcomes import api as outcomes_api
from services.events.forum.outcomes import store as outcomes_store
from services.events.forum.outcomes.store import Outcomes
from services.events.forum.papers import api as papers_api
from services.events.forum.papers import store as papers_store
from services.events.forum.papers.store import Papers
from services.events.forum.rsvp import api as rsvp_api
from services.events.settings import Settings
from shared.service import Area, Platform


def build(platform: Platform[Settings], booking: Area) -> Area:
    mongo, outbox = platform.mongo, platform.outbox
    invitations, needs = Invitations(mongo, outbox), GuestNeeds(mongo)
    stores = booking[BookingStores]
    return Area(
        routers=[
            outcomes_api.router,
            papers_api.router,
            delegations_api.router,
            invitations_api.router,
            rsvp_api.router,
            badges_api.router,
        ],
        provides=[
            Outcomes(mongo, outbox),
            Papers(mongo, outbox),
            Delegations(mongo, outbox),
            invitations,
            needs,
            InvitationService(mongo, platform.clock, stores, invitations, needs),
        ],
        indexes=[
            *outcomes_store.INDEXES,
            *papers_store.INDEXES,
            *delegations_store.INDEXES,
            *invitations_store.INDEXES,
        ],
    )
