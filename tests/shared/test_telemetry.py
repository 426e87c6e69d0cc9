"""Traces: whether somebody keeps one is said by the last bit of its flags."""

import pytest

from shared.telemetry import is_sampled

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-"


@pytest.mark.parametrize(
    ("traceparent", "sampled"),
    [(None, False), (TRACE + "00", False), (TRACE + "01", True), (TRACE + "02", False),
     (TRACE + "03", True)],
)  # fmt: skip
def test_the_last_bit_says_whether_a_trace_is_kept(traceparent: str | None, sampled: bool) -> None:
    assert is_sampled(traceparent) is sampled
