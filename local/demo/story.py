"""`make demo`: the main story, live, over HTTP only. Prints each step and what it saw."""

from rich.console import Console

from local.demo.competition import competition
from local.demo.course import course
from local.demo.fees import heritage_train
from local.demo.festival import SEATS, Day, festival_day
from local.demo.telling import Story
from local.layout import Layout
from local.people import Person, await_mail, wait_for
from local.sample.load import sign_in_staff


def run_demo(layout: Layout, console: Console) -> None:
    """Raises `ApiError` at the first thing that is not as it should be."""
    story = Story(layout, console)
    story.step("Staff sign in with one-time codes from the mail sink")
    staff = sign_in_staff(layout)
    story.saw(", ".join(sorted(staff)))
    before = story.indicators(staff["officer"])
    _designer(story, staff)
    day = Day(story, staff)
    festival_day(day)
    heritage_train(day, staff["treasurer"])
    course(day)
    competition(story, staff)
    _programme(story, staff, before)
    console.print(
        "\n[bold green]The whole story was played, and everything was as it should be.[/]"
    )


def _designer(story: Story, staff: dict[str, Person]) -> None:
    story.step("A designer joins the registry")
    designer = story.person("nhathietke")
    story.saw(f"signed in as {designer.email}")
    profile = {
        "display_name": f"Đường Gốm {story.tag}",
        "bio": "Gốm và ánh sáng.",
        "disciplines": ["craft", "product"],
    }
    designer.put("registry", "/v1/designers/me", profile)
    designer.post("registry", "/v1/designers/me/submission")
    await_mail(story.layout, designer.email, "đã nhận hồ sơ")
    story.saw("profile submitted; the receipt came by e-mail")
    staff["registrar"].post("registry", f"/v1/designers/{designer.id}/approval")
    found = designer.get("registry", "/v1/designers", q=f"duong gom {story.tag}")["items"]
    story.expect(
        [d["id"] for d in found] == [designer.id],
        'approved, and found in the directory by "duong gom" without diacritics',
    )


def _programme(story: Story, staff: dict[str, Person], before: dict[str, int]) -> None:
    story.step("The programme's indicators have moved")
    officer = staff["officer"]
    moved = {
        "designers": 1,
        "editions": 1,
        "sessions": 5,  # of which two are a course's
        "places": SEATS + 4,  # and one with light, two on the train, one in the course
        "visits": 4,
        "calls": 1,
        "entries": 1,
        "awards": 1,
    }

    def all_moved() -> dict[str, int] | None:
        after = story.indicators(officer)
        if all(after[key] - before[key] >= by for key, by in moved.items()):
            return after
        return None

    after = wait_for(all_moved, f"the indicators to move by {moved}")
    for key, by in moved.items():
        story.saw(f"{key}: {before[key]} → {after[key]} (+{by} by this story)")
    late = officer.get("programme", "/v1/work-items", late=True)["items"]
    for item in late:
        story.saw(f"late by {item['days_late']} days: {item['facts']['title']['vi']}")
