"""National ranks that were drawn before are used again where everything that they depend on is the same."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from pipeline.catalogue import Index, Uncertainty
from pipeline.index import NationalWanted, draw_national_ranks, score
from pipeline.index.grouped import GroupDraws, draw_groups
from pipeline.index.recent import MOST_BYTES, RECENT, RecentRanks, key_of
from tests.fixtures.indices import make_random_table, make_three_components
from tests.fixtures.uncertainties import EVERYTHING, varying

INDEX, TABLE, VARIED = make_three_components(), make_random_table(40), varying(national_draws=50, **EVERYTHING)
KEY = key_of(INDEX, TABLE, VARIED, None)


def drawn_groups() -> GroupDraws:
    published = score(INDEX, TABLE).score.to_numpy()
    return draw_groups(INDEX, TABLE, published, csr_array(np.random.default_rng(5).dirichlet(np.ones(40), 3)), VARIED)


def test_groups_are_the_same_to_the_last_bit_whether_ranks_were_drawn_before_or_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipeline.index.grouped.RECENT", RecentRanks())
    afresh = drawn_groups()
    monkeypatch.setattr("pipeline.index.grouped.RECENT", RECENT)
    draw_national_ranks(INDEX, TABLE, NationalWanted(TABLE.index[::-1]), VARIED)
    monkeypatch.setattr("pipeline.index.grouped.draw_choices", None)
    again = drawn_groups()
    assert (again.score == afresh.score).all()
    assert (again.worst == afresh.worst).all()


def heavier(index: Index) -> Index:
    first, *others = index.components
    return index.model_copy(update={"components": (first.model_copy(update={"weight": 9}), *others)})


@pytest.mark.parametrize(
    ("index", "nation", "uncertainty"),
    [
        (heavier(INDEX), TABLE, VARIED),
        (INDEX, TABLE.assign(**{TABLE.columns[0]: TABLE.iloc[:, 0] + 1e-12}), VARIED),
        (INDEX, TABLE.set_axis([f"{code}x" for code in TABLE.index]), VARIED),
        (INDEX, TABLE.iloc[::-1], VARIED),
        (INDEX, TABLE, VARIED.model_copy(update={"seed": VARIED.seed + 1})),
    ],
    ids=["weights", "a value", "codes", "order", "seed"],
)
def test_another_index_nation_or_uncertainty_has_another_key(
    index: Index, nation: pd.DataFrame, uncertainty: Uncertainty
) -> None:
    assert key_of(index, nation, uncertainty, None) != KEY


def test_ranks_of_areas_that_were_not_asked_for_or_are_too_many_are_not_remembered() -> None:
    recent, codes = RecentRanks(), pd.Index(["E01000001", "E01000002"])
    recent.keep(KEY, codes[:1], np.ones((3, 1), dtype=np.uint16))
    assert recent.of(KEY, codes) is None
    assert recent.of("another", codes[:1]) is None
    recent.keep(KEY, codes, np.empty((MOST_BYTES, 2), dtype=np.uint8))
    assert recent.of(KEY, codes) is None
