"""With a gateway of other people's making: the SMPP server of the npm package `smpp`."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.notifications.messages.rules import Channel, Status
from services.notifications.messages.store import Messages
from services.notifications.settings import Settings
from services.notifications.sms import segments
from services.notifications.sms.smpp import SmsGateway
from shared.clock import now
from shared.testing.waiting import eventually
from tests.helping.node import NODE, fetched
from tests.notifications.linking import an_sms, linked
from tests.notifications.scene import a_message, a_person, a_session, a_ticket, playing
from tests.notifications.servers import MailServer, Smsc

PACKAGE = "smpp@0.6.0-rc.4"
SCRIPT = Path(__file__).with_name("foreign_smsc.js")
LONG = (
    "Triển lãm “Đường gốm”: những người giữ lửa ở Bát Tràng, Chu Đậu, Phù Lãng kể chuyện nghề 🏺 "
    "– mỗi chiếc bình, mỗi lớp men là một đời người; ộ ợ ứ ễ ẵ ỷ"
)


class Foreign:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.texts: list[dict[str, Any]] = []
        self.port = 0

    async def listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            said = json.loads(line)
            self.port = said.get("port", self.port)
            if "text" in said:
                self.texts.append(said)

    async def ready(self) -> bool:
        return self.port != 0


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the package is, fetched for this run."""
    found = fetched(tmp_path_factory.mktemp("npm"), PACKAGE)
    return found if isinstance(found, Path) else pytest.fail(found)


@pytest.fixture
async def foreign(package: Path) -> AsyncIterator[Foreign]:
    process = await asyncio.create_subprocess_exec(
        NODE, SCRIPT, package, stdout=asyncio.subprocess.PIPE
    )
    gateway = Foreign(process)
    listening = asyncio.create_task(gateway.listen())
    await eventually(gateway.ready, "the foreign gateway to listen")
    yield gateway
    process.terminate()
    await process.wait()
    await listening


async def test_a_long_vietnamese_text_arrives_exactly_and_its_receipts_are_known(
    foreign: Foreign, settings: Settings, mail: MailServer, smsc: Smsc
) -> None:
    settings = settings.model_copy(update={"smpp_port": foreign.port})
    session = a_session(LONG)
    people = [
        a_person(phone=True).model_copy(update={"phone": number})
        for number in ("+84912345678", "+84912345679")  # the two ways to name a message
    ]
    async with playing(settings, mail, smsc) as scene:
        await scene.know(session, *people)
        told = [await scene.tell(a_ticket(person, session)) for person in people]
        done = [await scene.becomes(e, Status.DELIVERED, channel=Channel.SMS) for e in told]
    place = "Nhà máy xe lửa Gia Lâm – xưởng Đỗ"
    whole = f"Vé của bạn: {LONG}, 09:30 ngày 23/11, {place}. Mã QR ở trong e-mail."
    assert {text["text"] for text in foreign.texts} == {whole}
    assert sorted(text["to"] for text in foreign.texts) == ["84912345678", "84912345679"]
    assert {text["from"] for text in foreign.texts} == {"HNSANGTAO"}
    for message, base in zip(done, (16, 10), strict=True):
        assert len(message["parts"]) == 4
        assert {part["state"] for part in message["parts"]} == {"DELIVRD"}
        assert all(int(part["id"], base) > 0x0ABC1234 for part in message["parts"])


async def test_the_whole_gsm_alphabet_means_the_same_to_others(
    foreign: Foreign, messages: Messages
) -> None:
    alphabet = "".join(sorted(set(segments._GSM) - {"\r"}))  # the template makes that one "\n"
    link = SmsGateway(Settings(smpp_port=foreign.port), messages, now)
    data = a_message().data | {"title": alphabet, "venue": "Gia Lam"}
    async with linked(link):
        sent = await link.send(an_sms(language="en", data=data))
    assert sent.status is Status.ACCEPTED
    (text,) = foreign.texts
    assert text["parts"] == 2
    assert alphabet in text["text"]
