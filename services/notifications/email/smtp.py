"""Sends e-mail by handing it to a mail server (RFC 5321)."""

from email.utils import parseaddr

import aiosmtplib

from services.notifications.email.mime import compose
from services.notifications.messages import rules
from services.notifications.messages.rules import Message
from services.notifications.settings import Settings
from shared.clock import Clock


class MailSender:
    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    async def send(self, message: Message) -> Message:
        """Send the message. Returns it with its outcome."""
        settings = self._settings
        password = settings.smtp_password
        try:
            await aiosmtplib.send(
                compose(message, settings.mail_from),
                sender=parseaddr(settings.mail_from)[1],
                recipients=[message.to],  # whatever the headers look like
                hostname=settings.smtp_host,
                port=settings.smtp_port,
                start_tls=settings.smtp_starttls,
                username=settings.smtp_username,
                password=password.get_secret_value() if password else None,
                timeout=settings.mail_timeout,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            worst = max(refused.code for refused in error.recipients)
            return self._refused(message, worst)
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as error:
            return self._refused(message, error.code)
        except aiosmtplib.SMTPResponseException as error:
            # The server refused us (greeting, password), not this message, even if the code is 5xx.
            return self._postponed(message, f"SMTP {error.code}")
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return self._postponed(message, type(error).__name__)
        return rules.sent(message, self._clock())

    def _refused(self, message: Message, code: int) -> Message:
        """5xx is permanent, 4xx is temporary (RFC 5321, 4.2.1)."""
        reason = f"SMTP {code}"
        if code >= 500:
            return rules.failed(message, reason, self._clock())
        return self._postponed(message, reason)

    def _postponed(self, message: Message, reason: str) -> Message:
        return rules.postponed(message, reason, self._clock(), self._settings.send_again_after)
