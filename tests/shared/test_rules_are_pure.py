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


def imported(source: str, module: str) -> list[str]:
    """The names that this source imports from the module."""
    return [
        one.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module == module
        for one in node.names
    ]


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


COMPOSITION_ROOT = {"shared/service.py"}
NOT_YET = {  # these still read it themselves, in place of `execute.now` or `Now`
    "services/events/admission/scans/api.py",
    "services/events/booking/changes/api.py",
    "services/events/booking/forms/api.py",
    "services/events/booking/self_service/api.py",
    "services/events/booking/transfers/api.py",
}


def test_the_clock_comes_from_the_composition_root() -> None:
    """Everything else gets a clock or a moment, so that a test can set the time."""
    root = SERVICES.parent
    files = [file for folder in ("shared", "services") for file in (root / folder).rglob("*.py")]
    found = {
        str(file.relative_to(root))
        for file in files
        if "testing" not in file.parts and "now" in imported(file.read_text(), "shared.clock")
    }
    assert found <= COMPOSITION_ROOT | NOT_YET
    assert found >= NOT_YET, "strike out those that no longer do"
