"""The checks, one after the other. Each looks at a whole programme and yields what it finds."""

from bisect import bisect_right
from collections import defaultdict
from datetime import timedelta
from uuid import UUID

from services.events.programme.activities.rules import ActivityKind
from services.events.programme.availability.rules import joined
from services.events.programme.venue_settings.opening_hours import OpeningHours
from services.events.programme.venue_settings.rules import Blocked
from services.events.scheduling.warnings.intervals import Span, Timeline, meetings, minutes, shared
from services.events.scheduling.warnings.state import Finding, Findings, Plan, PlannedSession, find
from services.events.scheduling.warnings.wording import Severity, WarningCode
from shared.clock import local

NOTHING = timedelta()
NEEDS_SOMEBODY = frozenset(
    {
        ActivityKind.TALK,
        ActivityKind.WORKSHOP,
        ActivityKind.TOUR,
        ActivityKind.COURSE,
        ActivityKind.FORUM,
        ActivityKind.PERFORMANCE,
    }
)
_GRAVITY = list(Severity)


def findings(programme: Plan) -> list[Finding]:
    """Everything that is wrong with it, the gravest first, then in order of time."""
    return sorted((found for check in CHECKS for found in check(programme)), key=_order)


def _order(found: Finding) -> tuple[object, ...]:
    when = [session.starts_at for session in found.sessions]
    which = [session.id for session in found.sessions]
    return _GRAVITY.index(found.severity), when, found.code, which


def rooms(programme: Plan) -> Findings:
    """Two in one room, or in one venue that has no rooms; or too little time between them."""
    together: defaultdict[UUID, list[Span[PlannedSession]]] = defaultdict(list)
    for session in programme.sessions:
        if not session.takes_place:
            continue
        if session.room_id is not None:
            together[session.room_id].append(programme.occupied(session))
        elif session.venue_id not in programme.with_rooms:
            together[session.venue_id].append(programme.occupied(session))
    for spans in together.values():
        for one, two in meetings(spans):
            before, after = sorted((one.of, two.of), key=lambda session: session.starts_at)
            both = shared(before.span, after.span)
            if both > NOTHING:
                yield find(WarningCode.ROOM_OVERLAP, after, before, minutes=minutes(both))
            else:
                missing = minutes(shared(one, two))
                yield find(WarningCode.ROOM_CHANGEOVER, after, before, minutes=missing)


def choice_of_room(programme: Plan) -> Findings:
    for session in programme.sessions:
        if session.room_id is not None and programme.room(session) is None:
            yield find(WarningCode.ROOM_UNKNOWN, session)
        elif (
            session.room_id is None
            and session.takes_place
            and session.venue_id in programme.with_rooms
        ):
            yield find(WarningCode.ROOM_MISSING, session)


def blocked_times(programme: Plan) -> Findings:
    """Setting up and striking need the place too."""
    blocked: defaultdict[tuple[UUID, UUID | None], list[Span[Blocked]]] = defaultdict(list)
    for venue_id, facts in programme.arranged.items():
        for one in facts.blocked:
            blocked[venue_id, one.room_id].append(Span(one.starts_at, one.ends_at, one))
    lines = {where: Timeline(spans) for where, spans in blocked.items()}
    for session in programme.sessions:
        if not session.takes_place:
            continue
        needed = programme.occupied(session)
        for room_id in dict.fromkeys((None, session.room_id)):
            line = lines.get((session.venue_id, room_id))
            for span in line.during(needed.start, needed.end) if line else ():
                both = min(needed.end, span.end) - max(needed.start, span.start)
                yield find(
                    WarningCode.PLACE_BLOCKED,
                    session,
                    minutes=minutes(both),
                    reason=span.of.reason,
                )


def opening_hours(programme: Plan) -> Findings:
    """The session itself: setting up and striking are done with the doors shut."""
    hours = {venue_id: OpeningHours(facts) for venue_id, facts in programme.arranged.items()}
    for session in programme.sessions:
        known = hours.get(session.venue_id) if session.takes_place else None
        if known and (closed := known.closed_minutes(session.starts_at, session.ends_at)):
            yield find(WarningCode.OUTSIDE_OPENING_HOURS, session, minutes=closed)


