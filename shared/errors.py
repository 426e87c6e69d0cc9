"""What the rules refuse: exceptions with their own HTTP status, code and title.

    DomainError
    ├── InvalidInput          422  a field is wrong; carries JSON pointers
    ├── Unauthenticated       401
    ├── Forbidden             403
    ├── NotFound              404  also for what the caller may not know of
    ├── Conflict              409  the state does not allow it
    ├── PreconditionFailed    412  If-Match names an older version
    ├── PreconditionRequired  428
    ├── TooMany               429  carries when to try again
    └── Unavailable           503  carries when to try again

Features subclass these next to their rules, with a `code` that never changes (clients switch on it)
and a title in Vietnamese and English.
"""

from datetime import datetime
from typing import ClassVar, NamedTuple

from shared.clock import local
from shared.text import Language

CODES: dict[str, "type[DomainError]"] = {}
"""Every error that the loaded code can answer with, by its code."""


RESERVED = frozenset({"type", "title", "status", "code", "request_id", "errors"})


class DomainError(Exception):
    """Something that was asked for and that the rules do not allow.

    A title may name parameters in braces. They are filled from the keyword arguments, which the
    problem document also carries as members.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str]
    vi: ClassVar[str]
    en: ClassVar[str]

    def __init_subclass__(cls) -> None:
        known = CODES.setdefault(cls.code, cls)
        if known.__qualname__ != cls.__qualname__ or known.__module__ != cls.__module__:
            raise TypeError(f"error code {cls.code!r} is taken by {known.__qualname__}")

    def __init__(self, **parameters: object) -> None:
        super().__init__(self.code, parameters)
        if not RESERVED.isdisjoint(parameters):
            raise TypeError(f"{RESERVED & parameters.keys()} stand in every problem document")
        self.parameters = parameters

    def title(self, language: Language) -> str:
        """The sentence that a person reads. Moments in it are in Hanoi's time."""
        shown = {
            name: f"{local(value):%H:%M %d/%m/%Y}" if isinstance(value, datetime) else value
            for name, value in self.parameters.items()
        }
        return (self.vi if language == "vi" else self.en).format(**shown)

    def __str__(self) -> str:
        return f"{self.code}: {self.title('en')}"


def pointer(*steps: object) -> str:
    """The JSON Pointer (RFC 6901) of these steps: keys and positions."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


class FieldError(NamedTuple):
    """One wrong field: where, a stable code, and what is wrong with it.

    `part` is the part of the request (`body`, `query`, `path`, `header`), `pointer` a JSON Pointer
    (RFC 6901) into it.
    """

    part: str
    pointer: str
    code: str
    vi: str
    en: str


class InvalidInput(DomainError):
    status = 422
    code = "input.invalid"
    vi = "Dữ liệu gửi lên chưa hợp lệ."
    en = "The input is not valid."

    def __init__(self, *fields: FieldError) -> None:
        super().__init__()
        self.fields = fields


class Unauthenticated(DomainError):
    status = 401
    code = "auth.required"
    vi = "Bạn cần đăng nhập."
    en = "You need to sign in."


class Forbidden(DomainError):
    status = 403
    code = "auth.forbidden"
    vi = "Bạn không có quyền làm việc này."
    en = "You may not do this."


class NotFound(DomainError):
    status = 404
    code = "not_found"
    vi = "Không tìm thấy."
    en = "Not found."


class Conflict(DomainError):
    status = 409
    code = "conflict"
    vi = "Yêu cầu xung đột với trạng thái hiện tại."
    en = "The request conflicts with the present state."


class PreconditionFailed(DomainError):
    status = 412
    code = "precondition.failed"
    vi = "Dữ liệu đã thay đổi từ lúc bạn đọc. Hãy tải lại rồi sửa tiếp."
    en = "This has changed since you read it. Load it again, then edit."


class PreconditionRequired(DomainError):
    status = 428
    code = "precondition.required"
    vi = "Hãy gửi If-Match với ETag của bản bạn đã đọc."
    en = "Send If-Match with the ETag of the version you read."


class TooMany(DomainError):
    """`retry_after`: whole seconds."""

    status = 429
    code = "too_many"
    vi = "Quá nhiều yêu cầu. Hãy thử lại sau {retry_after} giây."
    en = "Too many requests. Try again in {retry_after} seconds."

    def __init__(self, *, retry_after: int, **parameters: object) -> None:
        super().__init__(retry_after=retry_after, **parameters)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """`retry_after`: whole seconds."""

    status = 503
    code = "unavailable"
    vi = "Hệ thống đang bận. Hãy thử lại sau {retry_after} giây."
    en = "The service is busy. Try again in {retry_after} seconds."

    def __init__(self, *, retry_after: int = 5) -> None:
        super().__init__(retry_after=retry_after)
        self.retry_after = retry_after
