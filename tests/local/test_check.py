import sys

from local.check import Check, run_checks

PRINTS = "import sys; print('[/] as it is'); sys.exit({})"


def test_what_fails_is_named_and_shown_as_it_is() -> None:
    said: list[str] = []
    shown: list[str] = []
    checks = (
        Check("reporting", (sys.executable, "-S", "-c", "print('note')"), reports=True),
        Check("good", (sys.executable, "-S", "-c", PRINTS.format(0))),
        Check("bad", (sys.executable, "-S", "-c", PRINTS.format(3))),
    )
    assert run_checks(said.append, shown.append, checks) == ["bad"]
    assert sorted(line.split(" (")[0] for line in said) == [
        "bad: FAILED",
        "good: ok",
        "reporting: ok",
    ]
    assert sorted(shown) == ["[/] as it is", "note"]
