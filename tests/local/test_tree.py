"""Which files `make check` refuses, each kind seen being refused."""

import subprocess
from pathlib import Path

import pytest

from local.tree import MOST_BYTES, MOST_LINES, NOUNS, complaints, strange_names


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository with all the nouns that are allowed, and one usual file of each kind."""
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    for noun in NOUNS:
        add(tmp_path, f"services/{noun}.py")
    add(tmp_path, "services/events/app.py")
    add(tmp_path, "services/events/booking/area.py")
    add(tmp_path, "services/events/booking/quotas/rules.py")
    return tmp_path


def add(tree: Path, path: str, content: str = "") -> None:
    (tree / path).parent.mkdir(parents=True, exist_ok=True)
    (tree / path).write_text(content)
    subprocess.run(["git", "add", path], cwd=tree, check=True)


def test_what_is_as_it_should_be_is_not_complained_of(tree: Path) -> None:
    assert complaints(tree) == []


@pytest.mark.parametrize(
    "path",
    [
        "services/events/booking/quotas/desk.py",
        "services/events/booking/quotas/vietqr.py",  # allowed elsewhere
        "services/events/rules.py",  # of a feature, not of a service
        "services/events/booking/app.py",
        "services/helpers.py",
    ],
)
def test_a_name_outside_the_vocabulary_is_named(tree: Path, path: str) -> None:
    add(tree, path)
    assert complaints(tree) == [f"{path}: not in the vocabulary of file names (local/tree.py)"]


def test_a_noun_whose_file_is_gone_is_named() -> None:
    files = [f"services/{noun}.py" for noun in sorted(NOUNS)]
    assert strange_names(files) == []
    [gone] = strange_names(files[1:])
    assert files[0] in gone


def test_a_large_file_is_refused_unless_it_is_generated(tree: Path) -> None:
    dump = "x" * (MOST_BYTES + 1)
    for path in ("docs/openapi/events.json", "deploy/locks/events.lock", "requirements.lock"):
        add(tree, path, dump)
    add(tree, "just-right", dump[1:])
    assert complaints(tree) == []
    add(tree, "local/erl_crash.dump", dump)
    assert complaints(tree) == [f"local/erl_crash.dump: {len(dump)} bytes, more than {MOST_BYTES}"]


def test_what_git_does_not_track_may_be_large(tree: Path) -> None:
    (tree / "core").write_text("x" * (MOST_BYTES + 1))
    assert complaints(tree) == []


def test_a_long_file_is_refused(tree: Path) -> None:
    add(tree, "shared/long.py", "x = 1\n" * MOST_LINES)
    assert complaints(tree) == []
    add(tree, "shared/long.py", "x = 1\n" * (MOST_LINES + 1))
    assert complaints(tree) == [f"shared/long.py: {MOST_LINES + 1} lines, more than {MOST_LINES}"]
