"""Settings of the notifications service, and its numbers."""

from typing import Annotated

from pydantic import Field, SecretStr

import shared.settings
from shared.settings import Seconds


class Settings(shared.settings.Settings):
    mongodb_database: str = "notifications"
    http_port: int = 8704

    # E-mail
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 8711
    smtp_starttls: bool | None = None  # None: where the server offers it
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    mail_from: str = "Hà Nội Sáng tạo <no-reply@creative-city.example>"
    mail_timeout: Seconds = 10

    # SMS
    smpp_host: str = "127.0.0.1"
    smpp_port: int = 8712
    smpp_system_id: str = "creative"
    smpp_password: SecretStr = SecretStr("creative")
    smpp_tls: bool = False
    sms_sender: Annotated[str, Field(max_length=11)] = "HNSANGTAO"  # a registered brand name
    sms_timeout: Seconds = 10
    sms_bind_timeout: Seconds = 5  # also what a gateway costs that hangs up instead of answering

    # Sending
    senders: Annotated[int, Field(ge=1)] = 8  # messages under way at once
    claim: Seconds = 120  # one that a dead process held is taken up again after this
    sender_poll: Seconds = 1  # between two looks for messages whose time has come
    # Pauses between tries to hand a message over; after the last it has failed. Together 21 hours.
    send_again_after: tuple[Seconds, ...] = (5, 30, 120, 600, 1_800, 7_200, 21_600, 43_200)
