"""The two kinds of exclusion: what each score is made of, and how often one stands out."""

from pipeline.reports.elements import Markup, paragraph, section, table
from pipeline.reports.sections import Titles, percent
from pipeline.store.records import KindsRecord


def kinds_section(kinds: KindsRecord, areas: int, nation: str, titles: Titles) -> Markup:
    """How the kinds were told apart.

    Args:
        areas: the number of areas of the map. ``nation``: what the scores are percentiles of.
        titles: those of the indicators' columns.
    """
    weights = [
        (
            titles.column(indicator.column),
            kind.title,
            indicator.why,
            percent(indicator.weight / sum(one.weight for one in kind.indicators)),
        )
        for kind in kinds.kinds
        for indicator in kind.indicators
    ]
    counts = [(title, f"{count:,}") for title, count in kinds.counts.items()]
    unsaid = areas - sum(kinds.counts.values())
    parts = [
        paragraph(
            "People are shut out for different reasons and need different help, so every neighbourhood has two scores "
            f"besides its risk. Each is the weighted mean of percentiles below, ranked over {nation}: 0 to 100, the "
            "share of neighbourhoods that score as high or lower. They do not depend on the index or its weights."
        ),
        table("What the scores are made of", ("Indicator", "Kind", "Why", "Weight"), weights, 3),
        paragraph(f"A kind stands out above {kinds.stands_out_above:g}. {kinds.why}"),
        table("Neighbourhoods by what stands out", ("Kind", "Neighbourhoods"), counts),
    ]
    if unsaid:
        lacking = ", ".join(titles.column(column) for column in kinds.not_scored)
        parts.append(
            paragraph(f"Of {unsaid:,} no kind is said, as they lack a value: {lacking or 'of any indicator'}.")
        )
    return section("kinds", "What kind of exclusion", parts)
