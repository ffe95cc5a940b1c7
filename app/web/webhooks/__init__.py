"""What providers hand over to us, signed."""

from app.web.webhooks.sms import Sms

__all__ = ["Sms"]
