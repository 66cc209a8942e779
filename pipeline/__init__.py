"""Digital-exclusion risk for small areas: from official files to a map in one file.

The public interface, stable between versions:

- :class:`Project`: a project folder; build areas, read their tables, ask what is stale.
- :func:`score`: components, score, rank and decile by an index.
- :func:`read_index`: an index as declared in a file.
- :class:`PipelineError`: what an analyst can act on; every error raised on purpose is one.

Importing this costs nothing: what needs pandas is imported when it is first used.

Three areas by a declared index, the first of which is the most deprived in every domain:

>>> from pathlib import Path
>>> import pandas as pd
>>> from pipeline import read_index, score
>>> imd = read_index(Path("declared/indices/imd2025.toml"))
>>> codes = ["E01000001", "E01000002", "E01000003"]
>>> nation = pd.DataFrame({column: [1, 2, 3] for column in imd.columns}, index=codes)
>>> score(imd, nation).rank.to_dict()
{'E01000001': 1, 'E01000002': 2, 'E01000003': 3}
"""

from typing import TYPE_CHECKING

from pipeline._version import __version__

if TYPE_CHECKING:
    from pipeline.catalogue import read_index
    from pipeline.errors import PipelineError
    from pipeline.index import score
    from pipeline.stages.api import Project

__all__ = ["PipelineError", "Project", "__version__", "read_index", "score"]

_HOMES = {
    "PipelineError": "pipeline.errors",
    "Project": "pipeline.stages.api",
    "read_index": "pipeline.catalogue",
    "score": "pipeline.index",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
