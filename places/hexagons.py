"""A fixed grid of hexagons on the British National Grid, so that places compare between packages.

Cells are flat-topped, 200 m from centre to corner (about a tenth of a square kilometre), counted
from the grid's origin in axial coordinates. Source of the arithmetic: Patel, Hexagonal Grids
(Red Blob Games, 2013), the sections on axial coordinates and rounding.
"""

from __future__ import annotations

import math

BRITISH_NATIONAL_GRID = 27700
EDGE = 200.0
"""Metres from the centre of a hexagon to a corner: also the length of a side."""

Cell = tuple[int, int]
AROUND: tuple[Cell, ...] = ((1, 0), (1, -1), (0, -1), (-1, 0), (-1, 1), (0, 1))


def cell_at(easting: float, northing: float) -> Cell:
    """Return the hexagon in which a point lies; on an edge, always the same of the two."""
    q = easting * 2 / 3 / EDGE
    r = (northing / math.sqrt(3) - easting / 3) / EDGE
    s = -q - r
    near = [round(q), round(r), round(s)]
    off = [abs(near[0] - q), abs(near[1] - r), abs(near[2] - s)]
    # Three rounded coordinates need not add up to 0: the one rounded most is made to fit.
    if off[0] > off[1] and off[0] > off[2]:
        near[0] = -near[1] - near[2]
    elif off[1] > off[2]:
        near[1] = -near[0] - near[2]
    return near[0], near[1]


def centre_of(cell: Cell) -> tuple[float, float]:
    """Return the easting and northing of a hexagon's centre, in metres."""
    q, r = cell
    return EDGE * 1.5 * q, EDGE * math.sqrt(3) * (r + q / 2)


def corners_of(cell: Cell) -> list[tuple[float, float]]:
    """Return the six corners, the first again at the end: a ring."""
    x, y = centre_of(cell)
    turns = [math.radians(60 * n) for n in (0, 1, 2, 3, 4, 5, 0)]
    return [(x + EDGE * math.cos(turn), y + EDGE * math.sin(turn)) for turn in turns]


def around(cell: Cell) -> list[Cell]:
    """Return the six hexagons that share an edge with one."""
    return [(cell[0] + q, cell[1] + r) for q, r in AROUND]
