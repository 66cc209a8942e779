"""What is asked for on the command line and cannot be met is refused, not left out."""

import pytest

from pipeline.errors import PipelineError
from pipeline.stages.requests import OutcomeWanted, SitesWanted, refuse_without_file


def test_how_to_read_a_file_that_is_not_named_is_refused() -> None:
    keys = ("columns", "sheet", "layer")
    refuse_without_file(SitesWanted(), keys, "--candidates")
    with pytest.raises(PipelineError, match=r"--columns, --layer: .*none is named. Give --candidates too"):
        refuse_without_file(SitesWanted(columns={"x": "Lon"}, layer="halls"), keys, "--candidates")
    with pytest.raises(PipelineError, match=r"--code-column: .*Give --outcome too"):
        refuse_without_file(OutcomeWanted(code_column="LSOA"), ("column", "code_column"), "--outcome")
