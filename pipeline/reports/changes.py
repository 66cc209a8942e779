"""The page on what changed between two runs, or two releases: one file, no script, no use of the network."""

from collections.abc import Sequence

import pandas as pd

from pipeline.reports.charts import Shift, shift_chart
from pipeline.reports.elements import Markup, Part, bullets, figure, paragraph, section, table
from pipeline.reports.page import compose_page
from pipeline.reports.sections import percent
from pipeline.reports.words import word
from pipeline.store.changes import ChangesRecord, Crossing, SideCompared, TenthCompared
from pipeline.store.provenance import describe_difference
from pipeline.tables import say_people

MOST_DRAWN, MOST_LISTED = 25, 25
BEYOND, WITHIN = "moved", "within uncertainty"


def compose_changes_page(frame: pd.DataFrame, record: ChangesRecord) -> str:
    """The page of a comparison.

    Args:
        frame: the table ``changes``. ``record``: its record.
    """
    lead = (
        paragraph(f"Compared: {_side(record.old)} with {_side(record.new)}.", "note"),
        *(paragraph(sentence, "lead") for sentence in record.sentences[:1]),
        *([bullets(record.sentences[1:])] if len(record.sentences) > 1 else []),
    )
    title = f"{'Fictional data: ' if record.fictional else ''}What changed in {record.title}?"
    whose = "The fictional country’s" if record.fictional else "England’s"
    parts = [
        *([] if record.england is None else [_tenth(record.england, record, "england", f"{whose} worst tenth")]),
        *([] if record.is_nation else [_tenth(record.of_area, record, "area", f"The worst tenth of {record.title}")]),
        _moved(frame, record),
        _why(record),
        *([_people(record)] if record.people else []),
        *([_actions(record)] if record.actions else []),
        _limits(record),
    ]
    footer = f"Built {record.built}. Every neighbourhood is in changes.csv."
    return compose_page(title, Markup("\n".join(part.text for part in lead)), parts, footer, fictional=record.fictional)


def _side(side: SideCompared) -> str:
    version = f", program {side.program}" if side.program else ""
    return f"{side.title} (index “{side.index_title}”{version}, {side.lsoas:,} neighbourhoods)"


def _tenth(tenth: TenthCompared, record: ChangesRecord, name: str, title: str) -> Markup:
    """Who entered and left, how sure that is, and why."""
    crossed = tenth.entered + tenth.left
    if not crossed:
        said = f"The same {tenth.stayed:,} neighbourhoods of this area are in it in both: none entered, none left."
        return section(f"tenth-{name}", title, [paragraph(said)])
    said = (
        f"{tenth.entered:,} entered and {tenth.left:,} left; {tenth.stayed:,} are in it in both. Of those that "
        f"crossed, {tenth.entered_beyond + tenth.left_beyond:,} moved beyond their uncertainty; for the others, "
        "errors and choices alone may have moved them across, so that this is no evidence of a change."
    )
    reasons = [
        (reason, f"{count:,}", f"{tenth.reasons_beyond.get(reason, 0):,}") for reason, count in tenth.reasons.items()
    ]
    parts = [paragraph(said)]
    if reasons:
        parts.append(table("What moved them most", ("Reason", "Crossed", "of these moved beyond uncertainty"), reasons))
    listed = tenth.areas[:MOST_LISTED]
    equivalent = table(
        "Neighbourhoods that crossed",
        ("Neighbourhood", "Change", "Reason", "How sure", *_ranks(record)),
        [_row(area) for area in listed],
        4,
    )
    drawn = [area for area in listed if area.rank_old is not None and area.rank_new is not None][:MOST_DRAWN]
    if drawn:
        bound = record.ranked_among / 10
        caption = (
            f"Rank among {record.ranked_among:,} neighbourhoods before (hollow) and after (solid); thick lines moved "
            "beyond their uncertainty"
        )
        chart = shift_chart(
            title,
            [Shift(a.name, float(a.rank_old or 0), float(a.rank_new or 0), a.moved) for a in drawn],
            bound,
            "Rank",
        )
        parts.append(figure(chart, caption, equivalent) if name == "england" else equivalent)
    else:
        parts.append(equivalent)
    if len(tenth.areas) > len(listed):
        parts.append(paragraph(f"{len(tenth.areas) - len(listed):,} more are in changes.csv.", "note"))
    return section(f"tenth-{name}", title, parts)


def _row(area: Crossing) -> Sequence[Part]:
    why = area.reason or "–"
    if area.reason == "Indicator values" and area.main_indicator:
        why = f"{area.reason}: {area.main_indicator}"
    return (
        f"{area.name} ({area.code})",
        area.change,
        why,
        BEYOND if area.moved else WITHIN,
        _rank(area.rank_old),
        _rank(area.rank_new),
    )


def _ranks(record: ChangesRecord) -> tuple[str, str]:
    """The headings of ranks, with what they are among."""
    return f"Rank of {record.ranked_among:,} before", "After"


def _rank(rank: float | None) -> str:
    return "–" if rank is None else f"{rank:,.0f}"


