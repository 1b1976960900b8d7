"""Printed maps: a boundary and points on white, without tiles and without an outside host.

Lengths on the map are true: longitude and latitude are drawn at the aspect of the map's middle.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry

WIDTH_INCHES = 7.0
PANEL_INCHES = 1.75  # right of the map: north, legend, scale
DOTS_PER_INCH = 200
METRES_A_DEGREE = 111_320.0
SCALE_LENGTHS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)
INK, GROUND, DOT, WARM = "#0b0c0c", "#eef2f6", "#1d4f91", "#ffdd99"
FONTS = "static/vendor/liberation-fonts@2.1.5"


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A point (longitude, latitude) with its count; ``label`` is printed beside it if given."""

    longitude: float
    latitude: float
    count: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class PrintMap:
    """What a printed map shows; ``legend`` heads the sizes of the points.

    ``focus`` (west, south, east, north) enlarges a part; a small map of the whole, headed by
    ``whole_legend``, then shows where it lies. ``outlines`` are rings drawn over the ground.
    """

    boundary: GEOSGeometry
    points: Sequence[MapPoint]
    legend: str
    boundary_legend: str
    focus: tuple[float, float, float, float] | None = None
    whole_legend: str = ""
    outlines: Sequence[Sequence[tuple[float, float]]] = ()
    outlines_legend: str = ""


def draw_map(content: PrintMap) -> bytes:
    """Return the map as PNG (about 0.3 s, 2 s for the first of a process).

    The same content gives the same bytes. Raises ValueError for an empty boundary.
    """
    if content.boundary.empty:
        raise ValueError("A map needs a boundary.")
    import matplotlib as mpl
    from matplotlib import font_manager
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    for path in sorted((settings.BASE_DIR / FONTS).glob("*.ttf")):
        font_manager.fontManager.addfont(str(path))
    west, south, east, north = _frame(content.focus or content.boundary.extent)
    aspect = 1 / math.cos(math.radians((south + north) / 2))
    map_width = WIDTH_INCHES - PANEL_INCHES
    height = map_width * (north - south) * aspect / (east - west)
    with mpl.rc_context({"font.family": ["Liberation Sans"], "font.size": 9}):
        figure = Figure(figsize=(WIDTH_INCHES, height), dpi=DOTS_PER_INCH)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, map_width / WIDTH_INCHES, 1))
        axes.set_axis_off()
        axes.set_xlim(west, east)
        axes.set_ylim(south, north)
        axes.set_aspect(aspect)
        _draw_boundary(axes, content)
        _draw_outlines(axes, content)
        _draw_points(axes, content)
        panel = figure.add_axes((map_width / WIDTH_INCHES, 0, PANEL_INCHES / WIDTH_INCHES, 1))
        panel.set_axis_off()
        panel.set_xlim(0, PANEL_INCHES)
        panel.set_ylim(0, height)
        _draw_north(panel, height)
        _draw_legend(panel, content)
        if content.focus:
            _draw_whole(figure, content, height, (west, south, east, north))
        _draw_scale(panel, (east - west) / aspect * METRES_A_DEGREE / 1000 / map_width)
        buffer = io.BytesIO()
        # No software name, no time: the bytes depend on the content alone.
        figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def scale_length(panel_km: float) -> float:
    """Return the longest round length in km that fits into ``panel_km``."""
    fitting = [length for length in SCALE_LENGTHS if length <= panel_km]
    return float(fitting[-1]) if fitting else float(SCALE_LENGTHS[0])


def _frame(extent: Sequence[float]) -> tuple[float, float, float, float]:
    """Return west, south, east, north with a margin, never higher than wide nor a thin strip."""
    west, south, east, north = extent
    middle = math.cos(math.radians((south + north) / 2))
    wide, high = (east - west) * middle, north - south
    margin = 0.04 * max(wide, high)
    wide, high = wide + 2 * margin, high + 2 * margin
    width, height = max(wide, high / 0.95), max(high, wide * 0.68)
    x, y = (west + east) / 2, (south + north) / 2
    return x - width / 2 / middle, y - height / 2, x + width / 2 / middle, y + height / 2


def _draw_boundary(axes: Any, content: PrintMap, width: float = 1.3) -> None:
    import geopandas as gpd
    import shapely

    shape = shapely.from_wkb(bytes(content.boundary.wkb))
    frame = gpd.GeoSeries([shape], crs=4326)
    frame.plot(ax=axes, facecolor=GROUND, edgecolor=INK, linewidth=width, aspect=None)


