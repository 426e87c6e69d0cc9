"""A place that costs something: kept until it is paid, paid from a bank statement."""

from local.demo.festival import Day
from local.people import Person, await_mail

FEE = 20_000  # đồng, what a seat on the heritage train cost


def heritage_train(day: Day, treasurer: Person) -> None:
    story = day.story
    story.step("A seat on the heritage train costs 20,000đ")
    kinds = [{"kind": "general", "fee": FEE, "pay_minutes": 30}]
    train = day.session(f"Chuyến tàu di sản {story.tag}", "Heritage train", 20, kinds=kinds)
    day.release("Thêm chuyến tàu")
    rider = story.person("hanhkhach")
    mine = rider.post("events", f"/v1/sessions/{train}/registrations", {"size": 2})
    story.expect((mine["status"], mine["amount"]) == ("unpaid", 2 * FEE), "two seats are kept")
    await_mail(story.layout, rider.email, "thanh toán")
    path = f"/v1/registrations/{mine['id']}"
    picture = rider.download("events", f"{path}/payment.png")
    story.expect(
        picture.startswith(b"\x89PNG"),
        f"a VietQR code holds amount and reference {mine['reference']}",
    )
    statement = (
        "Ngày giao dịch;Mã giao dịch;Số tiền;Nội dung\n"
        f"07/11/2026 09:00;FT{story.tag};+{2 * FEE};PHAM VAN KHOI chuyen tien {mine['reference']}\n"
    )
    for outcome in ("matched", "already_known"):
        counts = treasurer.send("events", "/v1/statements", statement.encode(), "text/csv")[
            "counts"
        ]
        story.expect(counts == {outcome: 1}, f"the bank statement is uploaded: {outcome}")
    paid = rider.get("events", path)
    story.expect(
        (paid["status"], paid["paid"]) == ("confirmed", 2 * FEE), "paid once, and confirmed"
    )
    await_mail(story.layout, rider.email, "vé của bạn")
