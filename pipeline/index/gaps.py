"""Missing values: listed, refused or imputed, never ignored."""

import pandas as pd

from pipeline.catalogue.indices import Index
from pipeline.errors import ScoringError, first

Codes = dict[str, tuple[str, ...]]


def find_missing(index: Index, frame: pd.DataFrame) -> Codes:
    """The codes of the areas without a value, sorted, for each column of the index that lacks any."""
    gaps = {column: frame[column].isna().to_numpy() for column in index.columns}
    return {column: tuple(sorted(frame.index[gap])) for column, gap in gaps.items() if gap.any()}


def refuse_missing(index: Index, frame: pd.DataFrame, name: str) -> None:
    """Refuse a table with missing values; ``name`` is its name in the message.

    Raises:
        ScoringError: values are missing; the message lists each column, the number, and the first codes.
    """
    missing = find_missing(index, frame)
    if not missing:
        return
    faults = [f"  {column}: {len(codes):,} area(s): {first(codes)}" for column, codes in missing.items()]
    lines = [
        f'{index.id}: {name} lacks values, and the index says missing = "error":',
        *faults,
        '  Complete the source, or choose missing = "reweight" or "impute" in the index file.',
    ]
    raise ScoringError("\n".join(lines))


def impute(index: Index, reference: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """The columns of the index in ``areas``, gaps filled with the median of the area's class over ``reference``.

    Classes are the values of the column that ``index.impute_by`` names; inputs are not changed.

    Raises:
        ScoringError: there is no such column; or an area has no class, or one in which no area has a value.
    """
    by = str(index.impute_by)
    if by not in areas.columns or by not in reference.columns:
        raise ScoringError(f"{index.id}: impute_by names '{by}', which is not a column of the table.")
    filled = areas[list(index.columns)].copy()
    for column, codes in find_missing(index, areas).items():
        medians = reference[column].astype("float64").groupby(reference[by].astype("object")).median()
        values = areas.loc[list(codes), by].astype("object").map(medians.to_dict())
        without = values.index[values.isna()]
        if len(without):
            raise ScoringError(
                f"{index.id}: '{column}' cannot be imputed for {len(without):,} area(s), because no area of the same "
                f"'{by}' has a value: {first(without)}"
            )
        filled[column] = filled[column].astype("float64").fillna(values.astype("float64"))
    return filled
