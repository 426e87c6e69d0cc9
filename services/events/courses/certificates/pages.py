"""A certificate as people see it: on paper, and on the page where anybody may verify it.

The page tells the course, the date and whether the certificate is valid. Numbers can be guessed,
so it tells no name, not even masked, unless the visitor brings the code that stands on the paper
(and in its QR code): whoever has that has read the name already.
"""

import hmac
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel
from starlette.responses import Response

from services.events.courses.certificates.rules import Certificate, name_to_print
from services.events.printing import dates
from services.events.printing.pages import StandalonePage
from shared import qr_code
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


class Verification(BaseModel):
    """What anybody may know of a certificate."""

    number: str
    status: Literal["valid", "revoked"]
    course: Localized
    starts_at: datetime
    ends_at: datetime
    issued_at: datetime
    revoked_at: datetime | None
    name: str | None  # for whoever brings the code that stands on the paper


class CertificateView(BaseModel):
    """A certificate as its holder and the organisers see it."""

    id: UUID
    number: str
    course_id: UUID
    title: Localized
    registration_id: UUID
    person_id: UUID
    issued_at: datetime
    attended: int  # sessions
    held: int
    name: str | None
    revoked_at: datetime | None

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
