"""Paying for a place over HTTP: the invoice, the statement, too little, too much and too late."""

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import zxingcpp
from PIL import Image

from services.events.app import build
from services.events.settings import Settings
from shared.clock import now
from shared.contracts.events import (
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationInvoiced,
)
from shared.ids import new_id
from shared.process import ProcessRole
from shared.roles import Role
from shared.testing.running import Running, running
from tests.events.programme.sample_programme import made, published_session
from tests.helping.told import told

FEE = 20_000
PAID = [{"kind": "general", "fee": FEE, "pay_minutes": 20}]


async def asked(client: httpx.AsyncClient, session: UUID, **wish: Any) -> Any:
    return await made(client, f"/v1/sessions/{session}/registrations", wish or None)


async def state(client: httpx.AsyncClient, one: Any) -> Any:
    return (await client.get(f"/v1/registrations/{one['id']}")).json()


def statement(*lines: tuple[str, int, str]) -> bytes:
    """Of (id, amount, text)."""
    head = "Ngày giao dịch;Mã giao dịch;Số tiền;Nội dung\n"
    return (
        head + "".join(f"07/11/2026 09:00;{key};{amount:+};{text}\n" for key, amount, text in lines)
    ).encode()


async def upload(client: httpx.AsyncClient, body: bytes) -> Any:
    answer = await client.post("/v1/statements", content=body, headers={"content-type": "text/csv"})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def expire(service: Running) -> None:
    """All that is kept for a while has been kept long enough."""
    rows = service.platform.mongo.collection("registrations")
    past = {"$set": {"expires_at": now() - timedelta(seconds=1)}}
    await rows.update_many({"expires_at": {"$ne": None}}, past)
    await service.process.service.workers["expiry"].__self__.look()  # type: ignore[attr-defined]


async def test_a_train_ticket_from_the_invoice_to_the_ticket(service: Running) -> None:
    session = await published_session(service, kinds=PAID, capacity=5)
    async with service.as_() as lan, service.as_(Role.TREASURER) as treasurer:
        seen = (await lan.get(f"/v1/sessions/{session}")).json()["facts"]["kinds"][0]
        assert (seen["fee"], seen["pay_minutes"]) == (FEE, 20)
        mine = await asked(lan, session, size=2)
        assert (mine["status"], mine["amount"], mine["paid"]) == ("unpaid", 2 * FEE, 0)
        path = f"/v1/registrations/{mine['id']}"
        invoice = (await lan.get(f"{path}/payment")).json()
        assert invoice["amount"] == 2 * FEE
        assert invoice["reference"] == mine["reference"]
        assert invoice["expires_at"] == mine["expires_at"]
        assert invoice["account_number"] == "0123456789"
        picture = await lan.get(f"{path}/payment.png")
        image = Image.open(io.BytesIO(picture.content)).convert("L")
        assert [found.text for found in zxingcpp.read_barcodes(image)] == [invoice["payload"]]
        drawing = await lan.get(f"{path}/payment.svg")
        assert drawing.headers["content-type"] == "image/svg+xml"
        assert b"<svg" in drawing.content
        assert (await lan.get(f"{path}/ticket")).status_code == 409

        text = f"NGUYEN THI LAN chuyen tien {mine['reference'].lower()}"
        answer = await upload(treasurer, statement(("FT1", 2 * FEE, text)))
        assert answer["counts"] == {"matched": 1}
        [line] = answer["lines"]
        assert (line["registration_id"], line["status"]) == (mine["id"], "confirmed")
        assert (await lan.get(f"{path}/ticket")).status_code == 200
        assert (await lan.get(f"{path}/payment")).json()["code"] == "fee.nothing_to_pay"
        [own] = (await lan.get("/v1/me/payments")).json()["items"]
        assert (own["amount"], own["registration_id"]) == (2 * FEE, mine["id"])
        edition = (await lan.get(f"/v1/sessions/{session}")).json()["edition_id"]
        [listed] = (await treasurer.get(f"/v1/editions/{edition}/payments")).json()["items"]
        assert (listed["amount"], listed["by_hand"]) == (2 * FEE, False)
    mongo = service.platform.mongo
    [told_of] = await told(mongo, RegistrationInvoiced)
    assert (told_of.amount, told_of.reference) == (2 * FEE, mine["reference"])
    assert (told_of.bank_bin, told_of.account_number) == ("999999", "0123456789")
    assert told_of.vietqr == invoice["payload"]
    assert len(await told(mongo, RegistrationConfirmed)) == 1