def _draw_outlines(axes: Any, content: PrintMap) -> None:
    """Draw rings pale with a firm edge: to be told from the points in grey print too."""
    from matplotlib.patches import Polygon

    for ring in content.outlines:
        axes.add_patch(
            Polygon(ring, closed=True, facecolor=WARM, edgecolor=INK, linewidth=0.9, zorder=2)
        )


def _area(count: int, top: int) -> float:
    """Return a marker's area in square points: area grows with the count, from a visible dot."""
    return 14 + 330 * count / max(top, 1)


def _top(content: PrintMap) -> int:
    return max((point.count for point in content.points), default=0)


def _draw_points(axes: Any, content: PrintMap) -> None:
    import matplotlib.patheffects as effects

    top = _top(content)
    for point in sorted(content.points, key=lambda p: (-p.count, p.longitude, p.latitude)):
        axes.scatter(
            [point.longitude],
            [point.latitude],
            s=_area(point.count, top),
            facecolor=DOT,
            edgecolor="white",
            linewidth=0.7,
            alpha=0.8,
            zorder=3,
        )
    halo = [effects.withStroke(linewidth=2.2, foreground="white")]
    for point in content.points:
        if point.label:
            axes.annotate(
                point.label,
                (point.longitude, point.latitude),
                zorder=5,
                ha="center",
                va="center",
                fontsize=8,
                fontweight="bold",
                color=INK,
                path_effects=halo,
            )


def _draw_legend(panel: Any, content: PrintMap) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    top = _top(content)
    handles: list[Any] = [Patch(facecolor=GROUND, edgecolor=INK, label=content.boundary_legend)]
    if content.outlines:
        handles.append(Patch(facecolor=WARM, edgecolor=INK, label=content.outlines_legend))
    handles += [
        Line2D(
            [],
            [],
            linestyle="",
            marker="o",
            markersize=math.sqrt(_area(size, top)),
            markerfacecolor=DOT,
            markeredgecolor="white",
            alpha=0.8,
            label=f"{size:,}",
        )
        for size in sorted({1, max(1, round(top / 2)), top} if top else ())
    ]
    panel.legend(
        handles=handles,
        title=content.legend,
        loc="upper left",
        bbox_to_anchor=(-0.02, 1.0),
        fontsize=8,
        title_fontsize=8,
        alignment="left",
        frameon=False,
        labelspacing=1.2,
        handletextpad=1.0,
    )


def _draw_whole(
    figure: Any, content: PrintMap, height: float, shown: tuple[float, float, float, float]
) -> None:
    """Draw the whole boundary small, above the scale, with the part that is enlarged framed."""
    from matplotlib.patches import Rectangle

    left = (WIDTH_INCHES - PANEL_INCHES + 0.08) / WIDTH_INCHES
    axes = figure.add_axes((left, 0.5 / height, 1.3 / WIDTH_INCHES, 1.05 / height))
    axes.set_axis_off()
    west, south, east, north = _frame(content.boundary.extent)
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_aspect(1 / math.cos(math.radians((south + north) / 2)), anchor="W")
    _draw_boundary(axes, content, width=0.6)
    axes.add_patch(
        Rectangle(
            (shown[0], shown[1]),
            shown[2] - shown[0],
            shown[3] - shown[1],
            fill=False,
            edgecolor=DOT,
            linewidth=1.5,
            zorder=4,
        )
    )
    axes.set_title(content.whole_legend, fontsize=8, loc="left", pad=2)


def _draw_scale(panel: Any, km_an_inch: float) -> None:
    """Draw the scale bar; the panel's unit is the inch, so its length is true to the map."""
    length = scale_length((PANEL_INCHES - 0.35) * km_an_inch)
    inches = length / km_an_inch
    for start, colour in ((0.08, INK), (0.08 + inches / 2, "white")):
        panel.barh(
            0.16, inches / 2, left=start, height=0.05, color=colour, edgecolor=INK, linewidth=0.8
        )
    panel.text(0.08 + inches / 2, 0.21, f"{length:g} km", ha="center", va="bottom", fontsize=8)


def _draw_north(panel: Any, height: float) -> None:
    """Draw an arrow with its head above its foot: latitude grows upwards on the map."""
    panel.annotate(
        "",
        xy=(1.6, height - 0.12),
        xytext=(1.6, height - 0.55),
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.4},
    )
    panel.text(1.6, height - 0.6, "N", ha="center", va="top", fontsize=10, fontweight="bold")
