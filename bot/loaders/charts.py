"""Charts: drawn when they are sent, from numbers that were counted when they were asked for."""

from __future__ import annotations

from functools import partial

from bot.drawing import draw
from bot.loaders.base import Delivery, Loader, Render
from bot.views import charts
from bot.views.message import Upload
from bot.views.words import words_for


async def _shown(it: Delivery) -> Render:
    chart = it.row.payload["chart"]
    words = words_for(it.words.language, chart["zone"])
    picture = charts.picture(chart, words)
    upload = Upload("photo", "chart.png", "image/png", partial(draw, picture), charts.told(chart, words))
    return lambda: upload


CHARTS: dict[str, Loader] = {"chart_shown": _shown}
