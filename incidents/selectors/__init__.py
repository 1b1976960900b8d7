"""Reads of incidents: the one interface for packages, pages, charts and reports.

Every figure says for which month it is held: a month that is not held is ``missing`` with no
count, never zero. Counts for a location come from the files of its own police force (the forces in
which its area lies), so that they do not depend on which neighbours' files happen to be held. All
of it is published data; what agencies supply under an agreement is read in incidents.feeds.
"""

from incidents.selectors.base import (
    forces_of,
    incidents_in,
    months_between,
    source_of,
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
    first_held,
    held_by_all,
    last_held,
    snap_periods,
)
from incidents.selectors.many import CountsOf, forces_of_each, monthly_counts_of
from incidents.selectors.mix import counts_of_force
from incidents.selectors.ranking import PlaceRanking, RankedPlace, places_ranked
from incidents.selectors.similar import SimilarCount, similar_counts, similar_to

__all__ = [
    "AreaCount",
    "ClusterCell",
    "ComparisonCount",
    "CountsOf",
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
    "counts_of_force",
    "coverage",
    "coverage_of",
    "first_held",
    "forces_of",
    "forces_of_each",
    "held_by_all",
    "incident_rows",
    "incidents_in",
    "last_held",
    "monthly_counts",
    "monthly_counts_of",
    "months_between",
    "places_ranked",
    "similar_counts",
    "similar_to",
    "snap_periods",
    "source_of",
]
