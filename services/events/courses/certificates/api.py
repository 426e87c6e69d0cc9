"""Certificates of courses: issued by organisers, printed by holders, verified by anybody."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Query
from pydantic import ConfigDict, Field
from starlette.responses import Response

from services.events.courses.certificates import pages as view
from services.events.courses.certificates.errors import (
    CertificateNamed,
    CertificateNameless,
    CertificateRevoked,
    CertificateUnknown,
    NameUnprintable,
    NotReached,
)
from services.events.courses.certificates.pages import CertificateView, Verification
from services.events.courses.certificates.rules import Certificate, EraseName, Name, Revoke
from services.events.courses.courses.errors import CourseNotOver, CourseUnknown
from services.events.courses.dependencies import AllCertificates, TheCertificateService
from services.events.dependencies import Organiser, ThePrinter, TheSettings
from shared.errors import Unavailable
from shared.http.access import SignedIn, anyone, use_role
from shared.http.execute import reply
from shared.http.language import current_language
from shared.http.now import Now
from shared.http.problems import problems
from shared.roles import Role
from shared.schema import Schema, example
from shared.text import Line

router = APIRouter(prefix="/v1", tags=["certificates"])


class CertificateIssue(Schema):
    """Names that staff type; a holder without one types it later."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"names": {"0199f3a2-8d10-7c35-a2b4-91f6d0c7e583": "Nguyễn Thị Lan"}}
        )
    )

    names: Annotated[dict[UUID, Line], Field(max_length=1_000, default_factory=dict)]
    """The name to be printed, by the id of the registration."""


class NameToPrint(Schema):
    """The name on a certificate."""

    model_config = ConfigDict(json_schema_extra=example({"name": "Nguyễn Thị Lan"}))

    name: Line
    """The name, as it is to be printed."""


class RevocationReason(Schema):
    """Why a certificate is revoked."""

    model_config = ConfigDict(json_schema_extra=example({"reason": "Cấp nhầm người"}))

    reason: Line
    """Why; only the staff read it."""


class IssuedCertificates(Schema):
    """Certificates that were issued."""

    certificates: list[CertificateView]
    """One for each who reached the minimum and had none."""


Number = Annotated[str, Path(description="The number on the certificate.")]


async def own_certificate(
    number: Number, who: SignedIn, certificates: AllCertificates
) -> Certificate:
    """The certificate of this number. Raises `CertificateUnknown` unless it is your own.

    Organisers get any certificate.
    """
    found = await certificates.by_number(number)
    if found.person_id != who.person_id and not use_role(who, Role.ORGANISER):
        raise CertificateUnknown
    return found


Own = Annotated[Certificate, Depends(own_certificate)]


@router.post(
    "/courses/{course_id}/certificates",
    responses=problems(CourseUnknown, CourseNotOver, NotReached, NameUnprintable),
)
async def issue_certificates(
    course_id: UUID,
    who: Organiser,
    certificates: TheCertificateService,
    now: Now,
    body: CertificateIssue | None = None,
) -> IssuedCertificates:
    """Issue certificates to all who reached the minimum and have none.

    If it is asked again, nobody gets a second one.
    """
    names = body.names if body else {}
    issued = await certificates.issue(course_id, who.person_id, names, now)
    return IssuedCertificates(certificates=[CertificateView.of(one) for one in issued])


@router.get("/courses/{course_id}/certificates")
async def list_certificates(
    course_id: UUID, who: Organiser, certificates: AllCertificates
) -> list[CertificateView]:
    """The certificates of a course."""
    return [CertificateView.of(one) for one in await certificates.of_course(course_id)]


@router.get("/me/certificates")
async def list_my_certificates(
    who: SignedIn, certificates: AllCertificates
) -> list[CertificateView]:
    """One's own certificates, the latest first, at most 500."""
    return [CertificateView.of(one) for one in await certificates.of_person(who.person_id)]


@router.get(
    "/certificates/{number}",
    dependencies=[anyone],
    response_model=Verification,
    responses=problems(CertificateUnknown)
    | {200: {"content": {"text/html": {}, "application/json": {}}}},
)
async def verify_certificate(
    number: Number,
    certificates: AllCertificates,
    code: Annotated[
        str | None, Query(max_length=40, description="The verification code on the paper.")
    ] = None,
    accept: Annotated[
        str, Header(description="With `text/html` in it the answer is a page.")
    ] = "*/*",
) -> Response:
    """Whether a certificate is valid: a page for browsers, JSON for others.

    The name is told only to those who bring the verification code printed on the paper.
    """
    wants_page, language = "text/html" in accept, current_language()
    try:
        found = await certificates.by_number(number)
    except CertificateUnknown:
        if wants_page:
            return _public(view.nothing_found(number, language))
        raise
    if wants_page:
        return _public(view.page(found, code, language))
    return _public(reply(view.verified(found, code)).response())


@router.get(
    "/certificates/{number}/certificate.pdf",
    response_class=Response,
    responses=problems(CertificateUnknown, CertificateRevoked, CertificateNameless, Unavailable)
    | {200: {"content": {"application/pdf": {}}}},
)
async def read_certificate_pdf(own: Own, printer: ThePrinter, settings: TheSettings) -> Response:
    """The certificate on paper, in Vietnamese or English."""
    language = current_language()
    data = view.printed(own, settings.public_url, language)
    body = await printer.pdf("courses/certificates/certificate.typ", data, language, own.issued_at)
    headers = {"Content-Language": language, "Cache-Control": "private"}
    return Response(body, headers=headers, media_type="application/pdf")


@router.put(
    "/certificates/{number}/name",
    status_code=204,
    response_class=Response,
    responses=problems(
        CertificateUnknown,
        CertificateRevoked,
        CertificateNamed,
        NameUnprintable,
    ),
)
async def update_name_on_certificate(
    body: NameToPrint, own: Own, who: SignedIn, certificates: AllCertificates, now: Now
) -> Response:
    """Set the name to be printed.

    Its holder types it once; organisers may correct it.
    """
    command = Name(body.name, by_staff=own.person_id != who.person_id)
    await certificates.change(own.id, command, now)
    return Response(status_code=204)


@router.delete(
    "/certificates/{number}/name",
    status_code=204,
    response_class=Response,
    responses=problems(CertificateUnknown),
)
async def delete_name_on_certificate(own: Own, certificates: AllCertificates, now: Now) -> Response:
    """Forget the name.

    The certificate stays valid under its number and cannot be printed.
    """
    await certificates.change(own.id, EraseName(), now)
    return Response(status_code=204)


@router.post(
    "/certificates/{number}/revocation",
    responses=problems(CertificateUnknown),
)
async def revoke_certificate(
    number: Number, body: RevocationReason, who: Organiser, certificates: AllCertificates, now: Now
) -> CertificateView:
    """End a certificate's validity. All who verify it see that; the reason is for the staff."""
    known = await certificates.by_number(number)
    command = Revoke(who.person_id, body.reason)
    return CertificateView.of(await certificates.change(known.id, command, now))


def _public(answer: Response) -> Response:
    answer.headers["Vary"] = "Accept, Accept-Language"
    answer.headers["Cache-Control"] = "no-store"
    return answer
