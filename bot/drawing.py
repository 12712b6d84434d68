"""Draws a chart as a PNG, with matplotlib's objects and without its global state (pyplot).

It is imported when the first chart is drawn: it costs memory, and a desk without charts shall not pay for it.
matplotlib shapes Bengali from 3.11 on, if there is a font with its letters. Light paper with dark ink: a picture has
one look, and this one can be read in Telegram's light and dark themes.
"""

from __future__ import annotations

import gc
import io
from collections.abc import Sequence
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING

import structlog

from bot.views.charts import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

_log = structlog.get_logger(__name__)

WIDTH, DPI = 1080, 180
"""Telegram shows photos up to 1280 pixels wide as they are; at 180 dots an inch letters can be read on a phone."""

_PAPER, _INK, _FAINT, _BARS, _LINE = "#faf9f6", "#22262b", "#d9d7d0", "#2f6db3", "#b3470f"

FONTS = ("Noto Sans Bengali", "Noto Sans Bengali UI", "Noto Serif Bengali", "Lohit Bengali", "DejaVu Sans")
"""Tried in this order for each letter; the last one comes with matplotlib."""

_LABELS = 6
"""Days written under the bars, at most."""

_VALUES = 10
"""Up to so many bars have their number on them."""


@lru_cache(maxsize=8)
def draw(picture: Picture) -> bytes | None:
    """Return a picture as PNG; None if no font has its letters, which is said once in the log."""
    fonts = fonts_for(picture.written)
    if fonts is None:
        _without_font()
        return None
    content = _drawn(picture, fonts)
    # Every letter holds the pixels of its picture in a circle: ten pictures would keep some 80 MB for a while.
    gc.collect()
    return content


def _drawn(picture: Picture, fonts: Sequence[str]) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - see the module's docstring
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.layout_engine import ConstrainedLayoutEngine  # noqa: PLC0415

    pen = _Pen(picture, fonts)
    rows = [2.2, 1.7, 0.5 + 0.34 * max(1, len(picture.ratings)), 0.5 + 0.34 * len(picture.ages)]
    layout = ConstrainedLayoutEngine(h_pad=0.1, w_pad=0.1)
    figure = Figure(figsize=(WIDTH / DPI, 1.6 + sum(rows)), dpi=DPI, facecolor=_PAPER, layout=layout)
    figure.suptitle(picture.title, x=0.03, ha="left", color=_INK, fontproperties=pen.font(14, bold=True))
    axes = figure.subplots(4, 1, height_ratios=rows)
    pen.decided(axes[0])
    pen.backlog(axes[1])
    pen.bars(axes[2], picture.ratings_title, picture.ratings)
    pen.bars(axes[3], picture.ages_title, picture.ages)
    out = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(out, format="png")
    return out.getvalue()


@lru_cache(maxsize=64)
def fonts_for(text: str) -> tuple[str, ...] | None:
    """Return the fonts that have all letters of a text, alone or together; None if a letter is missing."""
    from matplotlib.font_manager import fontManager, get_font  # noqa: PLC0415 - see the module's docstring

    files = {entry.name: entry.fname for entry in reversed(fontManager.ttflist) if entry.name in FONTS}
    names = [name for name in FONTS if name in files]
    letters = {char for char in text if char.isprintable()}
    missing = {
        name: {char for char in letters if not get_font(files[name]).get_char_index(ord(char))} for name in names
    }
    # One that has them all draws them all, rather than letters of one font with digits of another.
    alone = next((name for name in reversed(names) if not missing[name]), None)
    if alone is not None:
        return (alone,)
    return None if set.intersection(letters, *missing.values()) else tuple(names)


@lru_cache(maxsize=1)
def _without_font() -> None:
    _log.warning("chart_without_font", fonts=FONTS)


class _Pen:
    """Draws the parts of one picture."""

    def __init__(self, picture: Picture, fonts: Sequence[str]) -> None:
        self._picture, self._fonts = picture, list(fonts)
        self._places = range(len(picture.days))

    def font(self, size: float, *, bold: bool = False) -> FontProperties:
        from matplotlib.font_manager import FontProperties  # noqa: PLC0415 - see the module's docstring

        return FontProperties(family=self._fonts, size=size, weight="bold" if bold else "normal")

    def decided(self, axes: Axes) -> None:
        values = [decided for _, decided, _ in self._picture.days]
        axes.bar(self._places, values, color=_BARS, width=0.75)
        self._upright(axes, self._picture.decided_title, values)
        if len(values) <= _VALUES:
            for place, value in enumerate(values):
                if value:
                    self._write(axes, place, value, value, va="bottom", ha="center")

    def backlog(self, axes: Axes) -> None:
        values = [still for _, _, still in self._picture.days]
        size = 5 if len(values) <= _VALUES else 0
        axes.plot(self._places, values, color=_LINE, linewidth=2.5, marker="o", markersize=size, clip_on=False)
        axes.fill_between(self._places, values, color=_LINE, alpha=0.15, linewidth=0)
        self._upright(axes, self._picture.backlog_title, values)
        self._write(axes, self._places[-1], values[-1], values[-1], va="bottom", ha="center")

    def bars(self, axes: Axes, title: str, named: Sequence[tuple[str, int]]) -> None:
        """Lying bars with their names before and their numbers behind them."""
        self._bare(axes, title)
        axes.spines["bottom"].set_visible(False)
        axes.set_xticks([])
        axes.barh(range(len(named)), [n for _, n in named], color=_BARS, height=0.7)
        axes.set_xlim(0, 1.12 * max((n for _, n in named), default=0) or 1)
        axes.set_ylim(max(1, len(named)) - 0.5, -0.5)
        axes.set_yticks(range(len(named)), [name for name, _ in named])
        self._ticks(axes.get_yticklabels(), 12)
        for place, (_, n) in enumerate(named):
            self._write(axes, n, place, n, va="center", ha="left", shift=(5, 0))

    def _upright(self, axes: Axes, title: str, values: Sequence[int]) -> None:
        from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415 - see the module's docstring

        self._bare(axes, title)
        axes.set_xlim(-0.6, len(values) - 0.4)
        axes.set_ylim(0, 1.2 * max(values) or 1)
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: self._picture.number(int(value))))
        axes.grid(axis="y", color=_FAINT, linewidth=0.8)
        axes.set_axisbelow(True)
        # Counted from the newest bar, which is always named.
        step = ceil(len(values) / _LABELS)
        named = list(self._places)[::-step][::-1]
        axes.set_xticks(named, [self._picture.days[place][0] for place in named])
        axes.tick_params(axis="x", pad=8)
        self._ticks(axes.get_xticklabels(), 11)
        self._ticks(axes.get_yticklabels(), 11)

    def _bare(self, axes: Axes, title: str) -> None:
        axes.set_facecolor(_PAPER)
        axes.set_title(title, loc="left", color=_INK, parse_math=False, fontproperties=self.font(13, bold=True))
        axes.tick_params(length=0, colors=_INK)
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(_FAINT)

    def _ticks(self, labels: Sequence[object], size: float) -> None:
        for label in labels:
            label.set(fontproperties=self.font(size), color=_INK, parse_math=False)  # type: ignore[attr-defined]

    def _write(
        self, axes: Axes, x: float, y: float, n: int, *, va: str, ha: str, shift: tuple[float, float] = (0, 4)
    ) -> None:
        axes.annotate(
            self._picture.number(n),
            (x, y),
            shift,
            textcoords="offset points",
            va=va,
            ha=ha,
            color=_INK,
            fontproperties=self.font(12),
        )