async def test_somebody_else_s_invoice_does_not_exist(service: Running) -> None:
    session = await published_session(service, kinds=PAID)
    async with service.as_() as lan, service.as_() as mai, service.as_(Role.ORGANISER) as staff:
        mine = await asked(lan, session)
        for end in ("payment", "payment.png", "payment.svg"):
            path = f"/v1/registrations/{mine['id']}/{end}"
            assert (await mai.get(path)).json()["code"] == "registration.unknown"
            assert (await staff.get(path)).status_code == 200


async def test_every_line_is_answered_and_known_again(service: Running) -> None:
    session = await published_session(service, kinds=PAID, capacity=9)
    async with service.as_(Role.TREASURER) as treasurer:
        people = [service.as_() for _ in range(4)]
        one, two, three, four = [(await asked(p, session))["reference"] for p in people]
        body = statement(
            ("A", FEE, one),
            ("B", FEE - 5_000, two),
            ("C", FEE + 5_000, three),
            ("D", FEE, "ủng hộ lễ hội"),
            ("E", -11_000, "phí dịch vụ"),
            ("F", FEE, f"{one} {four}"),
            ("A", FEE, one),
        )
        expected = ["matched", "amount_differs", "amount_differs", "unknown_reference",
                    "not_incoming", "unknown_reference", "already_known"]  # fmt: skip
        answer = await upload(treasurer, body)
        assert [line["outcome"] for line in answer["lines"]] == expected
        less, more = answer["lines"][1:3]
        assert (less["status"], less["owing"], less["due_back"]) == ("unpaid", 5_000, 0)
        assert (more["status"], more["owing"], more["due_back"]) == ("confirmed", 0, 5_000)
        again = await upload(treasurer, body + statement(("G", 5_000, two)).splitlines()[1])
        outcomes = [line["outcome"] for line in again["lines"]]
        assert outcomes[:7] == ["already_known"] * 4 + ["not_incoming"] + ["already_known"] * 2
        assert outcomes[7] == "matched", "too little adds up"
        for person in people:
            await person.aclose()
    payments = service.platform.mongo.collection("payments")
    assert await payments.count_documents({}) == 4
    told_of = await told(service.platform.mongo, RegistrationInvoiced)
    assert [event.amount for event in told_of] == [FEE] * 4 + [5_000]


async def test_late_money_takes_what_is_left_or_stands_in_line_as_paid(service: Running) -> None:
    session = await published_session(service, kinds=PAID, capacity=2)
    async with (
        service.as_() as lan, service.as_() as mai, service.as_() as hoa,
        service.as_(Role.TREASURER) as treasurer,
    ):  # fmt: skip
        first, second = await asked(lan, session), await asked(mai, session)
        waiting = await asked(hoa, session)
        await expire(service)
        assert (await state(lan, first))["status"] == "cancelled"
        assert (await state(hoa, waiting))["status"] == "unpaid", (
            "the first in line is asked to pay"
        )
        late = statement(("L1", FEE, first["reference"]), ("L2", FEE, second["reference"]))
        [took, waits] = (await upload(treasurer, late))["lines"]
        assert (took["status"], waits["status"]) == ("confirmed", "waiting")
        await made(hoa, f"/v1/registrations/{waiting['id']}/cancellation")
        assert (await state(mai, second))["status"] == "confirmed", "at once: it is paid"
        seats = (await lan.get(f"/v1/sessions/{session}/availability")).json()
    assert (seats["taken"], seats["waiting"]) == (2, 0)


async def test_who_has_paid_and_waits_until_the_end_is_owed_it(service: Running) -> None:
    session = await published_session(service, kinds=PAID, capacity=1)
    async with (
        service.as_() as lan, service.as_() as mai, service.as_(Role.TREASURER) as treasurer,
    ):  # fmt: skip
        late, waiting = await asked(lan, session), await asked(mai, session)
        await expire(service)
        await upload(treasurer, statement(("L", FEE, late["reference"])))
        assert (await state(lan, late))["status"] == "waiting"
        reference = (await state(mai, waiting))["reference"]
        [line] = (await upload(treasurer, statement(("M", FEE, reference))))["lines"]
        assert line["status"] == "confirmed"
        await expire(service)
        assert (await state(mai, waiting))["status"] == "confirmed"
        [due] = (await treasurer.get("/v1/refunds/due")).json()["items"]
        assert (due["registration_id"], due["in_full"]) == (late["id"], True)
    cancelled = await told(service.platform.mongo, RegistrationCancelled)
    assert [event.due_back for event in cancelled] == [0, FEE]


async def test_who_has_asked_again_pays_for_that(service: Running) -> None:
    session = await published_session(service, kinds=PAID)
    async with service.as_() as lan, service.as_(Role.TREASURER) as treasurer:
        old = await asked(lan, session)
        await expire(service)
        new = await asked(lan, session)
        [line] = (await upload(treasurer, statement(("L", FEE, old["reference"]))))["lines"]
        assert (line["registration_id"], line["status"]) == (new["id"], "confirmed")
        assert (await state(lan, new))["status"] == "confirmed"


