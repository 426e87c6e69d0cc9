"""Which hosts a release tells."""

from services.events.settings import Settings
from shared.ids import new_id
from shared.roles import Role
from tests.events.courses.sample_courses import published_course, school
from tests.events.festival import Festival


async def test_other_hosts_of_an_activity_are_no_change_of_its_sessions(
    festival: Festival,
) -> None:
    """A later release notifies those who host then, on both sides of what it changes."""
    tu, van = new_id(), new_id()
    await festival.describe(hosts=[str(tu)])
    key = await festival.plan()
    await festival.release()
    await festival.notify()
    await festival.describe(hosts=[str(van)])
    nothing = await festival.organiser.post(f"{festival.path}/releases", json={})
    assert nothing.json()["code"] == "release.nothing"
    await festival.move(key, days=1)
    await festival.release()
    [notice] = (await festival.notify())[1:]
    assert (notice.person_id, notice.sessions[0].role) == (van, "host")
    assert notice.sessions[0].before is not None


async def test_the_trainers_of_a_course_host_its_sessions(settings: Settings) -> None:
    async with school(settings) as service:
        lan, hosts = new_id(), [str(new_id())]
        course = await published_course(service, sessions=1, trainers=[str(lan)])
        async with service.as_(Role.ORGANISER) as organiser:
            festival = Festival(service, organiser, course.edition, course.id)
            await festival.describe(hosts=hosts)
            await festival.move(course.sessions[0], days=1)
            await festival.release()
            [notice] = (await festival.notify())[-1:]
    assert (notice.person_id, notice.sessions[0].role) == (lan, "host")
