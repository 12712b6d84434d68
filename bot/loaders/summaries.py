"""How people wish to be told, and their daily summaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from bot.loaders.base import Delivery, Loader, Render
from bot.views import wishes
from bot.views.message import Message
from jobs.summaries import waiting_for
from storage.errors import Refused
from storage.kinds import Manner, Subject


async def _wishes(it: Delivery) -> Render:
    chosen = await it.ledger.wishes.list_of(it.reader.id)
    return partial(wishes.wishes_shown, it.reader, chosen, it.words, it.deps.policy)


async def _quiet(it: Delivery) -> Render:
    return partial(wishes.quiet_set, it.reader, it.words)


SUMMARIES: dict[str, Loader] = {
    "wishes_shown": _wishes,
    "quiet_set": _quiet,
}


def summary(loaders: Mapping[str, Loader]) -> Loader:
    """Return the loader of summaries, which say each of their news as its own message would."""

    async def load(it: Delivery) -> Render:
        parts = []
        for each in await it.ledger.wishes.list_news(it.row.payload["news"]):
            loader = loaders.get(each.kind)
            try:
                if loader is not None:
                    parts.append(await loader(replace(it, row=replace(it.row, kind=each.kind, payload=each.payload))))
            except Refused:
                # What it was about is gone: nothing is left to be told.
                continue
        daily = {Subject(each): Manner.DAILY for each in it.row.payload["subjects"]}
        waiting = await waiting_for(
            it.ledger, it.reader, dict.fromkeys(Subject, Manner.AT_ONCE) | daily, it.now, it.deps.policy
        )

        def render() -> Message:
            made = [part() for part in parts]
            news = [message.html for message in made if isinstance(message, Message)]
            return wishes.summary_posted(news, waiting, it.now, it.words)

        return render

    return load
