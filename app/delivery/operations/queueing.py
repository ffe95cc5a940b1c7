"""Messages to be sent."""

from datetime import datetime
from uuid import UUID

from app.acts import Act
from app.db import Insertion, Writer
from app.tables import Message, MessagePurpose, MessageStatus

INTO_MESSAGES = Insertion(Message)


def queue(
    writer: Writer,
    *,
    channel_id: UUID,
    purpose: MessagePurpose,
    subject: str | None,
    body: str,
    is_reply: bool = False,
    topic_id: UUID | None = None,
    due_at: datetime | None = None,
    act: Act,
) -> UUID:
    """Queues a message to the address of a channel, due at a time in UTC, else at once; its id.

    `is_reply`: the one answer that the person's own message may get, which the send gate does not hold.
    """
    id = act.new_id()
    writer.insert(
        INTO_MESSAGES,
        id=id,
        channel_id=channel_id,
        purpose=purpose,
        topic_id=topic_id,
        is_reply=is_reply,
        subject=subject,
        body=body,
        status=MessageStatus.QUEUED,
        reasons=[],
        created_at=act.at,
        due_at=due_at or act.at,
        leased_until=None,
        attempts=0,
        sent_at=None,
        provider_id=None,
    )
    return id
