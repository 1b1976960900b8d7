"""Charts: a series in, SVG and table out.

A chart is made once on the server and is the same on a page and in a PDF. ``draw`` is for jobs;
``cached`` gives what the ``chart_figure`` tag prints, with the drawing if one is kept already;
``live`` draws months at once, for pages whose filter asks for another chart each time, ``small``
those of a table's line.
"""

from core.charts.drawing import asset, cached, data_uri, draw
from core.charts.live import live, small
from core.charts.series import Bar, Bars, Chart, Figure, MonthlyBars, MonthValue

__all__ = [
    "Bar",
    "Bars",
    "Chart",
    "Figure",
    "MonthValue",
    "MonthlyBars",
    "asset",
    "cached",
    "data_uri",
    "draw",
    "live",
    "small",
]
