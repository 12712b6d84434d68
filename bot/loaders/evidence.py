"""The file of a source, or of new evidence."""

from __future__ import annotations

from functools import partial

from bot.loaders.base import Delivery, Loader, Render
from bot.views import evidence
from storage.model import SourceId


async def _file(it: Delivery) -> Render:
    render = partial(evidence.file_shown, chat_id=it.row.chat_id, words=it.words)
    if "objection" in it.row.payload:
        objection = await it.ledger.objections.get(it.number("objection"))
        return partial(render, objection.file_kind, objection.file_id, objection.text)
    _, source = await it.ledger.reviews.get_source(SourceId(it.number("source")))
    return partial(render, source.file_kind, source.file_id, source.title)


EVIDENCE: dict[str, Loader] = {
    "file_shown": _file,
}
