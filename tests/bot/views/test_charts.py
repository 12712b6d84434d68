"""Pictures: of the right size, with every letter, and told in words under them."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import imread

from bot.drawing import WIDTH, draw, fonts_for
from bot.sandbox.html import parse_html
from bot.views.charts import MOST_RATINGS, picture, told
from bot.views.words import LANGUAGES, words_for
from tests.support.charts import a_chart

CAPTION_MOST = 1024
ROOT = Path(__file__).parents[3]


def width_of(text: str) -> float:
    """Return how wide a text is, in pixels, in the fonts of the charts."""
    figure = Figure(dpi=100)
    canvas = FigureCanvasAgg(figure)
    shown = figure.text(0, 0, text, fontfamily=list(fonts_for(text) or ()), fontsize=40)
    return float(shown.get_window_extent(canvas.get_renderer()).width)


def luminance(colours: np.ndarray) -> np.ndarray:
    """Return the relative luminance of WCAG 2.2."""
    parts = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    return parts[..., :3] @ np.array([0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"days": a_chart()["days"][:7], "decided": [0] * 7, "backlog": [0, 0, 1, 0, 0, 0, 3], "ratings": []},
        {
            "per_bar": 24,
            "ratings": [["$\\frac{", 3]] + [[f"own_rating_{n}_of_a_very_long_scale", 1] for n in range(40)],
        },
        {"decided": [10**7] * 31, "backlog": [10**9] * 31, "ages": [0, 0, 0, 0]},
    ],
)
def test_a_picture_is_wide_enough_opaque_and_has_contrast(language: str, changes: dict[str, object]) -> None:
    content = draw(picture(a_chart(**changes), words_for(language, "Asia/Dhaka")))
    assert content is not None
    image = imread(io.BytesIO(content))
    height, width, _ = image.shape
    assert width == WIDTH >= 1080
    assert WIDTH < height < 2.5 * WIDTH
    assert (image[..., 3] == 1).all()
    # Nothing is written over the edge, and the ink on the paper has the contrast that WCAG asks of AAA.
    paper = image[0, 0]
    assert all((side == paper).all() for side in (image[0], image[-1], image[:, 0], image[:, -1]))
    assert (luminance(paper) + 0.05) / (luminance(image).min() + 0.05) > 7


def test_bengali_letters_are_joined() -> None:
    """ক্ত is one sign, narrower than its two letters; ি stands before its letter and hides no hasanta."""
    assert width_of("ক্ত") < 0.75 * (width_of("ক") + width_of("ত"))
    assert width_of("ন্ধা") < 0.85 * (width_of("ন") + width_of("ধা"))
    assert width_of("প্র") < 1.2 * width_of("প")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_has_a_glyph_and_english_needs_one_font(language: str) -> None:
    fonts = fonts_for(picture(a_chart(), words_for(language)).written)
    assert fonts is not None
    if language == "en":
        assert fonts == ("DejaVu Sans",)
    else:
        assert any("Bengali" in font for font in fonts)


def test_a_desk_that_starts_does_not_wait_for_what_draws() -> None:
    code = "import sys, bot.main; sys.exit(any(name.startswith(('matplotlib', 'numpy')) for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0


def test_without_a_font_there_is_no_picture() -> None:
    # Letters of the New Tai Lue, which none of the fonts has.
    assert draw(picture(a_chart(ratings=[["ᦺᦑᦟᦹᧉ", 3]]), words_for("en"))) is None


@pytest.mark.parametrize("language", LANGUAGES)
@given(ratings=st.lists(st.tuples(st.text(min_size=1), st.integers(1, 10**6)), max_size=40))
def test_the_words_under_it_tell_the_same_and_fit(language: str, ratings: list[tuple[str, int]]) -> None:
    words = words_for(language, "Asia/Dhaka")
    chart = a_chart(ratings=ratings)
    shown = parse_html(told(chart, words)).text
    assert len(shown.encode("utf-16-le")) // 2 <= CAPTION_MOST
    for number in (sum(chart["decided"]), 1240, 970, 931):
        assert words.number(number) in shown
    drawn = picture(chart, words)
    assert sum(n for _, n in drawn.ratings) == sum(n for _, n in ratings)
    assert len(drawn.ratings) <= MOST_RATINGS + 1
