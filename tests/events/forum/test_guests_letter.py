"""What guests tell of themselves: what they need, what is erased, and the page they answer on."""

from urllib.parse import urljoin

from shared.roles import Role
from shared.testing.running import Running
from tests.events.forum.test_guests_api import INVITED, YES, invited
from tests.events.programme.sample_programme import published_forum


async def test_needs_are_for_organisers_with_consent_and_are_erased(service: Running) -> None:
    forum, _ = await published_forum(service)
    async with (
        service.as_(Role.ORGANISER) as staff,
        service.anonymous() as guest,
        service.as_(Role.GATE, Role.OFFICER, Role.SUPPORT) as others,
    ):
        one = await invited(staff, forum, companions=1)
        path, needs = one["path"], {"diet": "Không ăn hải sản", "access": "Xe lăn"}
        unasked = await guest.put(f"{path}/answer", json=YES | {"needs": needs})
        assert unasked.status_code == 422, "nothing is kept without consent"
        told = YES | {"companions": ["Budi"], "needs": needs | {"consent": True}}
        assert "hải sản" not in (await guest.put(f"{path}/answer", json=told)).text
        assert "hải sản" not in (await guest.get(path)).text
        at = f"/v1/activities/{forum}/needs"
        [kept] = (await staff.get(at)).json()
        assert (kept["needs"]["diet"], kept["invitation_id"]) == ("Không ăn hải sản", one["id"])
        assert kept["needs"]["consented_at"]
        assert (await others.get(at)).status_code == 403
        lists = await staff.get(f"/v1/activities/{forum}/invitations")
        assert "hải sản" not in lists.text
        assert (await guest.put(f"{path}/answer", json=YES)).is_success
        assert len((await staff.get(at)).json()) == 1, "unsaid, they stand"
        assert (await guest.delete(f"{path}/needs")).status_code == 204
        assert (await staff.get(at)).json() == []
        assert (await guest.put(f"{path}/answer", json=told)).is_success
        assert (await staff.delete(f"/v1/guests/{one['id']}/needs")).is_success
        assert (await staff.get(at)).json() == []
        assert (await guest.put(f"{path}/answer", json=told | {"name": "Siti R."})).is_success
        assert (await guest.put(f"{path}/answer", json={"reply": "no"})).is_success
        assert (await staff.get(at)).json() == [], "who stays away needs nothing"
        assert (await guest.put(f"{path}/answer", json=told)).is_success
        assert (await staff.delete(f"/v1/guests/{one['id']}/names")).is_success
        assert (await staff.get(at)).json() == []
        read = await staff.get(f"/v1/guests/{one['id']}")
        assert read.json()["status"] == "accepted"
        assert "Siti" not in read.text
    async for row in service.platform.mongo.collection("outbox").find():
        assert b"Siti" not in row["body"]


async def test_the_page_behind_the_link_is_answered_with_a_browser(service: Running) -> None:
    forum, session = await published_forum(service, capacity=5, kinds=INVITED)
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    async with service.as_(Role.ORGANISER) as staff, service.anonymous() as guest:
        link = (await invited(staff, forum, session_id=str(session), companions=2))["path"]
        page = await guest.get(link, headers=browser)
        assert page.headers["content-type"].startswith("text/html")
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "no-store"
        assert "Diễn đàn các thành phố sáng tạo Đông Nam Á" in page.text
        assert "South-East Asia Creative Cities Forum" in page.text
        form = {"reply": "yes", "name": "<b>Ngô Bảo Châu Anh</b>", "companions": "Lê\r\n\r\nĐỗ",
                "diet": "Chay", "access": "", "consent": "on"}  # fmt: skip
        sent = await guest.post(link, data=form)
        assert sent.status_code == 303
        assert urljoin(link, sent.headers["location"]) == link
        shown = await guest.get(link, headers=browser)
        assert "Bạn đã nhận lời" in shown.text
        assert "&lt;b&gt;Ngô Bảo Châu Anh&lt;/b&gt;" in shown.text
        assert "Lê\nĐỗ" in shown.text
        assert "Chay" not in shown.text
        for bad in ({}, {"reply": "yes"}, form | {"consent": ""}, form | {"reply": "perhaps"}):
            refused = await guest.post(link, data=bad)
            assert (refused.status_code, "<p>" in refused.text) == (422, True)
        raw = await guest.post(link, content=b"\xff\xfe%%%=&&&")
        assert raw.status_code == 422
        gone = await guest.get(f"/v1/invitations/{'x' * 32}", headers=browser)
        assert (gone.status_code, "no longer valid" in gone.text) == (404, True)


async def test_what_a_guest_needs_is_forgotten_after_a_year_at_the_latest(service: Running) -> None:
    indexes = await service.platform.mongo.collection("guest_needs").index_information()
    [forgets] = [one for one in indexes.values() if "expireAfterSeconds" in one]
    assert (forgets["key"], forgets["expireAfterSeconds"]) == (
        [("consented_at", 1)],
        365 * 24 * 60 * 60,
    )
