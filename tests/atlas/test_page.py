"""The page as it is written."""

import os
import re
import subprocess
import sys

from tests.fixtures.folders import ASSETS
from tests.fixtures.pages import carried
from tests.fixtures.projects import Demo


def test_the_page_carries_the_policy_and_the_sources(demo: Demo) -> None:
    html = demo[0].page("demo").read_text(encoding="utf-8")
    assert "connect-src &#x27;none&#x27;" in html or "connect-src 'none'" in html
    data = carried(demo[0].page("demo"))
    assert {"title", "licence", "attribution", "release", "publisher"} <= set(data["sources"][0])
    assert data["reference"] == "england"


DRAW = """
import sys
from pathlib import Path
from pipeline import Project
from pipeline.atlas import draw
from pipeline.stages.map import page_inputs
from pipeline.stages.stage import Scope
project = Project(Path(sys.argv[1]))
sys.stdout.buffer.write(draw(page_inputs(project.snapshot(), Scope("demo", area="demo")), Path(sys.argv[2])).encode())
"""


def test_the_same_inputs_give_the_same_bytes_whatever_the_hash_seed(demo: Demo) -> None:
    pages = {
        subprocess.run(
            [sys.executable, "-c", DRAW, str(demo[0].root), str(ASSETS)],
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Pacific/Auckland"))
    }
    assert len(pages) == 1
    assert len(pages.pop()) > 100_000


def test_no_name_in_the_page_is_drawn_by_lot(demo: Demo) -> None:
    html = demo[0].page("demo").read_text(encoding="utf-8")
    markup = re.sub(r'id="atlas-data">.*?</script>', "", html, flags=re.DOTALL)
    assert re.findall(r"[0-9a-f]{32}", markup) == []
    assert 'id="map_atlas"' in html
