"""Statistics of counts and of evaluations; pure functions, each naming its source."""

from core.statistics.counts import (
    CLEAR_Z,
    SMALL_COUNT,
    Interval,
    Rate,
    byar_interval,
    change_status,
    percent_change,
    poisson_z,
    rate_per_1000,
)
from core.statistics.displacement import (
    DifferenceTest,
    DisplacementQuotient,
    difference_test,
    displacement_quotient,
)
from core.statistics.ratios import (
    RatioTest,
    e_test,
    pearson_dispersion,
    rate_ratio,
    reports_to_prevent,
)

__all__ = [
    "CLEAR_Z",
    "SMALL_COUNT",
    "DifferenceTest",
    "DisplacementQuotient",
    "Interval",
    "Rate",
    "RatioTest",
    "byar_interval",
    "change_status",
    "difference_test",
    "displacement_quotient",
    "e_test",
    "pearson_dispersion",
    "percent_change",
    "poisson_z",
    "rate_per_1000",
    "rate_ratio",
    "reports_to_prevent",
]
