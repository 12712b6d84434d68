"""What editors are asked about channels."""

from __future__ import annotations

from collections.abc import Sequence

from bot.callbacks import Verb
from bot.views.message import Message, escape
from bot.views.parts import button, lines, one_line, paragraphs
from bot.views.words import Words
from storage.model import Chat

_TITLE_MOST = 100
_LABEL_MOST = 30


def channel_asked(chat: Chat, words: Words) -> Message:
    """Ask what the desk is to do in a channel it was added to."""
    return Message(
        words.text(
            "The desk was added to the channel “{title}”. Should verdicts be published there?",
            title=escape(one_line(chat.title, _TITLE_MOST)),
        ),
        (
            (
                button(words.text("Yes, publish there"), Verb.CHANNEL, chat.id, 1),
                button(words.text("No"), Verb.CHANNEL, chat.id, 0),
            ),
        ),
    )


def channels_shown(chats: Sequence[Chat], words: Words) -> Message:
    """List the channels, each with a switch."""
    if not chats:
        return Message(
            words.text(
                "The desk is not in any channel yet. Add it to one as an administrator, and it will ask whether to "
                "publish verdicts there."
            )
        )
    listed, rows = [], []
    for chat in chats:
        title = escape(one_line(chat.title, _TITLE_MOST))
        short = one_line(chat.title, _LABEL_MOST)
        if chat.publishes:
            listed.append(words.text("• {title}: verdicts are published", title=title))
            rows.append((button(words.text("Stop: {title}", title=short), Verb.CHANNEL, chat.id, 0),))
        else:
            listed.append(words.text("• {title}: nothing is published", title=title))
            rows.append((button(words.text("Publish: {title}", title=short), Verb.CHANNEL, chat.id, 1),))
    return Message(paragraphs(words.text("<b>Channels</b>"), lines(*listed)), tuple(rows))
