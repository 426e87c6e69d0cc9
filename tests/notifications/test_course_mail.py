"""Letters about courses: to those who enrol, and to those who are certified."""

from services.notifications.messages.rules import Status
from shared.contracts.events import CertificateIssued, CoursePublished, RegistrationWaitlisted
from shared.ids import new_id
from shared.testing.scenarios import NOON
from shared.text import Localized
from tests.notifications.facts import about
from tests.notifications.scene import Scene, a_person


async def test_a_course_is_known_by_name_to_those_who_enrol_and_are_certified(
    stage: Scene,
) -> None:
    """An enrolment is a registration whose session is the course."""
    person, course_id = a_person(), new_id()
    await stage.know(person)
    title = Localized(vi="Thiết kế chữ Việt", en="Vietnamese type design")
    published = CoursePublished(
        course_id=course_id,
        edition_id=new_id(),
        title=title,
        starts_at=NOON,
        ends_at=NOON,
        venue=Localized(vi="Thư viện Hà Nội"),
        address="47 Bà Triệu",
        capacity=20,
    )
    await stage.tell(published)
    for kind in (RegistrationWaitlisted, CertificateIssued):
        [fact] = about(kind, person.person_id, course_id, new_id())
        await stage.becomes(await stage.tell(fact), Status.SENT)
    waiting, certified = stage.mail.to(person.email)
    assert "Thiết kế chữ Việt" in waiting.body("plain")
    assert "HN-2026-000123-3" in certified.body("plain")
    assert certified.parsed["Subject"] == "Chứng nhận của bạn: Thiết kế chữ Việt"
