"""The file by which the program is cited."""

import re

from pipeline import __version__
from tests.fixtures.folders import ROOT


def test_the_version_to_cite_is_this_one() -> None:
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^version: (.+)$", text, re.MULTILINE) == [__version__]
