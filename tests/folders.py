"""Where the project, its built browser code and a mirror of the official files are."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DECLARED = ROOT / "declared"
PAGE = ROOT / "page"
ASSETS = ROOT / "pipeline" / "atlas" / "assets"
MIRROR = Path(os.environ.get("MIRROR") or ROOT.parent / "shared" / "mirror")

needs_mirror = pytest.mark.skipif(
    not (MIRROR / "PROVENANCE.md").exists(), reason="no mirror of the official files: set MIRROR to its folder"
)
