"""What an offline gate did not know: shown as a conflict, once its scans are sent."""

from datetime import timedelta

import pytest

from shared.clock import now
from shared.roles import Role
from shared.testing.running import Running
from tests.events.admission.test_gates_api import a_scan, described, sent, ticket
from tests.events.programme.sample_programme import made, published_session


@pytest.mark.parametrize("how", ["passed on", "given up"])
async def test_let_in_offline_with_a_place_that_somebody_else_has_by_now(
    service: Running, how: str
) -> None:
    """Two people on one seat: both were right at the time, and the staff see it."""
    session = await published_session(service, capacity=1)
    path = await described(service, session)
    async with service.as_() as lan, service.as_() as mai, service.as_(Role.GATE) as gate:
        mine = await ticket(lan, session)
        offline = a_scan(mine, now(), told="admitted")
        at = f"/v1/registrations/{mine['id']}"
        if how == "passed on":
            code = (await lan.put(f"{at}/transfer", json={"hours": 24})).json()["code"]
            hers = await made(mai, "/v1/transfers/acceptance", {"code": code})
        else:
            await made(lan, f"{at}/cancellation")
            hers = await made(mai, f"/v1/sessions/{session}/registrations")
        assert hers["status"] == "confirmed"
        shown = (await mai.get(f"/v1/registrations/{hers['id']}/ticket")).json()["ticket"]
        later = now() + timedelta(seconds=1)
        scan = a_scan({"id": hers["id"], "ticket": shown}, later)
        assert await sent(gate, path, scan) == ["admitted"]
        assert (await gate.get(f"/v1/sessions/{session}/conflicts")).json() == []

        assert await sent(gate, path, offline) == ["admitted!"], "and then the gate is on line"
        assert await sent(gate, path, offline) == ["admitted!"], "sent again"
        [conflict] = (await gate.get(f"/v1/sessions/{session}/conflicts")).json()
        assert (conflict["registration_id"], conflict["given_up"]) == (mine["id"], True)


async def test_who_was_let_in_before_the_session_was_called_off_took_nobodys_place(
    service: Running,
) -> None:
    session = await published_session(service, capacity=1)
    path = await described(service, session)
    async with (
        service.as_() as lan,
        service.as_(Role.GATE) as gate,
        service.as_(Role.ORGANISER) as organiser,
    ):
        mine = await ticket(lan, session)
        offline = a_scan(mine, now(), told="admitted")
        why = {"reason": {"vi": "Mất điện"}}
        await made(organiser, f"/v1/sessions/{session}/cancellation", why)
        assert await sent(gate, path, offline) == ["admitted"]
        assert (await gate.get(f"/v1/sessions/{session}/conflicts")).json() == []
