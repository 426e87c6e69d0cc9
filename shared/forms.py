"""Forms: questions as a JSON Schema (2020-12), and the errors of an answer.

Staff write forms, so a form is checked like any other input. It can neither block the service nor
make it fetch what a `$ref` points to (docs/adr/0008-forms.md).
"""

from functools import lru_cache
from typing import Any

import jsonschema_rs

from shared.errors import FieldError, InvalidInput, pointer
from shared.json_object import canonical_json

_PATTERNS = jsonschema_rs.RegexOptions(size_limit=1_000_000)  # matching takes linear time


def check_form(form: dict[str, Any], at: str = "form") -> None:
    """Raises `InvalidInput` if this is no JSON Schema, or refers to something outside itself."""
    try:
        _validator(canonical_json(form))
    except (jsonschema_rs.ValidationError, ValueError) as error:
        text = str(error).splitlines()[0][:200]
        raise InvalidInput(FieldError("body", pointer(at), "form.invalid", text, text)) from error


def check_content(form: dict[str, Any], content: dict[str, Any], at: str = "content") -> None:
    """Raises `InvalidInput` with a pointer to each value that the form does not allow."""
    found = [
        FieldError(
            part="body",
            pointer=pointer(at, *error.instance_path),
            code=f"form.{error.kind.name}",
            vi="Chưa đúng yêu cầu của biểu mẫu.",
            en=error.message[:200],
        )
        for error in _validator(canonical_json(form)).iter_errors(content)
    ]
    if found:
        raise InvalidInput(*found[:50])


@lru_cache(maxsize=256)
def _validator(form: str) -> jsonschema_rs.Draft202012Validator:
    # `offline`: a form's $ref must not make us fetch an address or read a file.
    return jsonschema_rs.Draft202012Validator(
        form, offline=True, validate_formats=True, pattern_options=_PATTERNS
    )
