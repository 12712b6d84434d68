"""Figures: what is counted when they are asked for."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from bot.loaders.base import Delivery, Loader, Render
from bot.views import figures_file, statistics
from jobs.statistics import figures_of
from storage.model import PersonId


async def _stats(it: Delivery) -> Render:
    start, end = _stretch(it)
    # As they were when somebody asked, however late the answer is sent.
    figures = await figures_of(it.ledger, start, end, it.row.created_at, it.deps.policy)
    return partial(statistics.stats_shown, figures, it.words)


async def _filed(it: Delivery) -> Render:
    start, end = _stretch(it)
    figures = await figures_of(it.ledger, start, end, it.row.created_at, it.deps.policy)
    return partial(figures_file.stats_filed, figures, it.words)


async def _why(it: Delivery) -> Render:
    return partial(statistics.why_shown, it.deps.policy, it.words)


async def _work(it: Delivery) -> Render:
    start, end = _stretch(it)
    person = await it.ledger.people.get(PersonId(it.number("of")))
    work = await it.ledger.milestones.count_work(person.id, start, end)
    return partial(statistics.work_shown, person.name, work, start, end, it.words)


def _stretch(it: Delivery) -> tuple[datetime, datetime]:
    start, end = (datetime.fromisoformat(str(it.row.payload[name])) for name in ("start", "end"))
    return start, end


FIGURES: dict[str, Loader] = {
    "stats_shown": _stats,
    "stats_filed": _filed,
    "stats_why": _why,
    "work_counted": _work,
}
