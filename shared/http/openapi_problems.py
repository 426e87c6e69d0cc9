"""How errors stand in an OpenAPI document: one answer for each status, which routes refer to."""

from typing import Any, NamedTuple

from pydantic.json_schema import models_json_schema

from shared.errors import (
    Forbidden,
    InvalidInput,
    PreconditionFailed,
    PreconditionRequired,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from shared.http.problems import CONTENT, MEDIA_TYPE, BodyTooLarge, Malformed, Problem


class _Shared(NamedTuple):
    name: str
    text: str
    usual: str | None = None  # the code that stands in nearly every such answer


_SHARED = {
    400: _Shared("BadRequest", "The body cannot be read.", Malformed.code),
    401: _Shared("Unauthorized", "There is no valid access token: sign in.", Unauthenticated.code),
    403: _Shared("Forbidden", "The caller lacks the role for this.", Forbidden.code),
    404: _Shared("NotFound", "It does not exist, or not for this caller."),
    409: _Shared("Conflict", "Its present state does not allow this."),
    410: _Shared("Gone", "It can no longer be used."),
    412: _Shared(
        "PreconditionFailed", "It has changed since you read it.", PreconditionFailed.code
    ),
    413: _Shared("ContentTooLarge", "The body is too large.", BodyTooLarge.code),
    422: _Shared("InvalidInput", "`errors` says what is wrong where.", InvalidInput.code),
    428: _Shared("PreconditionRequired", "Send `If-Match`.", PreconditionRequired.code),
    429: _Shared("TooManyRequests", "Try again after `Retry-After` seconds."),
    503: _Shared("Unavailable", "Try again after `Retry-After` seconds.", Unavailable.code),
}


def problem_schemas() -> dict[str, Any]:
    """For `components/schemas` of an OpenAPI document: a problem and its parts."""
    _, found = models_json_schema(
        [(Problem, "serialization")], ref_template="#/components/schemas/{model}"
    )
    return dict(found["$defs"])


def problem_responses() -> dict[str, Any]:
    """For `components/responses`: one answer for each status, which `refer` points to."""
    found = {}
    for status, one in _SHARED.items():
        text = f"{one.text} Code: `{one.usual}`." if one.usual else one.text
        found[one.name] = {"description": text, "content": CONTENT}
        if status in (TooMany.status, Unavailable.status):
            seconds = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
            found[one.name]["headers"] = {"Retry-After": seconds}
    return found


def refer(status: str, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer as a reference to the shared one, if it is a problem and nothing else."""
    codes = answer.pop("x-codes", None)
    if codes is None:
        return answer
    one = _SHARED[int(status)]
    listed = ", ".join(f"`{code}`" for code in codes)
    if set(answer["content"]) != {MEDIA_TYPE}:
        return answer | {"description": f"{one.text} Code: {listed}."}
    reference = {"$ref": f"#/components/responses/{one.name}"}
    return reference if codes == [one.usual] else reference | {"description": f"Code: {listed}."}
