"""The national ranks that scoring drew, for the stage that sums up larger areas, which may run in another process.

They lie among what is being made, and are cleared away when the run ends. They are remembered by the content
of all that they depend on, so that a file which is missing, damaged or of something else only costs the time to draw
them again.
"""

import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline import store
from pipeline.index.recent import RECENT
from pipeline.stages.lock import HANDED_ON
from pipeline.stages.project import Folders


def hand_on_ranks(project: Folders, area: str) -> None:
    """Leave the ranks that were drawn last for the area's larger areas; nothing where none were."""
    last = RECENT.last
    if last is None:
        return
    content = io.BytesIO()
    np.savez(content, key=np.array(last.key), codes=np.array(last.codes, dtype="str"), ranks=last.ranks)
    store.write_bytes(_path(project, area), content.getvalue())


def take_ranks(project: Folders, area: str) -> None:
    """Remember the ranks that scoring the area left, once; nothing where it left none that can be read."""
    path = _path(project, area)
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            RECENT.keep(str(file["key"]), pd.Index(file["codes"], dtype="str"), file["ranks"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return
    finally:
        path.unlink(missing_ok=True)


def _path(project: Folders, area: str) -> Path:
    return project.staging / HANDED_ON / f"{area}-ranks.npz"
