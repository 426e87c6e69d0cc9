"""Who may call which route: the whole table, so that a door that opens wider fails here."""

from uuid import UUID

import pytest

from shared.http.access import Access, access_rules
from shared.http.app import routes
from shared.roles import Role
from shared.testing.running import Running

ANYONE, SIGNED_IN = "anyone", "signed in"
TABLE = {
    "GET /healthz": ANYONE,
    "GET /readyz": ANYONE,
    "GET /metrics": ANYONE,
    "GET /admin/dead-letters": Role.ADMIN,
    "GET /admin/dead-letters/{letter_id}": Role.ADMIN,
    "POST /admin/dead-letters/{letter_id}/redrive": Role.ADMIN,
    "DELETE /admin/dead-letters/{letter_id}": Role.ADMIN,
    "GET /v1/audit": Role.ADMIN,
    "GET /v1/editions": ANYONE,
    "GET /v1/editions/{slug}": ANYONE,
    "POST /v1/editions": Role.ORGANISER,
    "PUT /v1/editions/{edition_id}": Role.ORGANISER,
    "POST /v1/editions/{edition_id}/announcement": Role.ORGANISER,
    "GET /v1/venues": ANYONE,
    "GET /v1/editions/{edition_id}/strands": ANYONE,
    "POST /v1/editions/{edition_id}/strands": Role.ORGANISER,
    "GET /v1/strands/{strand_id}": ANYONE,
    "PUT /v1/strands/{strand_id}": Role.ORGANISER,
    "GET /v1/editions/{edition_id}/activities": ANYONE,
    "POST /v1/editions/{edition_id}/activities": Role.ORGANISER,
    "GET /v1/activities/{activity_id}": ANYONE,
    "PUT /v1/activities/{activity_id}": Role.ORGANISER,
    "POST /v1/sessions/{session_id}/outcomes": Role.ORGANISER,
    "GET /v1/sessions/{session_id}/outcomes": ANYONE,
    "PUT /v1/outcomes/{outcome_id}": Role.ORGANISER,
    "POST /v1/outcomes/{outcome_id}/withdrawal": Role.ORGANISER,
    "GET /v1/activities/{activity_id}/papers": ANYONE,
    "POST /v1/activities/{activity_id}/papers": SIGNED_IN,
    "GET /v1/activities/{activity_id}/submissions": Role.ORGANISER,
    "GET /v1/me/papers": SIGNED_IN,
    "GET /v1/papers/{paper_id}": SIGNED_IN,
    "PUT /v1/papers/{paper_id}": SIGNED_IN,
    "POST /v1/papers/{paper_id}/withdrawal": SIGNED_IN,
    "POST /v1/papers/{paper_id}/judgement": Role.ORGANISER,
    "POST /v1/papers/{paper_id}/presentation": Role.ORGANISER,
    "POST /v1/sessions/{session_id}/recording": Role.ORGANISER,
    "GET /v1/sessions/{session_id}/recording": ANYONE,
    "PUT /v1/sessions/{session_id}/recording": Role.ORGANISER,
    "POST /v1/sessions/{session_id}/recording/forms": Role.ORGANISER,
    "GET /v1/sessions/{session_id}/releases": Role.ORGANISER,
    "GET /v1/recordings": ANYONE,
    "GET /v1/registrations/{registration_id}/release": SIGNED_IN,
    "POST /v1/registrations/{registration_id}/release": SIGNED_IN,
    "DELETE /v1/registrations/{registration_id}/release": SIGNED_IN,
    "GET /v1/guests/{invitation_id}/badge.pdf": Role.ORGANISER,
    "GET /v1/delegations/{delegation_id}/badges.pdf": Role.ORGANISER,
    "POST /v1/editions/{edition_id}/staff-badges": Role.ORGANISER,
    "GET /v1/editions/{edition_id}/delegations": ANYONE,
    "POST /v1/editions/{edition_id}/delegations": Role.ORGANISER,
    "GET /v1/delegations/{delegation_id}": Role.ORGANISER,
    "PUT /v1/delegations/{delegation_id}": Role.ORGANISER,
    "POST /v1/activities/{activity_id}/invitations": Role.ORGANISER,
    "GET /v1/activities/{activity_id}/invitations": Role.ORGANISER,
    "GET /v1/activities/{activity_id}/invitations/summary": Role.ORGANISER,
    "GET /v1/activities/{activity_id}/needs": Role.ORGANISER,
    "GET /v1/guests/{invitation_id}": Role.ORGANISER,
    "PUT /v1/guests/{invitation_id}": Role.ORGANISER,
    "POST /v1/guests/{invitation_id}/sending": Role.ORGANISER,
    "POST /v1/guests/{invitation_id}/revocation": Role.ORGANISER,
    "DELETE /v1/guests/{invitation_id}/needs": Role.ORGANISER,
    "DELETE /v1/guests/{invitation_id}/names": Role.ORGANISER,
    "GET /v1/invitations/{secret}": ANYONE,
    "POST /v1/invitations/{secret}": ANYONE,
    "PUT /v1/invitations/{secret}/answer": ANYONE,
    "DELETE /v1/invitations/{secret}/needs": ANYONE,
    "GET /v1/me/invitations": SIGNED_IN,
    "PUT /v1/me/invitations/{invitation_id}/answer": SIGNED_IN,
    "DELETE /v1/me/invitations/{invitation_id}/needs": SIGNED_IN,
    "GET /v1/editions/{edition_id}/counts": ANYONE,
    "GET /v1/editions/{edition_id}/counts/summary": ANYONE,
    "POST /v1/editions/{edition_id}/counts": Role.ORGANISER,
    "POST /v1/counts/{claim_id}/withdrawal": Role.ORGANISER,
    "GET /v1/sessions": ANYONE,
    "GET /v1/sessions/{session_id}": ANYONE,
    "GET /v1/sessions/{session_id}/availability": ANYONE,
    "POST /v1/activities/{activity_id}/sessions": Role.ORGANISER,
    "PUT /v1/sessions/{session_id}": Role.ORGANISER,
    "POST /v1/activities/{activity_id}/series": Role.ORGANISER,
    "GET /v1/series/{series_id}/sessions": ANYONE,
    "PUT /v1/sessions/{session_id}/following": Role.ORGANISER,
    "POST /v1/sessions/{session_id}/publication": Role.ORGANISER,
    "POST /v1/sessions/{session_id}/cancellation": Role.ORGANISER,
    "GET /v1/editions/{edition_id}/releases": ANYONE,
    "POST /v1/editions/{edition_id}/releases": Role.ORGANISER,
    "GET /v1/editions/{edition_id}/releases/next": Role.ORGANISER,
    "GET /v1/editions/{edition_id}/releases/{number}": ANYONE,
    "POST /v1/editions/{edition_id}/cancellation": Role.ORGANISER,
    "POST /v1/editions/{edition_id}/cancellations": Role.ORGANISER,
    "POST /v1/editions/{edition_id}/extension": Role.ORGANISER,
    "POST /v1/sessions/{session_id}/registrations": SIGNED_IN,
    "POST /v1/editions/{edition_id}/pools": Role.ORGANISER,
    "GET /v1/editions/{edition_id}/pools": Role.ORGANISER,
    "PUT /v1/pools/{pool_id}": Role.ORGANISER,
    "POST /v1/sessions/{session_id}/codes": Role.ORGANISER,
    "GET /v1/sessions/{session_id}/codes": Role.ORGANISER,
    "GET /v1/registrations": SIGNED_IN,
    "GET /v1/registrations/{registration_id}": SIGNED_IN,
    "POST /v1/registrations/{registration_id}/cancellation": SIGNED_IN,
    "POST /v1/registrations/{registration_id}/confirmation": SIGNED_IN,
    "POST /v1/registrations/{registration_id}/approval": Role.ORGANISER,
    "POST /v1/registrations/{registration_id}/seat": Role.ORGANISER,
    "PUT /v1/registrations/{registration_id}/priority": Role.ORGANISER,
    "PUT /v1/registrations/{registration_id}/size": SIGNED_IN,
    "PUT /v1/registrations/{registration_id}/kind": SIGNED_IN,
    "POST /v1/registrations/{registration_id}/move": SIGNED_IN,
    "PUT /v1/registrations/{registration_id}/transfer": SIGNED_IN,
    "DELETE /v1/registrations/{registration_id}/transfer": SIGNED_IN,
    "POST /v1/transfers/acceptance": SIGNED_IN,
    "GET /v1/sessions/{session_id}/form": ANYONE,
    "PUT /v1/sessions/{session_id}/form": Role.ORGANISER,
    "GET /v1/sessions/{session_id}/answers": Role.ORGANISER,
    "GET /v1/registrations/{registration_id}/answers": SIGNED_IN,
    "PUT /v1/registrations/{registration_id}/answers": SIGNED_IN,
    "PUT /v1/registrations/{registration_id}/follow-up": SIGNED_IN,
    "POST /v1/wishes": SIGNED_IN,
    "GET /v1/wishes/{wish_id}": SIGNED_IN,
    "POST /v1/wishes/{wish_id}/cancellation": SIGNED_IN,
    "GET /v1/registrations/{registration_id}/companions": SIGNED_IN,
    "PUT /v1/registrations/{registration_id}/companions": SIGNED_IN,
    "DELETE /v1/registrations/{registration_id}/companions": SIGNED_IN,
    "GET /v1/registrations/{registration_id}/ticket": SIGNED_IN,
    "GET /v1/registrations/{registration_id}/ticket.png": SIGNED_IN,
    "GET /v1/registrations/{registration_id}/ticket.svg": SIGNED_IN,
    "GET /v1/registrations/{registration_id}/ticket.pdf": SIGNED_IN,
    "POST /v1/registrations/{registration_id}/pass": SIGNED_IN,
    "DELETE /v1/registrations/{registration_id}/pass": SIGNED_IN,
    "GET /v1/passes/{secret}": ANYONE,
    "POST /v1/activities/{activity_id}/course": Role.ORGANISER,
    "GET /v1/editions/{edition_id}/courses": ANYONE,
    "GET /v1/courses/{course_id}": ANYONE,
    "PUT /v1/courses/{course_id}": Role.ORGANISER,
    "POST /v1/courses/{course_id}/publication": Role.ORGANISER,
    "POST /v1/courses/{course_id}/enrolments": SIGNED_IN,
    "POST /v1/courses/{course_id}/sheets": Role.ORGANISER,
    "GET /v1/courses/{course_id}/attendance": Role.ORGANISER,
    "GET /v1/registrations/{registration_id}/attendance": SIGNED_IN,
    "POST /v1/courses/{course_id}/certificates": Role.ORGANISER,
    "GET /v1/courses/{course_id}/certificates": Role.ORGANISER,
    "GET /v1/me/certificates": SIGNED_IN,
    "GET /v1/certificates/{number}": ANYONE,
    "GET /v1/certificates/{number}/certificate.pdf": SIGNED_IN,
    "PUT /v1/certificates/{number}/name": SIGNED_IN,
    "DELETE /v1/certificates/{number}/name": SIGNED_IN,
    "POST /v1/certificates/{number}/revocation": Role.ORGANISER,
    "POST /v1/sessions/{session_id}/feedback": SIGNED_IN,
    "POST /v1/courses/{course_id}/feedback": SIGNED_IN,
    "GET /v1/sessions/{session_id}/feedback": Role.ORGANISER,
    "GET /v1/courses/{course_id}/feedback": Role.ORGANISER,
    "POST /v1/sessions/{session_id}/admissions": Role.GATE,
    "GET /v1/ticket-keys": ANYONE,
    "GET /v1/editions/{edition_id}/calendar.ics": ANYONE,
    "GET /v1/venues/{venue_id}/calendar.ics": ANYONE,
    "GET /v1/sessions/{session_id}/calendar.ics": ANYONE,
    "GET /v1/sessions/{session_id}/event.jsonld": ANYONE,
    "GET /v1/calendars/{secret}.ics": ANYONE,
    "GET /v1/strands/{strand_id}/calendar.ics": ANYONE,
    "GET /v1/editions/{edition_id}/schedule.json": ANYONE,
    "GET /v1/editions/{edition_id}/schedule.xml": ANYONE,
    "GET /v1/editions/{edition_id}/schedule.html": ANYONE,
    "PUT /v1/sessions/{session_id}/favourite": SIGNED_IN,
    "DELETE /v1/sessions/{session_id}/favourite": SIGNED_IN,
    "GET /v1/me/favourites": SIGNED_IN,
    "POST /v1/me/calendar": SIGNED_IN,
    "DELETE /v1/me/calendar": SIGNED_IN,
    "POST /v1/editions/{edition_id}/segments/preview": Role.ORGANISER,
    "POST /v1/editions/{edition_id}/notices": Role.ORGANISER,
    "GET /v1/editions/{edition_id}/notices": Role.ORGANISER,
    "GET /v1/notices/{notice_id}": Role.ORGANISER,
    "GET /v1/editions/{edition_id}/exports/{sheet}.{form}": Role.ORGANISER,
    "GET /v1/editions/{edition_id}/statistics": Role.ORGANISER,
    "POST /v1/notices/{notice_id}/withdrawal": Role.ORGANISER,
    "PUT /v1/registrations/{registration_id}/block": Role.ORGANISER,
    "POST /v1/editions/{edition_id}/gates": Role.ORGANISER,
    "GET /v1/editions/{edition_id}/gates": Role.GATE,
    "GET /v1/gates/{gate_id}": Role.GATE,
    "PUT /v1/gates/{gate_id}": Role.ORGANISER,
    "GET /v1/gates/{gate_id}/tickets": Role.GATE,
    "POST /v1/gates/{gate_id}/scans": Role.GATE,
    "GET /v1/sessions/{session_id}/occupancy": Role.GATE,
    "GET /v1/sessions/{session_id}/conflicts": Role.GATE,
    "GET /v1/registrations/{registration_id}/scans": Role.ORGANISER,
}


