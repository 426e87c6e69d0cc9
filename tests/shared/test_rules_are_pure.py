"""Rules read no clock, no fresh id and no random number: these come in as arguments.

import-linter sees modules (pyproject.toml); this test sees calls.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVICES = Path(__file__).parents[2] / "services"
PURE = ("rules.py", "state.py", "commands.py", "errors.py")
IMPURE_MODULES = {"random", "secrets", "time"}
IMPURE_NAMES = {"now", "today", "utcnow", "new_id", "uuid1", "uuid4", "uuid7"}


def impure(source: str) -> list[str]:
    """What this source calls or imports that gives another result each time."""
    return sorted(set(_impure(ast.parse(source))))


def _impure(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (one.name for one in names if one.name in IMPURE_MODULES)
            case ast.ImportFrom(module=module, names=names):
                if module in IMPURE_MODULES:
                    yield module
                yield from (one.name for one in names if one.name in IMPURE_NAMES)
            case ast.Call(func=ast.Attribute(attr=name)) if name in IMPURE_NAMES:
                yield name


def test_rules_call_nothing_that_gives_another_result_each_time() -> None:
    files = [file for name in PURE for file in SERVICES.rglob(name)]
    assert len(files) > 40
    found = {str(file.relative_to(SERVICES)): impure(file.read_text()) for file in files}
    assert {file: names for file, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("from shared.clock import now", ["now"]),
        ("from shared.ids import new_id as fresh", ["new_id"]),
        ("import secrets", ["secrets"]),
        ("from random import choice", ["random"]),
        ("datetime.now(UTC)", ["now"]),
        ("date.today()", ["today"]),
        ("uuid.uuid4()", ["uuid4"]),
        ("def decide(state, command, now): return now < command.ends_at", []),
        ("from uuid import UUID, uuid5", []),
    ],
)
def test_control_what_is_not_pure_is_found(source: str, names: list[str]) -> None:
    assert impure(source) == names
