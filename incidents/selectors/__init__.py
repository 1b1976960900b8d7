"""Reads of incidents: the one interface for packages, pages, charts and reports.

Every figure says for which month it is held: a month that is not held is ``missing`` with no
count, never zero. Counts for a location come from the files of its own police force (the forces in
which its area lies), so that they do not depend on which neighbours' files happen to be held. Rows
of restricted sources count only within ``with_restricted``, for those whom an agreement covers.
"""

from incidents.selectors.base import (
    forces_of,
    incidents_in,
    months_between,
    restricted_held,
    restricted_open,
    restricted_sources_of,
    source_of,
    with_restricted,
)
from incidents.selectors.clusters import ClusterCell, cluster_cells
from incidents.selectors.counts import (
    AreaCount,
    ComparisonCount,
    IncidentRow,
    MonthlyCount,
    comparison_counts,
    counts_by_area,
    incident_rows,
    monthly_counts,
)
from incidents.selectors.coverage import (
    MonthCoverage,
    SnapPeriod,
    check_street_data,
    coverage,
    coverage_of,
    snap_periods,
)
from incidents.selectors.ranking import PlaceRanking, RankedPlace, places_ranked
from incidents.selectors.similar import SimilarCount, similar_counts, similar_to

__all__ = [
    "AreaCount",
    "ClusterCell",
    "ComparisonCount",
    "IncidentRow",
    "MonthCoverage",
    "MonthlyCount",
    "PlaceRanking",
    "RankedPlace",
    "SimilarCount",
    "SnapPeriod",
    "check_street_data",
    "cluster_cells",
    "comparison_counts",
    "counts_by_area",
    "coverage",
    "coverage_of",
    "forces_of",
    "incident_rows",
    "incidents_in",
    "monthly_counts",
    "months_between",
    "places_ranked",
    "restricted_held",
    "restricted_open",
    "restricted_sources_of",
    "similar_counts",
    "similar_to",
    "snap_periods",
    "source_of",
    "with_restricted",
]
