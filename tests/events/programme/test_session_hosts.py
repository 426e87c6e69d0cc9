"""Who hosts a session: one rule for what is released, warned of and reported."""

from uuid import UUID

import pytest

from services.events.programme.sessions.hosts import DefaultHosts, default_hosts

TALK, COURSE, EMPTY = (UUID(int=n) for n in range(1, 4))
LAN, HAI, MAI, TU = (UUID(int=n) for n in range(11, 15))


@pytest.mark.parametrize(
    ("hosts", "speakers", "trainers", "who"),
    [
        ([], [], [], ()),
        ([LAN], [], [], (LAN,)),
        ([], [HAI], [], (HAI,)),
        ([LAN], [HAI], [], (LAN, HAI)),
        ([LAN, HAI], [HAI, MAI], [], (LAN, HAI, MAI)),
        ([LAN], [HAI], [TU], (TU,)),  # a course
        ([], [], [TU, LAN], (TU, LAN)),
    ],
)
def test_who_hosts_an_activity(
    hosts: list[UUID], speakers: list[UUID], trainers: list[UUID], who: tuple[UUID, ...]
) -> None:
    assert default_hosts(hosts, speakers, trainers) == who


@pytest.mark.parametrize(
    ("activity", "named", "who"),
    [
        (TALK, (), (LAN, HAI)),
        (TALK, (MAI,), (MAI,)),  # and not those of its activity
        (COURSE, (), (TU,)),
        (COURSE, (LAN, TU), (LAN, TU)),
        (EMPTY, (), ()),
        (EMPTY, (MAI,), (MAI,)),
    ],
)
def test_who_hosts_a_session(
    activity: UUID, named: tuple[UUID, ...], who: tuple[UUID, ...]
) -> None:
    known = DefaultHosts({TALK: (LAN, HAI), COURSE: (TU,)})
    assert known.of(activity, named) == who
