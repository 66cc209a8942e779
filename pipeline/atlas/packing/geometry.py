"""Shared arcs as compact text for the page; the layout is in ``docs/contract.md``."""

import numpy as np

from pipeline.atlas.contract import GeometrySections, PackedGeometry
from pipeline.atlas.packing.encoding import Integers, compress, differences, encode_varints, lay, zigzag
from pipeline.atlas.packing.topology import Topology


def pack_geometry(topology: Topology) -> PackedGeometry:
    """The areas of ``topology`` as the page carries them."""
    content, sections = lay(
        {
            "arc_lengths": encode_varints(np.diff(topology.arc_offsets)),
            "xs": encode_varints(zigzag(differences(topology.arc_x))),
            "ys": encode_varints(zigzag(differences(topology.arc_y))),
            "ring_lengths": encode_varints(np.diff(topology.ring_offsets)),
            "ring_arcs": encode_varints(_back_references(topology.ring_arcs)),
            "area_rings": encode_varints(np.diff(topology.area_ring_offsets)),
            "ring_is_hole": encode_varints(topology.ring_is_hole),
        }
    )
    return PackedGeometry(
        packed=compress(content),
        origin=topology.grid.origin,
        step=topology.grid.step,
        arcs=topology.arcs,
        rings=topology.rings,
        sections=GeometrySections(**sections),
    )


def _back_references(ring_arcs: Integers) -> Integers:
    """How many arcs were met since an arc was, 0 where it is the next new one, times 2; plus 1 where it is walked back.

    Arcs are numbered in the order in which they are met, so the half of all that are new are zeros.
    """
    backwards = ring_arcs < 0
    arc = np.where(backwards, -ring_arcs - 1, ring_arcs)
    met = np.maximum.accumulate(np.concatenate([[-1], arc]))[:-1] + 1
    references: Integers = 2 * (met - arc) + backwards
    return references
