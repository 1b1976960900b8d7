"""Printed maps: same bytes, north up, scale true, nothing from outside."""

from __future__ import annotations

import io

import numpy as np
import pytest
from django.contrib.gis.geos import GEOSGeometry, Polygon
from PIL import Image

from core.maps import MapPoint, PrintMap, draw_map, scale_length

SQUARE = Polygon.from_bbox((-2.8, 52.2, -2.7, 52.26))
SQUARE.srid = 4326


def drawn(points=(), boundary=SQUARE) -> np.ndarray:
    data = draw_map(
        PrintMap(boundary=boundary, points=points, legend="Reports", boundary_legend="Boundary")
    )
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def blue(pixels: np.ndarray) -> np.ndarray:
    """Where the points' colour is, left of the legend's panel."""
    left = pixels[:, : int(pixels.shape[1] * 0.74)]
    return (left[..., 2] - left[..., 0]) > 60


def test_the_same_map_is_the_same_bytes():
    content = PrintMap(
        boundary=SQUARE,
        points=[MapPoint(-2.75, 52.23, 3, "1")],
        legend="Reports",
        boundary_legend="Boundary",
    )
    first = draw_map(content)
    assert first == draw_map(content)
    assert first.startswith(b"\x89PNG")


def test_a_point_in_the_north_is_drawn_higher_and_one_in_the_east_further_right():
    north = np.argwhere(blue(drawn([MapPoint(-2.75, 52.25, 5)]))).mean(axis=0)
    south = np.argwhere(blue(drawn([MapPoint(-2.75, 52.21, 5)]))).mean(axis=0)
    east = np.argwhere(blue(drawn([MapPoint(-2.71, 52.21, 5)]))).mean(axis=0)
    assert north[0] < south[0]
    assert east[1] > south[1]


def test_the_arrow_points_to_the_top_of_the_map():
    pixels = drawn()
    # The arrow's own strip: the legend's words stand left of it.
    panel = pixels[:, int(pixels.shape[1] * 0.93) :]
    dark = panel.max(axis=2) < 80
    top = np.argwhere(dark)[:, 0].min()
    # The head is wide just below the tip, the shaft below it narrow.
    head = max(dark[top + row].sum() for row in range(12, 26))
    shaft = max(dark[top + row].sum() for row in range(45, 60))
    assert head > 2 * shaft


def test_a_larger_count_is_a_larger_point():
    many = blue(drawn([MapPoint(-2.77, 52.23, 10), MapPoint(-2.72, 52.23, 1)]))
    middle = many.shape[1] // 2
    assert many[:, :middle].sum() > 4 * many[:, middle:].sum() > 0


def test_the_scale_bar_is_true_to_the_boundary():
    pixels = drawn()
    edge = pixels[:, : int(pixels.shape[1] * 0.74)].max(axis=2) < 80
    columns = np.flatnonzero(edge.any(axis=0))
    degree_pixels = (columns[-1] - columns[0]) / 0.1
    km_pixels = degree_pixels / (111.32 * np.cos(np.radians(52.23)))
    panel = pixels[int(pixels.shape[0] * 0.9) :, int(pixels.shape[1] * 0.755) :].max(axis=2) < 80
    row = panel[panel.sum(axis=1).argmax()]
    bar = np.flatnonzero(row)
    length = (bar[-1] - bar[0]) / km_pixels
    assert length == pytest.approx(round(length), rel=0.03)
    assert round(length) in (1, 2, 5)


def test_scale_lengths_are_round():
    assert scale_length(3.1) == 2
    assert scale_length(0.35) == 0.2
    assert scale_length(0.01) == 0.1


def test_a_map_without_a_boundary_is_refused():
    with pytest.raises(ValueError, match="boundary"):
        drawn(boundary=GEOSGeometry("MULTIPOLYGON EMPTY", srid=4326))
