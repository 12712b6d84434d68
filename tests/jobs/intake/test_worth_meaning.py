"""What the meaning says of check-worthiness, on top of the surface."""

from collections.abc import AsyncIterator

import numpy as np
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from jobs.embedding import DIMENSIONS, Encoder
from jobs.intake.worth import score
from jobs.intake.worth_meaning import by_meaning


@pytest_asyncio.fixture
async def encoder() -> AsyncIterator[Encoder]:
    made = Encoder()
    yield made
    made.close()


async def test_a_count_is_worth_more_than_a_greeting_in_languages_without_a_word_list(encoder: Encoder) -> None:
    texts = (
        "Serikali ilitumia shilingi bilioni arobaini kujenga barabara mwaka jana.",
        "Habari za asubuhi rafiki yangu, nakutakia siku njema.",
    )
    more, less = await encoder.encode(texts)
    assert by_meaning(more, score(texts[0], "sw").value) > by_meaning(less, score(texts[1], "sw").value)
    assert by_meaning(more, None) > by_meaning(less, None)


@given(arrays.arrays("float32", DIMENSIONS, elements=st.floats(-1, 1, width=32)), st.none() | st.floats(0, 1))
def test_it_is_within_nought_and_one(vector: object, surface: float | None) -> None:
    assert 0 <= by_meaning(vector, surface) <= 1  # type: ignore[arg-type]


@given(arrays.arrays("float32", DIMENSIONS, elements=st.floats(-0.5, 0.5, width=32)), st.floats(0, 1), st.floats(0, 1))
def test_a_better_surface_never_lowers_it(vector: object, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert by_meaning(vector, low) <= by_meaning(vector, high)  # type: ignore[arg-type]


@pytest.mark.parametrize("length", [0, DIMENSIONS - 1, DIMENSIONS + 1])
def test_a_vector_of_another_model_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="zip"):
        by_meaning(np.ones(length, np.float32), 0.5)


@given(arrays.arrays("float32", DIMENSIONS, elements=st.floats(-0.5, 0.5, width=32)), st.floats(0.001, 0.999))
def test_both_together_lie_between_the_two(vector: object, surface: float) -> None:
    meaning = by_meaning(vector, None)  # type: ignore[arg-type]
    both = by_meaning(vector, surface)  # type: ignore[arg-type]
    # By meaning alone nothing is cut off at 0.001, and values are rounded.
    assert min(meaning, surface) - 0.0015 <= both <= max(meaning, surface) + 0.0015
