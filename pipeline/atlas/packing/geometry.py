"""Shared arcs as compact text for the page; the layout is in ``docs/contract.md``."""

import numpy as np

from pipeline.atlas.contract import GeometrySections, PackedGeometry
from pipeline.atlas.packing.encoding import compress, differences, encode_varints, lay, zigzag
from pipeline.atlas.packing.topology import Topology


def pack_geometry(topology: Topology) -> PackedGeometry:
    """The areas of ``topology`` as the page carries them."""
    content, sections = lay(
        {
            "arc_lengths": encode_varints(np.diff(topology.arc_offsets)),
            "xs": encode_varints(zigzag(differences(topology.arc_x))),
            "ys": encode_varints(zigzag(differences(topology.arc_y))),
            "ring_lengths": encode_varints(np.diff(topology.ring_offsets)),
            "ring_arcs": encode_varints(zigzag(differences(topology.ring_arcs))),
            "area_rings": encode_varints(np.diff(topology.area_ring_offsets)),
            "ring_is_hole": encode_varints(topology.ring_is_hole),
            "arc_neighbours": encode_varints(topology.arc_neighbours.ravel()),
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
