"""Notices of what is wished of digests."""

from __future__ import annotations

from bot.views.notice_kinds import Texts
from bot.views.words import mark

DIGEST_NOTICES: Texts = {
    "digest_number_unknown": mark("This chat has no digest with this number. /digest shows them all."),
    "digest_language_unknown": mark(
        "The desk knows no language “{value}”, so nothing was changed. Its code is best: /digest 1 languages bn en"
    ),
    "digest_topic_invalid": mark(
        "“{tag}” cannot be a topic, so nothing was changed. A topic is a tag, as in /digest 1 topics health election"
    ),
    "digest_limit_too_many": mark(
        "A digest can be limited to {most} languages and {most} topics at most. Nothing was changed."
    ),
    "digest_intro_too_long": mark(
        "The intro has {have} characters, {most} are possible. It was not changed; please shorten it and send it again."
    ),
    "intro_waiting": mark(
        "The desk waits for the first words of a digest, in your own words; a forward is not taken. /cancel leaves it."
    ),
    "intro_left": mark("The desk no longer waits for the first words of a digest. They are as they were."),
    "digest_channel_unknown": mark(
        "The desk can post in no channel called “{name}”, or in two of them. /digest channel shows them as buttons."
    ),
    "digest_channel_public": mark("A channel is read by everybody, so its digest is for the public. It stays so."),
    "digest_channel_closed": mark(
        "The desk cannot post in “{title}”, so its digest stays paused. Please make it an administrator there first."
    ),
    "digest_channel_lost": mark(
        "The desk can no longer post in the channel “{title}”. Its digests are paused. Once it is an administrator "
        "there again, /digest channel lets them go on."
    ),
    "digest_changed": mark("The order has changed since this button was made, so nothing was done. /digest shows it."),
}