@pytest.mark.parametrize("how", ["over", "given up"])
async def test_money_that_can_be_for_no_place_is_due_back(service: Running, how: str) -> None:
    session = await published_session(service, kinds=PAID)
    mongo = service.platform.mongo
    async with service.as_() as lan, service.as_(Role.TREASURER) as treasurer:
        mine = await asked(lan, session)
        if how == "over":
            await expire(service)
            ended = {"facts.ends_at": now(), "facts.starts_at": now() - timedelta(hours=2)}
            await mongo.collection("sessions").update_one({"_id": session}, {"$set": ended})
        else:
            await made(lan, f"/v1/registrations/{mine['id']}/cancellation")
        [line] = (await upload(treasurer, statement(("L", FEE, mine["reference"]))))["lines"]
        assert (line["status"], line["due_back"]) == ("cancelled", FEE)
        [due] = (await treasurer.get("/v1/refunds/due")).json()["items"]
    assert (due["registration_id"], due["due_back"], due["in_full"]) == (mine["id"], FEE, True)


async def test_what_staff_saw_themselves_and_what_they_place_by_hand(service: Running) -> None:
    session = await published_session(service, kinds=PAID, capacity=9)
    free = await published_session(service)
    async with (
        service.as_() as lan, service.as_() as mai, service.as_(Role.TREASURER) as treasurer,
    ):  # fmt: skip
        first, second, gift = (
            await asked(lan, session), await asked(mai, session), await asked(mai, free),
        )  # fmt: skip
        cash = {"amount": FEE, "paid_at": now().isoformat(), "note": "Trả tiền mặt tại quầy"}
        path = f"/v1/registrations/{first['id']}/payments"
        assert (await treasurer.post(path, json=cash | {"note": " "})).status_code == 422
        key = {"Idempotency-Key": "quay-1"}
        once = [await treasurer.post(path, json=cash, headers=key) for _ in range(2)]
        assert [answer.status_code for answer in once] == [201, 201]
        assert once[0].json() == once[1].json()
        assert once[0].json()["by_hand"]
        assert (await state(lan, first))["paid"] == FEE
        nothing = await treasurer.post(f"/v1/registrations/{gift['id']}/payments", json=cash)
        assert nothing.json()["code"] == "fee.nothing_to_pay"
        unknown = await treasurer.post(f"/v1/registrations/{new_id()}/payments", json=cash)
        assert unknown.status_code == 404

        await upload(treasurer, statement(("X", FEE, "mua ve tau, quen ghi ma")))
        [line] = (await treasurer.get("/v1/bank-lines")).json()["items"]
        assert line["text"] == "mua ve tau, quen ghi ma"
        body = {"registration_id": second["id"], "reason": "Gọi điện hỏi người chuyển"}
        place = f"/v1/bank-lines/{line['key']}/assignment"
        assert (await treasurer.post(place, json=body)).status_code == 201
        assert (await treasurer.post(place, json=body)).json()["code"] == "bank_line.matched"
        assert (await treasurer.get("/v1/bank-lines")).json()["items"] == []
        lost = await treasurer.post("/v1/bank-lines/abc/assignment", json=body)
        assert lost.json()["code"] == "bank_line.unknown"
        assert (await state(mai, second))["status"] == "confirmed"


async def test_what_is_no_statement_is_refused(service: Running) -> None:
    async with service.as_(Role.TREASURER) as treasurer:
        for body in (b"xin chao", b"\xff\xff", b"Ngay;Noi dung\n"):
            answer = await treasurer.post(
                "/v1/statements", content=body, headers={"content-type": "text/csv"}
            )
            assert answer.json()["code"] == "statement.unreadable"


async def test_without_an_account_nothing_may_cost_anything(settings: Settings) -> None:
    none = dict.fromkeys(
        ("fee_bank_bin", "fee_bank_name", "fee_account_number", "fee_account_holder")
    )
    poor = settings.model_copy(update=none)
    async with running(build, poor, roles=frozenset({ProcessRole.API})) as service:
        with pytest.raises(AssertionError, match=r"fee\.no_account"):
            await published_session(service, kinds=PAID)
        await published_session(service)
        async with service.as_(Role.TREASURER) as treasurer:
            answer = await treasurer.post(
                "/v1/statements", content=statement(), headers={"content-type": "text/csv"}
            )
            assert answer.json()["code"] == "fee.no_account"


def test_an_account_is_given_whole_or_not_at_all(settings: Settings) -> None:
    with pytest.raises(ValueError, match="all is given or nothing"):
        Settings(ticket_keys=settings.ticket_keys, fee_bank_bin="999999")
