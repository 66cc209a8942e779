"""Shared arcs as compact text for the page; the layout is in ``docs/contract.md``."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from pipeline.atlas.contract import AreaGeometry, FinerSections, GeometrySections, PackedGeometry
from pipeline.atlas.packing.encoding import Integers, compress, differences, encode_varints, lay, zigzag
from pipeline.atlas.packing.rings import Booleans
from pipeline.atlas.packing.topology import Topology

PIXELS = 1000
"""How large a page may show its areas at first, in pixels of the screen."""


def pack_geometry(topology: Topology) -> PackedGeometry:
    """The areas of ``topology`` as the page carries them."""
    return PackedGeometry.model_validate(_packed(topology, np.ones(len(topology.arc_x), dtype=np.bool_)))


def pack_boundaries(topology: Topology) -> AreaGeometry:
    """The same with the vertices in front without which a first picture would look otherwise at a glance.

    They are those of Douglas and Peucker, arc by arc, to about a pixel of a picture of all areas. The others follow:
    each by how far it is from the line to the next that is known, since borders mostly go on as they went.
    """
    first = _first_vertices(topology)
    content, sections = lay(_between(topology, first))
    return AreaGeometry(
        **_packed(topology, first), rest=compress(content), rest_sections=FinerSections.model_validate(sections)
    )


def _packed(topology: Topology, kept: Booleans) -> Mapping[str, Any]:
    """The fields of a ``PackedGeometry`` of some vertices."""
    before = np.concatenate([[0], np.cumsum(kept)])
    content, sections = lay(
        {
            "arc_lengths": encode_varints(np.diff(before[topology.arc_offsets])),
            "xs": encode_varints(zigzag(differences(topology.arc_x[kept]))),
            "ys": encode_varints(zigzag(differences(topology.arc_y[kept]))),
            "ring_lengths": encode_varints(np.diff(topology.ring_offsets)),
            "ring_arcs": encode_varints(_back_references(topology.ring_arcs)),
            "area_rings": encode_varints(np.diff(topology.area_ring_offsets)),
            "ring_is_hole": encode_varints(topology.ring_is_hole),
        }
    )
    return {
        "packed": compress(content),
        "origin": topology.grid.origin,
        "step": topology.grid.step,
        "arcs": topology.arcs,
        "rings": topology.rings,
        "sections": GeometrySections.model_validate(sections),
    }


def _first_vertices(topology: Topology) -> Booleans:
    """The vertices of the first picture: the ends of each arc, the furthest of all, and what makes a difference."""
    x, y, offsets = topology.arc_x, topology.arc_y, topology.arc_offsets
    kept = np.zeros(len(x), dtype=np.bool_)
    if not len(x):
        return kept
    kept[offsets[:-1]] = kept[offsets[1:] - 1] = True
    kept[[x.argmin(), x.argmax(), y.argmin(), y.argmax()]] = True
    tolerance = max(np.ptp(x), np.ptp(y)) / PIXELS
    number = np.arange(len(x))
    arcs = np.repeat(np.arange(topology.arcs), np.diff(offsets))
    lines = shapely.linestrings(np.column_stack([x, y, number]).astype(np.float64), indices=arcs)
    simple = shapely.simplify(lines, tolerance, preserve_topology=False)
    kept[shapely.get_coordinates(simple, include_z=True)[:, 2].astype(np.int64)] = True
    return kept


def _between(topology: Topology, first: Booleans) -> dict[str, bytes]:
    """The vertices that are not among the ``first``, from one of these to the next."""
    there = np.flatnonzero(first)
    within = ~np.isin(there[1:], topology.arc_offsets[:-1])
    rest = np.flatnonzero(~first)
    towards = there[np.searchsorted(there, rest)]
    steps = towards - rest + 1

    def beside(values: Integers) -> bytes:
        """How far each is from the first of the ``steps`` that would lead straight on, to the nearest whole number."""
        before = values[rest - 1]
        straight = before + (2 * (values[towards] - before) + steps) // (2 * steps)
        return encode_varints(zigzag(values[rest] - straight))

    return {
        "between": encode_varints((np.diff(there) - 1)[within]),
        "xs": beside(topology.arc_x),
        "ys": beside(topology.arc_y),
    }


def _back_references(ring_arcs: Integers) -> Integers:
    """How many arcs were met since an arc was, 0 where it is the next new one, times 2; plus 1 where it is walked back.

    Arcs are numbered in the order in which they are met, so the half of all that are new are zeros.
    """
    backwards = ring_arcs < 0
    arc = np.where(backwards, -ring_arcs - 1, ring_arcs)
    met = np.maximum.accumulate(np.concatenate([[-1], arc]))[:-1] + 1
    references: Integers = 2 * (met - arc) + backwards
    return references
