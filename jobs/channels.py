"""Which channels get the verdicts."""

from __future__ import annotations

from datetime import datetime

from jobs.access import require
from jobs.notify import tell
from storage.ledger import Ledger
from storage.model import ChatId, Person, Role


async def set_channel(ledger: Ledger, editor: Person, chat_id: ChatId, *, publishes: bool, now: datetime) -> None:
    """Let a channel get every verdict published from now on, or no longer."""
    require(editor, Role.EDITOR)
    chat = await ledger.chats.get(chat_id)
    if chat.publishes == publishes:
        return
    await ledger.chats.mark(chat_id, publishes=publishes)
    await ledger.audit.append("chat.publishes", "chat", chat_id, now, actor=editor.id, data={"on": publishes})
    code = "channel_on" if publishes else "channel_off"
    await tell(ledger, editor, "notice", now, code=code, title=chat.title)
