"""The Folium page of an area: one HTML file that opens anywhere and needs no network."""

from pathlib import Path

from pipeline.atlas.contents import Shown, as_shown, build_contents
from pipeline.atlas.inputs import Changes, PageInputs, ProgrammeTables, ProposedSites, Summary, SupportTables

__all__ = [
    "Changes",
    "PageInputs",
    "ProgrammeTables",
    "ProposedSites",
    "Shown",
    "Summary",
    "SupportTables",
    "as_shown",
    "build_contents",
    "draw",
]


def draw(inputs: PageInputs, assets: Path) -> str:
    """The page of an area as HTML; the same inputs and assets always give the same text.

    ``assets`` is the folder with the built browser code.

    Raises:
        PipelineError: the browser code was not built, or the page would load something from the network.
        DeclarationError: a layer cannot be drawn from this table.
    """
    from pipeline.atlas.html import render
    from pipeline.atlas.still import build_still

    if inputs.outline is None:
        raise ValueError("A page is drawn of an outline, and there is none.")
    data = build_contents(inputs)
    still = build_still(inputs, data)
    return render(data, still, inputs.outline.packed.extent, inputs.look.street_map, assets)