def capacities(programme: Plan) -> Findings:
    """A limit that is not known limits nothing. Online nobody comes."""
    for session in programme.sessions:
        if session.online:
            continue
        venue, room = programme.venues.get(session.venue_id), programme.room(session)
        arranged = programme.arranged.get(session.venue_id)
        fire = [
            limit
            for limit in (
                arranged.fire_capacity if arranged else None,
                room.facts.fire_capacity if room else None,
            )
            if limit is not None
        ]
        limits = (
            (WarningCode.OVER_FIRE_CAPACITY, min(fire, default=None)),
            (WarningCode.OVER_ROOM_CAPACITY, room.facts.capacity if room else None),
            (WarningCode.OVER_VENUE_CAPACITY, venue.capacity if venue else None),
        )
        for code, limit in limits:
            if limit is not None and session.capacity > limit:
                yield find(code, session, capacity=session.capacity, limit=limit)


def people(programme: Plan) -> Findings:
    """Nobody is in two places at once, or in another before they can have come there."""
    for person, sessions in programme.by_person().items():
        for one, two in meetings(session.span for session in sessions):
            both = minutes(shared(one, two))
            yield find(WarningCode.PERSON_OVERLAP, two.of, one.of, person_id=person, minutes=both)
        last: PlannedSession | None = None
        for session in sorted(sessions, key=lambda session: session.starts_at):
            if session.online:
                continue
            if last is not None and session.starts_at >= last.ends_at:
                needed = programme.travel.minutes(last.venue_id, session.venue_id)
                between = (session.starts_at - last.ends_at) // timedelta(minutes=1)
                if needed is not None and needed > between:
                    yield find(
                        WarningCode.TRAVEL_TOO_SHORT,
                        session,
                        last,
                        person_id=person,
                        minutes=needed - between,
                        needed=needed,
                    )
            if last is None or session.ends_at > last.ends_at:
                last = session


def availability(programme: Plan) -> Findings:
    """Whoever has said nothing can always come."""
    for person, sessions in programme.by_person().items():
        times = joined(programme.available.get(person, ()))
        starts = [start for start, _ in times]
        for session in sessions if times else ():
            number = bisect_right(starts, session.starts_at) - 1
            if number >= 0 and times[number][1] >= session.ends_at:
                continue
            there = sum(
                (
                    max(min(end, session.ends_at) - max(start, session.starts_at), NOTHING)
                    for start, end in times
                ),
                NOTHING,
            )
            missing = minutes(session.ends_at - session.starts_at - there)
            code = WarningCode.PERSON_UNAVAILABLE
            yield find(code, session, person_id=person, minutes=missing)


def days(programme: Plan) -> Findings:
    """Until midnight is still that day."""
    first, last = programme.first_day, programme.last_day
    for session in programme.sessions:
        begins = local(session.starts_at).date()
        ends = local(session.ends_at - timedelta(milliseconds=1)).date()
        if begins < first or ends > last:
            yield find(
                WarningCode.OUTSIDE_EDITION,
                session,
                first_day=first.isoformat(),
                last_day=last.isoformat(),
            )


def registration(programme: Plan) -> Findings:
    for session in programme.sessions:
        late = session.closes_at - session.starts_at
        if late > NOTHING:
            yield find(WarningCode.REGISTRATION_CLOSES_LATE, session, minutes=minutes(late))


def texts_and_hosts(programme: Plan) -> Findings:
    """Once for each activity, also for one that has no session yet."""
    sessions: defaultdict[UUID, list[PlannedSession]] = defaultdict(list)
    for session in sorted(programme.sessions, key=lambda session: session.starts_at):
        sessions[session.activity_id].append(session)
    for activity in programme.activities.values():
        facts, held = activity.facts, tuple(sessions[activity.id])
        if not facts.title.en:
            yield Finding(WarningCode.TITLE_EN_MISSING, held, {}, activity=activity)
        if not facts.about.vi:
            yield Finding(WarningCode.ABOUT_MISSING, held, {}, activity=activity)
        if not facts.about.en:
            yield Finding(WarningCode.ABOUT_EN_MISSING, held, {}, activity=activity)
        somebody = facts.hosts or facts.speakers or activity.id in programme.trainers
        if facts.kind in NEEDS_SOMEBODY and not somebody:
            nobody = tuple(session for session in held if not session.hosts)
            if nobody or not held:
                yield Finding(WarningCode.HOST_MISSING, nobody, {}, activity=activity)


CHECKS = (
    rooms,
    choice_of_room,
    blocked_times,
    opening_hours,
    capacities,
    people,
    availability,
    days,
    registration,
    texts_and_hosts,
)
