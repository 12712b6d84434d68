"""What is shown of a source beside its line on a card."""

from __future__ import annotations

from functools import partial

from bot.loaders.base import Delivery, Loader, Render
from bot.views import evidence
from storage.model import SourceId


async def _file(it: Delivery) -> Render:
    _, source = await it.ledger.reviews.get_source(SourceId(it.number("source")))
    return partial(evidence.file_shown, source, it.row.chat_id, it.words)


EVIDENCE: dict[str, Loader] = {
    "file_shown": _file,
}
