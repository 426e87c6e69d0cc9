"""Loads the Hanoi sample over the APIs, as the staff of a city would enter it.

What is there already is left alone, so loading again changes nothing. A load that was cut short is
taken up where it stopped: each command has a fixed Idempotency-Key.

Public places, institutions and editions bear their names; people are invented.
"""

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from local.layout import ADMIN, Layout
from local.people import Person, wait_for
from shared.clock import HANOI, local, now

Say = Callable[[str], None]
FOLDER = Path(__file__).parent


class Staff(NamedTuple):
    email: str
    roles: tuple[str, ...]


STAFF = (
    Staff("danhba@hanoi.example", ("registrar",)),
    Staff("tochuc@hanoi.example", ("organiser",)),
    Staff("soatve@hanoi.example", ("gate",)),
    Staff("cuocthi@hanoi.example", ("calls",)),
    Staff("chuyenvien@hanoi.example", ("officer",)),
    Staff("hotro@hanoi.example", ("support",)),
    Staff("giamkhao1@hanoi.example", ()),
    Staff("giamkhao2@hanoi.example", ()),
    Staff("thuquy@hanoi.example", ("treasurer",)),
)


def load_sample(layout: Layout, say: Say) -> None:
    nobody = Person(layout, "")
    if _loaded(nobody):
        say("the sample is loaded already")
        return
    say("loading the Hanoi sample: staff")
    staff = sign_in_staff(layout)
    say("loading the Hanoi sample: initiatives, agencies, work items")
    _load_programme(staff["officer"])
    say("loading the Hanoi sample: spaces")
    _load_spaces(staff["registrar"])
    say("loading the Hanoi sample: designers")
    people = _load_designers(layout, staff["registrar"])
    say("loading the Hanoi sample: rooms and hours")
    places = _load_venues(staff["organiser"])
    say("loading the Hanoi sample: festival editions")
    for edition in _read("festival"):
        _load_edition(staff["organiser"], edition, people, places)


def _loaded(anyone: Person) -> bool:
    """The last edition is entered last."""
    slugs = {e["facts"]["slug"] for e in anyone.get("events", "/v1/editions")["items"]}
    return {edition["slug"] for edition in _read("festival")} <= slugs


def sign_in_staff(layout: Layout) -> dict[str, Person]:
    """The staff, signed in and with their roles; by role, jurors as juror1 and juror2."""
    admin = Person(layout, ADMIN).sign_in()
    signed_in = {"admin": admin}
    for number, member in enumerate(STAFF):
        person = Person(layout, member.email).sign_in()
        found = admin.get("registry", "/v1/people", email=member.email)
        if sorted(found["roles"]) != sorted(member.roles):
            admin.put("registry", f"/v1/people/{found['id']}/roles", {"roles": list(member.roles)})
            person.sign_in()  # roles are in the access token
        signed_in[member.roles[0] if member.roles else f"juror{number - 5}"] = person
    return signed_in


def _load_programme(officer: Person) -> None:
    data = _read("programme")
    agencies = {a["facts"]["slug"]: a["id"] for a in officer.get("programme", "/v1/agencies")}
    for facts in data["agencies"]:
        if facts["slug"] not in agencies:
            agencies[facts["slug"]] = officer.post("programme", "/v1/agencies", facts)["id"]
    initiatives = {i["facts"]["slug"]: i["id"] for i in officer.get("programme", "/v1/initiatives")}
    for facts in data["initiatives"]:
        if facts["slug"] not in initiatives:
            made = officer.post("programme", "/v1/initiatives", facts)
            initiatives[facts["slug"]] = made["id"]
    today = local(now()).date()
    for number, item in enumerate(data["work_items"]):
        facts = {
            "initiative_id": initiatives[item["initiative"]],
            "title": item["title"],
            "commitment": item["commitment"],
            "lead": agencies[item["lead"]],
            "co_ordinators": [agencies[slug] for slug in item["co_ordinators"]],
            "due_on": (today + timedelta(days=item["due_in_days"])).isoformat(),
        }
        _once(officer, "programme", "/v1/work-items", facts, f"work-item-{number}")


def _load_spaces(registrar: Person) -> None:
    for facts in _read("spaces"):
        made = _once(registrar, "registry", "/v1/spaces", facts, f"space-{facts['slug']}")
        registrar.post("registry", f"/v1/spaces/{made['id']}/publication")


def _load_designers(layout: Layout, registrar: Person) -> dict[str, str]:
    """Their ids, by address."""
    ids = {}
    for entry in _read("people"):
        person = Person(layout, entry["email"]).sign_in()
        contact = {"name": entry["name"], "phone": entry["phone"], "language": "vi"}
        person.put("registry", "/v1/me", contact)
        mine = person.put("registry", "/v1/designers/me", entry["profile"])
        if mine["status"] == "draft":
            person.post("registry", "/v1/designers/me/submission")
            registrar.post("registry", f"/v1/designers/{person.id}/approval")
        ids[entry["email"]] = person.id
    return ids


