"""Errors as problem documents (RFC 9457): a stable code, and a title in the caller's language."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared.errors import (
    DomainError,
    FieldError,
    InvalidInput,
    TooMany,
    Unauthenticated,
    Unavailable,
    pointer,
)
from shared.http.language import current_language
from shared.http.messages import vietnamese
from shared.schema import Schema, example

MEDIA_TYPE = "application/problem+json"


class ProblemField(Schema):
    """One thing that is wrong with a request, and where."""

    part: str
    """The part of the request that `pointer` points into: `body`, `query`, `path` or `header`."""
    pointer: str
    """A JSON Pointer (RFC 6901) to what is wrong, such as `/names/0`."""
    code: str
    """What is wrong, for programs: it never changes."""
    detail: str
    """What is wrong, for people, in the language of `Accept-Language`."""


class Problem(Schema):
    """An error (RFC 9457). Some problems carry more members, such as `retry_after`."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra=example(
            {
                "type": "urn:creative-city:problem:route.unknown",
                "title": "Không có địa chỉ này.",
                "status": 404,
                "code": "route.unknown",
                "request_id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
            }
        ),
    )

    type: str
    """The code as a URN."""
    title: str
    """What went wrong, for people, in the language of `Accept-Language`."""
    status: int
    """The HTTP status of this answer."""
    code: str
    """What went wrong, for programs: it never changes."""
    request_id: str | None = None
    """The request's id (`X-Request-ID`): name it when you ask for help."""
    errors: list[ProblemField] | None = None
    """What is wrong with which part of the request; only with status 422."""


class RouteUnknown(DomainError):
    status = 404
    code = "route.unknown"
    vi = "Không có địa chỉ này."
    en = "There is nothing at this address."


class MethodNotAllowed(DomainError):
    status = 405
    code = "method.not_allowed"
    vi = "Địa chỉ này không nhận phương thức đó."
    en = "This address does not take that method."


class BodyTooLarge(DomainError):
    status = 413
    code = "body.too_large"
    vi = "Nội dung gửi lên quá lớn."
    en = "The body is too large."


class Malformed(DomainError):
    status = 400
    code = "input.malformed"
    vi = "Không đọc được nội dung gửi lên."
    en = "The body cannot be read."


class Internal(DomainError):
    status = 500
    code = "internal"
    vi = "Có lỗi ở phía chúng tôi. Hãy thử lại; nếu vẫn lỗi, hãy gửi mã yêu cầu này cho chúng tôi."
    en = "Something failed on our side. Try again; if it persists, send us this request id."


_BY_STATUS: dict[int, type[DomainError]] = {
    e.status: e for e in (RouteUnknown, MethodNotAllowed, BodyTooLarge, Malformed)
}


def problem(error: DomainError, request_id: str | None) -> Response:
    """The error as a response."""
    language = current_language()
    body = Problem(
        type=f"urn:creative-city:problem:{error.code}",
        title=error.title(language),
        status=error.status,
        code=error.code,
        request_id=request_id,
        errors=[
            ProblemField(
                part=f.part,
                pointer=f.pointer,
                code=f.code,
                detail=f.vi if language == "vi" else f.en,
            )
            for f in error.fields
        ]
        if isinstance(error, InvalidInput)
        else None,
        **{key: _plain(value) for key, value in error.parameters.items()},
    )
    headers: dict[str, str] = {"Content-Language": language}
    if isinstance(error, (TooMany, Unavailable)):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    return Response(
        body.model_dump_json(exclude_none=True), error.status, headers, media_type=MEDIA_TYPE
    )


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, (int, float)) else str(value)


def from_validation(errors: Sequence[Any]) -> DomainError:
    """The errors that FastAPI found in a request, as one of ours."""
    if any(e["type"] == "json_invalid" for e in errors):
        return Malformed()
    return InvalidInput(
        *(
            FieldError(
                part=str(e["loc"][0]),
                pointer=pointer(*e["loc"][1:]),
                code=e["type"],
                vi=vietnamese(e["type"], e.get("ctx")),
                en=e["msg"],
            )
            for e in errors
        )
    )


def install(app: FastAPI) -> None:
    """Let the app answer every error with a problem document."""

    async def on_domain(request: Request, error: DomainError) -> Response:
        return problem(error, request.scope.get("request_id"))

    async def on_validation(request: Request, error: RequestValidationError) -> Response:
        return problem(from_validation(error.errors()), request.scope.get("request_id"))

    async def on_http(request: Request, error: HTTPException) -> Response:
        known = _BY_STATUS.get(error.status_code, Internal)
        answer = problem(known(), request.scope.get("request_id"))
        answer.headers.update(error.headers or {})
        return answer

    app.add_exception_handler(DomainError, on_domain)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, on_validation)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, on_http)  # type: ignore[arg-type]


CONTENT = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def problems(*errors: type[DomainError]) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses=`: the errors it may answer with, by status, with their codes."""
    by_status: defaultdict[int, list[str]] = defaultdict(list)
    for error in errors:
        by_status[error.status].append(error.code)
    return {
        status: {"description": HTTPStatus(status).phrase, "content": CONTENT, "x-codes": codes}
        for status, codes in sorted(by_status.items())
    }
