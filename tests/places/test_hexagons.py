"""The grid of hexagons: every point in one, and each beside six."""

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from places.hexagons import EDGE, around, cell_at, centre_of, corners_of

metres = st.floats(min_value=0, max_value=1_300_000, allow_nan=False)


@given(metres, metres)
def test_a_point_lies_in_the_hexagon_whose_centre_is_nearest(easting, northing):
    cell = cell_at(easting, northing)
    own = math.dist((easting, northing), centre_of(cell))
    assert own <= EDGE + 1e-6
    assert all(
        own <= math.dist((easting, northing), centre_of(other)) + 1e-6 for other in around(cell)
    )


def test_a_centre_lies_in_its_own_hexagon_and_neighbours_are_as_far():
    for cell in ((0, 0), (7, -3), (1500, 2000)):
        x, y = centre_of(cell)
        assert cell_at(x, y) == cell
        found = [math.dist((x, y), centre_of(other)) for other in around(cell)]
        assert all(math.isclose(one, EDGE * math.sqrt(3), rel_tol=1e-9) for one in found)
        assert len(set(around(cell))) == 6


def test_corners_make_a_ring_of_the_edge_s_length():
    ring = corners_of((1500, 2000))
    assert ring[0] == ring[-1]
    sides = [math.dist(a, b) for a, b in pairwise(ring)]
    assert all(math.isclose(side, EDGE, rel_tol=1e-6) for side in sides)
