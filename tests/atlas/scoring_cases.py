"""Cases on which the page's own scoring must agree with the engine, as data that a browser test can read.

``python -m tests.atlas.scoring_cases`` writes ``scoring-cases.json`` from the engine as it is.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.catalogue import Index
from pipeline.errors import ScoringError
from pipeline.index import deciles, rank_scores, score
from tests.index.builders import make_component, make_index, make_table

CASES = Path(__file__).with_name("scoring-cases.json")
FULL = 100.0
DIGITS = 11


def index_info(index: Index) -> dict[str, Any]:
    """The index as the page carries it, every default filled in."""
    return index.model_dump(exclude={"components", "absent", "fitted_to"}) | {
        "absent": [entry.model_dump() for entry in index.absent],
        "components": [
            component.model_dump(include={"name", "title", "weight", "why"})
            | {
                "column": f"component_{component.name}",
                "aggregation": component.aggregation or index.within_components,
                "indicators": [
                    indicator.model_dump() | {"normalisation": indicator.normalisation or index.normalisation}
                    for indicator in component.indicators
                ],
            }
            for component in index.components
        ],
    }


def reweighted(index: Index, weights: list[float]) -> Index:
    """The index with other weights for its components; those of weight 0 are left out.

    Weights that somebody chose are not fitted to anything.
    """
    components = [
        component.model_copy(update={"weight": weight})
        for component, weight in zip(index.components, weights, strict=True)
        if weight > 0
    ]
    return index.model_copy(update={"components": tuple(components), "fitted_to": None})


def page_table(index: Index, areas: pd.DataFrame, reference: pd.DataFrame) -> pd.DataFrame:
    """What a page of ``areas`` holds: its columns, and its scores compared with ``reference``."""
    factor = FULL / index.scale
    scores = score(index, reference, areas)
    return areas.assign(
        **{f"component_{name}": scores.components[name] * factor for name in scores.components},
        risk_score=scores.score * factor,
        risk_rank=scores.rank,
        risk_decile=scores.decile,
    )


def expected(
    index: Index, weights: list[float], areas: pd.DataFrame, reference: pd.DataFrame, ranked: pd.DataFrame
) -> dict[str, list[float | None]] | None:
    """What the engine gives for ``areas``, ranked among ``ranked``; None where it refuses."""
    try:
        changed = reweighted(index, weights)
        scores = score(changed, reference, areas)
    except ScoringError:
        return None
    rank = rank_scores(scores.score[ranked.index], index.ties)
    return {
        "score": listed(scores.score * (FULL / index.scale)),
        "rank": listed(rank.reindex(areas.index)),
        "decile": listed(deciles(rank).reindex(areas.index)),
    }


def listed(values: pd.Series) -> list[float | None]:
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    return [None if np.isnan(number) else float(number) for number in numbers]


def columns_of(table: pd.DataFrame) -> dict[str, list[float | str | None]]:
    """The table's columns, ``lsoa21_code`` first."""
    return {
        "lsoa21_code": list(table.index),
        **{
            str(name): listed(column)
            if pd.api.types.is_numeric_dtype(column)
            else [None if pd.isna(value) else str(value) for value in column]
            for name, column in table.items()
        },
    }


def page_case(
    name: str,
    index: Index,
    nation: pd.DataFrame,
    codes: list[str],
    selected: list[str],
    weights: list[list[float]],
    own: str = "england",
) -> dict[str, Any]:
    """A page of the areas ``codes`` of ``nation``, and what every comparison gives with each list of weights."""
    areas = nation.loc[codes]
    comparisons = {"england": nation, "area": areas, "selection": areas.loc[selected]}
    return {
        "name": name,
        "index": index_info(index),
        "nation": {"title": "the nation", "areas": len(nation)},
        "reference": own,
        "columns": columns_of(page_table(index, areas, comparisons[own])),
        "selection": [int(code in set(selected)) for code in codes],
        "runs": [
            {
                "weights": given,
                "reference": reference,
                "expected": expected(
                    index, given, areas, compared, areas.loc[selected] if reference == "selection" else areas
                ),
            }
            for given in weights
            for reference, compared in comparisons.items()
        ],
    }


def random_nation(random: np.random.Generator, count: int, gaps: float = 0.0) -> pd.DataFrame:
    """Areas with continuous, tied and shared-out values; rows in no order of codes."""
    codes = [f"E{number:08}" for number in random.permutation(count)]
    table = make_table(
        codes,
        {
            "one": random.normal(50, 20, count).round(2),
            "two": random.integers(0, 7, count).astype("float64"),
            "three": random.beta(2, 8, count).round(4),
            "four": random.integers(1, 4, count).astype("float64"),
        },
    )
    for column in ("one", "three"):
        table.loc[random.random(count) < gaps, column] = np.nan
    return table.assign(kind=random.choice(["town", "country"], count))


def methods() -> list[tuple[str, Index]]:
    """Indices that between them use every normalisation, aggregation, policy and rule for ties."""
    parts = (
        make_component("first", 3, ("one", 1, 1), ("two", -1, 2)),
        make_component("second", 2, ("three", 1, 1)),
        make_component("third", 0.5, ("four", -1, 1)),
    )
    sums = (
        make_component("first", 0.5, ("one", 1, 0.25), ("two", -1, 0.75)),
        make_component("second", 0.3, ("three", -1, 1)),
        make_component("third", 0.2, ("four", 1, 0.5), aggregation="geometric"),
    )
    return [
        ("percentile", make_index("percentile", *parts)),
        ("min-max, 0 to 10", make_index("min-max", *parts, scale=10, ties="average")),
        ("geometric", make_index("min-max", *parts, aggregation="geometric", within_components="geometric")),
        ("rank-exponential sums", make_index("rank-exponential", *sums, aggregation="weighted-sum", ties="code")),
        ("weighted sums within", make_index("percentile", *sums, within_components="weighted-sum")),
        ("z-score", make_index("z-score", *parts)),
        ("z-score sums", make_index("z-score", *parts, aggregation="weighted-sum", within_components="weighted-sum")),
        ("gaps reweighted", make_index("percentile", *parts, missing="reweight", aggregation="geometric")),
        ("gaps in z-scores", make_index("z-score", *parts, missing="reweight")),
        ("gaps imputed", make_index("min-max", *parts, missing="impute", impute_by="kind")),
    ]


def cases() -> list[dict[str, Any]]:
    """A page for each method; the same on every run."""
    random = np.random.default_rng(20261123)
    result = []
    for name, index in methods():
        nation = random_nation(random, 40, gaps=0 if index.missing == "error" else 0.15)
        codes = list(nation.index[:25])
        own = [component.weight for component in index.components]
        weights = [own, [0.25, 0, 0.75]]
        result.append(page_case(name, index, nation, codes, codes[3:17], weights))
    return result


def as_text() -> str:
    """The content of ``scoring-cases.json``; numbers to fewer digits than processors may differ in."""
    lines = ",\n".join(json.dumps(_rounded(case), ensure_ascii=False, separators=(",", ":")) for case in cases())
    return f"[\n{lines}\n]\n"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return int(value) if value.is_integer() else float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list) else value


if __name__ == "__main__":
    CASES.write_text(as_text(), encoding="utf-8")