class Places(NamedTuple):
    """Ids by slug; rooms by the venue's slug and their own key."""

    venues: dict[str, str]
    rooms: dict[tuple[str, str], str]


def _load_venues(organiser: Person) -> Places:
    wanted = {space["slug"] for space in _read("spaces")}
    venues = wait_for(lambda: _venues(organiser, wanted), "the registry's spaces in events")
    rooms = {}
    for entry in _read("venues"):
        slug, path = entry["venue"], f"/v1/venues/{venues[entry['venue']]}"
        for room in entry["rooms"]:
            key = f"room-{slug}-{room['key']}"
            made = _once(organiser, "events", f"{path}/rooms", room["facts"], key)
            rooms[slug, room["key"]] = made["id"]
        organiser.call(
            "PUT",
            "events",
            f"{path}/arrangement",
            json=entry["arrangement"],
            headers={"Idempotency-Key": f"sample-arrangement-{slug}", "If-Match": '"0"'},
        )
    return Places(venues, rooms)


def _load_edition(
    organiser: Person, edition: dict[str, Any], people: dict[str, str], places: Places
) -> None:
    starts_on, ends_on = _days(edition)
    slug = edition["slug"]
    facts = {
        "slug": slug,
        "name": edition["name"],
        "theme": edition["theme"],
        "about": edition["about"],
        "starts_on": starts_on.isoformat(),
        "ends_on": ends_on.isoformat(),
    }
    made = _once(organiser, "events", "/v1/editions", facts, f"edition-{slug}")
    path = f"/v1/editions/{made['id']}"
    strands = {}
    for order, strand in enumerate(edition["strands"]):
        body = {"name": strand["name"], "colour": strand["colour"], "order": order}
        key = f"strand-{slug}-{strand['key']}"
        strands[strand["key"]] = _once(organiser, "events", f"{path}/strands", body, key)["id"]
    for number, activity in enumerate(edition["activities"]):
        body = _activity(activity, strands, people)
        key = f"activity-{slug}-{number}"
        entered = _once(organiser, "events", f"{path}/activities", body, key)
        for ordinal, session in enumerate(activity["sessions"]):
            planned = _once(
                organiser,
                "events",
                f"/v1/activities/{entered['id']}/sessions",
                _session(session, starts_on, places),
                f"session-{slug}-{number}-{ordinal}",
            )
            organiser.post("events", f"/v1/sessions/{planned['id']}/publication")
    for number, count in enumerate(edition.get("counts", ())):
        days = {"first_day": facts["starts_on"], "last_day": facts["ends_on"]}
        where = {"venue_id": places.venues[count["venue"]]} if "venue" in count else {}
        body = {k: v for k, v in count.items() if k != "venue"} | days | where
        _once(organiser, "events", f"{path}/counts", body, f"count-{slug}-{number}")
    organiser.post("events", f"{path}/announcement")


def _activity(
    activity: dict[str, Any], strands: dict[str, str], people: dict[str, str]
) -> dict[str, Any]:
    """Its facts; the sample names people by their address and strands by a key."""
    facts = {k: v for k, v in activity.items() if k not in ("strand", "sessions")}
    for role in ("hosts", "speakers"):
        facts[role] = [people[address] for address in activity.get(role, ())]
    return facts | {"strand_id": strands[activity["strand"]]}


def _session(session: dict[str, Any], first: date, places: Places) -> dict[str, Any]:
    day = first + timedelta(days=session["day"])
    starts, ends = (
        datetime.combine(day, time.fromisoformat(session[key]), HANOI) for key in ("from", "to")
    )
    venue, room = session["venue"], session.get("room")
    return {
        "venue_id": places.venues[venue],
        "room_id": places.rooms[venue, room] if room else None,
        "starts_at": starts.isoformat(),
        "ends_at": ends.isoformat(),
        "setup_minutes": session.get("setup_minutes", 0),
        "strike_minutes": session.get("strike_minutes", 0),
        "capacity": session["capacity"],
        "opens_at": (starts - timedelta(days=60)).isoformat(),
        "closes_at": starts.isoformat(),
    }


def _venues(person: Person, wanted: set[str]) -> dict[str, str]:
    """Ids by slug, once all that are wanted have arrived."""
    found = {venue["slug"]: venue["id"] for venue in person.get("events", "/v1/venues")}
    return found if wanted <= found.keys() else {}


def _days(edition: dict[str, Any]) -> tuple[date, date]:
    if "starts_on" in edition:
        return date.fromisoformat(edition["starts_on"]), date.fromisoformat(edition["ends_on"])
    first = local(now()).date() + timedelta(days=edition["starts_in_days"])
    return first, first + timedelta(days=edition["length_days"] - 1)


def _once(person: Person, service: str, path: str, body: Any, key: str) -> Any:
    return person.call(
        "POST", service, path, json=body, headers={"Idempotency-Key": f"sample-{key}"}
    )


def _read(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text())