def _moved(frame: pd.DataFrame, record: ChangesRecord) -> Markup:
    """The test, and those that moved most."""
    test = record.test
    how_sure = (
        f"Each run was ranked {test.draws:,} times by plausible choices and errors. What both runs share moves "
        "nothing; what differs was drawn for each on its own. "
        if test.draws
        else ""
    )
    without = f" for {', '.join(test.without_error)}" if test.without_error else ""
    if test.usual is not None:
        how_sure += (
            "A move is compared with the usual movement of all neighbourhoods (1.4826 times their median absolute "
            f"deviation), as no error is published{without}: only those are named that moved more than is usual. "
        )
    elif without:
        how_sure += f"No error is published{without}, so that changes there count in full. "
    said = (
        f"{how_sure}A neighbourhood is said to have moved where that keeps the false discovery rate at "
        f"{percent(test.rate)} (Benjamini and Hochberg): of those named, at most one in {1 / test.rate:.0f} is "
        "expected to be chance. One whose values and index stayed has not moved: others moved past it."
    )
    counts = f"{test.towards_higher:,} moved towards higher risk and {test.towards_lower:,} towards lower risk."
    parts = [paragraph(counts), paragraph(said)]
    moved = frame[frame["moved"].astype(bool)]
    moved = moved.reindex(moved["place_change"].abs().sort_values(ascending=False, kind="stable").index)[:MOST_LISTED]
    if len(moved):
        rows = [
            (
                f"{row['lsoa21_name']} ({row['lsoa21_code']})",
                word(row["reason"]),
                _values(row["main_indicator"], row["main_indicator_old"], row["main_indicator_new"]),
                _rank(row["rank_old"]),
                _rank(row["rank_new"]),
            )
            for row in moved.to_dict("records")
        ]
        parts.append(
            table(
                f"Those that moved most ({len(moved):,})",
                ("Neighbourhood", "Reason", "Main indicator, before and after", *_ranks(record)),
                rows,
                3,
            )
        )
    return section("moved", "What moved beyond its uncertainty", parts)


def _values(indicator: object, old: object, new: object) -> str:
    return f"{indicator}: {old} to {new}" if isinstance(indicator, str) else "–"


def _why(record: ChangesRecord) -> Markup:
    """The parts of the change, and the indicators."""
    if not record.parts:
        return section("why", "Why", [paragraph("Nothing differs: values, weights, method and boundary are the same.")])
    way = "all combinations of what differs" if record.exact else "orders of exchange drawn at random"
    said = (
        "The change of every rank is split among what differs between the runs, so that the parts add up (Shapley "
        f"values over {way}). The figures are means over the area’s neighbourhoods, whichever way a part moved a rank."
    )
    parts = [
        paragraph(said),
        table(
            "What moved ranks, in places",
            ("What", "Mean places moved"),
            [(part.title, f"{part.mean_places:,.1f}") for part in record.parts],
        ),
    ]
    if record.indicators:
        parts.append(
            table(
                "Indicators with other values",
                ("Indicator", "Median before", "Median after", "Neighbourhoods with another value"),
                [(i.title, i.median_old, i.median_new, f"{i.changed:,}") for i in record.indicators],
            )
        )
    if record.redrawn:
        listed = ", ".join(f"{count:,} {name}" for name, count in record.redrawn.items())
        parts.append(paragraph(f"Earlier values are carried over from the outlines of 2011: {listed}."))
    return section("why", "Why: indicators, weights, method, boundary", parts)


def _people(record: ChangesRecord) -> Markup:
    people = record.people or ()
    rows = [
        (
            each.means[:1].upper() + each.means[1:],
            _range(each.old, each.old_low, each.old_high),
            _range(each.new, each.new_low, each.new_high),
            "differs" if each.beyond else "within uncertainty",
        )
        for each in people
    ]
    parts = [
        table(
            "People in this area, estimates with 95% intervals",
            ("People", "Before", "After", "How sure"),
            rows,
        )
    ]
    if record.people_at_risk_old is not None and record.people_at_risk_new is not None:
        old, new = say_people(record.people_at_risk_old), say_people(record.people_at_risk_new)
        parts.append(
            paragraph(
                f"People at risk, between the two measures: about {old} before and {new} after. Only where the "
                "intervals lie apart do the figures differ."
            )
        )
    return section("people", "People", parts)


def _range(value: float, low: float, high: float) -> str:
    return f"{say_people(value)} ({say_people(low)} to {say_people(high)})"


def _actions(record: ChangesRecord) -> Markup:
    rows = [
        (
            f"{action.title}{f' ({action.programme})' if action.programme else ''}",
            action.start,
            f"{action.people_reached:,}",
            f"{action.matched:,} of {action.areas:,}, beside {action.controls:,}",
            f"{action.said[:1].upper()}{action.said[1:]}",
        )
        for action in record.actions
    ]
    return section(
        "actions",
        "Where something was done",
        [
            table(
                "Neighbourhoods acted on beside similar ones",
                ("Action", "Began", "People reached", "Neighbourhoods compared", "What can be said"),
                rows,
                5,
            ),
            bullets(record.about_actions),
        ],
    )


def _limits(record: ChangesRecord) -> Markup:
    sources = [
        " ".join([f"{source.title} ({source.release}), {source.publisher}.", describe_difference(source) or ""]).strip()
        for source in record.sources
    ]
    return section("limits", "Limits and sources", [bullets(record.notes), paragraph("Made from:"), bullets(sources)])
