"""What providers hand over to us, signed."""

from app.web.webhooks.email import Email
from app.web.webhooks.sms import Sms
from app.web.webhooks.status import SmsStatus

__all__ = ["Email", "Sms", "SmsStatus"]
