"""The plain way is a fair rival: the files are read right, and its ranks are those of the pipeline's percentiles."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.plain import LOW_IS_RISK, WEIGHTS, add_ranks, score, without_year
from pipeline.index.normalise import percentile


@pytest.mark.parametrize(
    ("column", "plain"),
    [
        ("WD24NM", "WDNM"),
        ("SICBL26CDH", "SICBLCDH"),
        ("LAD24CD", "LADCD"),
        ("LSOA21CD", "LSOA21CD"),
        ("RUC21NM", "RUCNM"),
    ],
)
def test_columns_of_lookups_are_named_without_their_year(column: str, plain: str) -> None:
    assert without_year(column) == plain


def test_percentages_are_those_of_the_pipeline_and_the_score_is_their_weighted_mean() -> None:
    values = pd.DataFrame(np.random.default_rng(1).random((40, len(WEIGHTS))), columns=list(WEIGHTS))
    frame = add_ranks(values.copy())
    for column in WEIGHTS:
        given = values[column].to_numpy()
        expected = percentile(given, given, -1 if column in LOW_IS_RISK else 1, 100.0)
        assert frame[f"{column}_percent"].to_numpy() == pytest.approx(expected)
    assert frame["share_75_plus_decile"].value_counts().tolist() == [4] * 10
    weights = np.array(list(WEIGHTS.values()))
    shares = frame[[f"{column}_percent" for column in WEIGHTS]].to_numpy() @ weights / weights.sum()
    assert frame.apply(score, axis=1).to_numpy() == pytest.approx(shares)
