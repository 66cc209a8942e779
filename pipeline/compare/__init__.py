"""Two runs of an area compared: what changed, why, whether beyond uncertainty, and where something was done."""

from pipeline.compare.crossing import Compared, compare_sides
from pipeline.compare.matching import CALIPER, CONTROLS, LEAST_ACTED, Effect, Matched, match, measure_effect
from pipeline.compare.moves import RATE, Moves, find_moves
from pipeline.compare.parts import Parts, split_change
from pipeline.compare.sides import Side, as_position, refuse_incomparable

__all__ = [
    "CALIPER",
    "CONTROLS",
    "LEAST_ACTED",
    "RATE",
    "Compared",
    "Effect",
    "Matched",
    "Moves",
    "Parts",
    "Side",
    "as_position",
    "compare_sides",
    "find_moves",
    "match",
    "measure_effect",
    "refuse_incomparable",
    "split_change",
]
