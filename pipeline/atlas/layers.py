"""Declared layers for a table: one for each column that a layer covers, with the name of the nation filled in."""

import re
from collections.abc import Sequence

import pandas as pd

from pipeline.catalogue import Index, Layer
from pipeline.catalogue.kinds import BOTH, NEITHER
from pipeline.errors import DeclarationError
from pipeline.tables import GROUPS, KIND_TITLES, Column


def expand(
    layers: Sequence[Layer],
    index: Index,
    nation: str,
    columns: Sequence[Column],
    frame: pd.DataFrame,
    kinds: Sequence[str] = tuple(KIND_TITLES.values()),
) -> list[Layer]:
    """``layers`` for this table, with the name of the nation and the titles of the ``kinds`` of exclusion filled in.

    A column ``<group>:*`` becomes one layer for each of ``columns`` in that group; layers of components say why from
    ``index``. Layers that may be empty, and are in ``frame``, are left out.
    """
    result = []
    categories = {
        "components": tuple(component.title for component in index.components),
        "kinds": (*kinds, BOTH, NEITHER),
    }
    for layer in (_named(layer, nation) for layer in layers):
        if layer.categories_from == "column":
            named = {column.name: column.categories for column in columns}
            layer = layer.model_copy(update={"categories": named.get(layer.column, ())})
        elif layer.categories_from is not None:
            layer = layer.model_copy(update={"categories": categories[layer.categories_from]})
        matching = _matching(layer, index, columns) if layer.column.endswith("*") else [layer]
        result += [one for one in matching if not (one.may_be_empty and _is_empty(frame, one.column))]
    return result


def _matching(layer: Layer, index: Index, columns: Sequence[Column]) -> list[Layer]:
    """One layer for each of ``columns`` that belongs to the group before ``:*``."""
    group = layer.column.removesuffix("*").removesuffix(":")
    if group not in GROUPS or not layer.column.endswith(":*"):
        raise DeclarationError(
            f"declared/layers.toml: layers.{layer.id}.column '{layer.column}': '<group>:*' means every column of "
            f"a group, such as 'components:*' or 'access:*'. Groups: {', '.join(GROUPS)}."
        )
    why = {f"component_{component.name}": component.why for component in index.components}
    named = [(c, why.get(c.name, c.meaning)) for c in columns if c.group == group]
    return [
        layer.model_copy(
            update={
                "id": column.name,
                "column": column.name,
                "title": _filled(layer.title, column.title, why),
                "sentence": _filled(layer.sentence, column.title, why).strip(),
                "unit": layer.unit or column.unit,
                "categories": column.categories if layer.categories_from == "column" else layer.categories,
            }
        )
        for column, why in named
    ]


def _filled(text: str, title: str, why: str) -> str:
    """``text`` with its placeholders filled in; braces in what is filled in mean nothing."""
    values = {"{title}": title, "{why}": why}
    return re.sub(r"\{(?:title|why)\}", lambda match: values[match.group()], text)


def _is_empty(frame: pd.DataFrame, column: str) -> bool:
    return column not in frame.columns or not frame[column].notna().any()


def _named(layer: Layer, nation: str) -> Layer:
    texts = {key: getattr(layer, key).replace("{nation}", nation) for key in ("title", "sentence", "unit")}
    return layer.model_copy(update=texts)
