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
    smtp_starttls: bool | None = None  # None: if the server offers it
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
    sms_bind_timeout: Seconds = 5  # a gateway that closes instead of answering costs this time

    # Sending
    senders: Annotated[int, Field(ge=1)] = 8  # messages that are sent at the same time
    claim: Seconds = 120  # after this, a message of a dead process is sent by another
    sender_poll: Seconds = 1  # seconds between two looks for messages that are due
    # Pauses between the tries to send a message; after the last one it has failed. Sum: 21 hours.
    send_again_after: tuple[Seconds, ...] = (5, 30, 120, 600, 1_800, 7_200, 21_600, 43_200)
