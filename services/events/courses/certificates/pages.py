"""A certificate as people see it: on paper, and on the page where anybody may verify it.

The page tells the course, the date and whether the certificate is valid. Numbers can be guessed,
so it tells no name, not even masked, unless the visitor brings the code that stands on the paper
(and in its QR code): whoever has that has read the name already.
"""

import hmac
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import ConfigDict
from starlette.responses import Response

from services.events.courses.certificates.rules import Certificate, name_to_print
from services.events.printing import dates
from services.events.printing.pages import StandalonePage
from shared import qr_code
from shared.schema import Schema, example
from shared.text import Language, Localized

PAGE = StandalonePage("courses/certificates/verification.html")
SAYS: dict[Language, dict[str, str]] = {
    "vi": {
        "heading": "Xác minh chứng nhận",
        "valid": "Chứng nhận có hiệu lực.",
        "revoked": "Chứng nhận đã bị thu hồi.",
        "unknown": "Không có chứng nhận nào mang số này. Hãy kiểm tra lại số.",
        "number": "Số",
        "course": "Khoá học",
        "when": "Thời gian học",
        "issued": "Ngày cấp",
        "revoked_on": "Ngày thu hồi",
        "name": "Họ tên",
        "note": "Họ tên chỉ hiện khi mở bằng mã QR hoặc mã xác minh in trên chứng nhận.",
    },
    "en": {
        "heading": "Verify a certificate",
        "valid": "This certificate is valid.",
        "revoked": "This certificate has been revoked.",
        "unknown": "There is no certificate with this number. Please check the number.",
        "number": "Number",
        "course": "Course",
        "when": "Held",
        "issued": "Issued on",
        "revoked_on": "Revoked on",
        "name": "Name",
        "note": "The name is shown only to those who have the QR code or the verification code "
        "that is printed on the certificate.",
    },
}


class Verification(Schema):
    """What anybody may know of a certificate."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "number": "HN-2026-004217",
                "status": "valid",
                "course": {"vi": "Khóa học sơn mài", "en": "Lacquer course"},
                "starts_at": "2026-11-06T02:00:00Z",
                "ends_at": "2026-11-14T04:30:00Z",
                "issued_at": "2026-11-15T03:00:00Z",
                "revoked_at": None,
                "name": None,
            }
        )
    )

    number: str
    """The number on the certificate."""
    status: Literal["valid", "revoked"]
    """Whether it is `valid` or was `revoked`."""
    course: Localized
    """The course's name."""
    starts_at: datetime
    """When the course began: RFC 3339, in UTC."""
    ends_at: datetime
    """When the course ended: RFC 3339, in UTC."""
    issued_at: datetime
    """When it was issued: RFC 3339, in UTC."""
    revoked_at: datetime | None
    """When it was revoked: RFC 3339, in UTC."""
    name: str | None
    """Its holder's name, for those who bring the code on the paper."""


class CertificateView(Schema):
    """A certificate as its holder and the organisers see it."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "number": "HN-2026-004217",
                "course_id": "0199f3a2-2a31-7b22-9c4d-5e6f708192a3",
                "title": {"vi": "Khóa học sơn mài", "en": "Lacquer course"},
                "registration_id": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                "person_id": "0199f3a2-6e75-7f66-8192-a3b4c5d6e7f8",
                "issued_at": "2026-11-15T03:00:00Z",
                "attended": 7,
                "held": 8,
                "name": "Nguyễn Thị Lan",
                "revoked_at": None,
            }
        )
    )

    id: UUID
    number: str
    """The number by which anybody can verify it."""
    course_id: UUID
    title: Localized
    """The course's name."""
    registration_id: UUID
    person_id: UUID
    """Its holder."""
    issued_at: datetime
    """When it was issued: RFC 3339, in UTC."""
    attended: int
    """How many sessions they attended."""
    held: int
    """How many sessions were held."""
    name: str | None
    """The name to be printed; null until somebody types it."""
    revoked_at: datetime | None
    """When it was revoked: RFC 3339, in UTC."""

    @classmethod
    def of(cls, one: Certificate) -> "CertificateView":
        return cls(
            id=one.id,
            number=one.number,
            course_id=one.completion.course_id,
            title=one.completion.title,
            registration_id=one.registration_id,
            person_id=one.person_id,
            issued_at=one.issued_at,
            attended=one.completion.attended,
            held=one.completion.held,
            name=one.name,
            revoked_at=one.revoked and one.revoked.at,
        )


def address(public_url: str, one: Certificate) -> str:
    return f"{public_url.rstrip('/')}/v1/certificates/{one.number}"


def printed(one: Certificate, public_url: str, language: Language) -> dict[str, object]:
    """What certificates/certificate.typ prints. Raises what `name_to_print` raises."""
    name, done, there = name_to_print(one), one.completion, address(public_url, one)
    return {
        "name": name,
        "title": done.title.in_(language),
        "when": _held(one, language),
        "attended": f"Tham dự {done.attended} trên {done.held} buổi"
        if language == "vi"
        else f"{done.attended} of {done.held} sessions attended",
        "number": one.number,
        "issued": dates.short(one.issued_at, language),
        "address": there,
        "code": one.code,
        "qr": qr_code.svg(f"{there}?code={one.code}"),
    }


def verified(one: Certificate, code: str | None) -> Verification:
    knows = code is not None and hmac.compare_digest(one.code.encode(), code.upper().encode())
    return Verification(
        number=one.number,
        status="revoked" if one.revoked else "valid",
        course=one.completion.title,
        starts_at=one.completion.starts_at,
        ends_at=one.completion.ends_at,
        issued_at=one.issued_at,
        revoked_at=one.revoked and one.revoked.at,
        name=one.name if knows else None,
    )


def page(one: Certificate, code: str | None, language: Language) -> Response:
    says, found = SAYS[language], verified(one, code)
    rows: list[tuple[str, str | None]] = [
        (says["number"], found.number),
        (says["name"], found.name),
        (says["course"], found.course.in_(language)),
        (says["when"], _held(one, language)),
        (says["issued"], dates.short(found.issued_at, language)),
        (says["revoked_on"], dates.short(found.revoked_at, language) if found.revoked_at else None),
    ]
    return _page(found.number, found.status, rows, language)


def nothing_found(number: str, language: Language) -> Response:
    return _page(number, "unknown", [(SAYS[language]["number"], number)], language, status=404)


def _page(
    number: str,
    verdict: str,
    rows: list[tuple[str, str | None]],
    language: Language,
    status: int = 200,
) -> Response:
    values = {"says": SAYS[language], "number": number, "status": verdict, "rows": rows}
    return PAGE.show(language, values, status=status)


def _held(one: Certificate, language: Language) -> str:
    first, last = [
        dates.short(at, language) for at in (one.completion.starts_at, one.completion.ends_at)
    ]
    return first if first == last else f"{first} – {last}"