async def test_the_table_is_whole_and_true(service: Running) -> None:
    declared = {}
    for route in routes(service.process.app):
        rules = [rule for rule in access_rules(route.dependant) if isinstance(rule, Access)]
        roles = {role for rule in rules for role in rule.roles}
        assert len(roles) <= 1, route.path
        who = next(iter(roles)) if roles else SIGNED_IN if rules else ANYONE
        for method in route.methods or ():
            declared[f"{method} {route.path}"] = who
    assert declared == TABLE


@pytest.mark.parametrize("route", [r for r, who in TABLE.items() if who != ANYONE])
async def test_without_a_token_or_with_another_role_the_door_is_shut(
    service: Running, route: str
) -> None:
    method, path = route.split()
    for part in ("edition_id", "activity_id", "session_id", "registration_id", "letter_id"):
        path = path.replace(f"{{{part}}}", str(UUID(int=7)))
    async with service.anonymous() as nobody:
        assert (await nobody.request(method, path, json={})).status_code == 401
    wanted = TABLE[route]
    if wanted == SIGNED_IN:
        return
    others = [role for role in Role if role != wanted]
    async with service.as_(*others) as everything_else:
        assert (await everything_else.request(method, path, json={})).status_code == 403
    async with service.as_(Role(wanted)) as right:
        assert (await right.request(method, path, json={})).status_code not in (401, 403)
