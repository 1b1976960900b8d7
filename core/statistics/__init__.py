"""Statistics of counts and of evaluations; pure functions, each naming its source."""

from core.statistics.clusters import clear_scores, local_g_star
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
from core.statistics.proportions import share_ratio
from core.statistics.ratios import (
    RatioTest,
    e_test,
    pearson_dispersion,
    rate_ratio,
    reports_to_prevent,
)
from core.statistics.series import ControlLimits, control_limits
from core.statistics.times import aoristic_weights

__all__ = [
    "CLEAR_Z",
    "SMALL_COUNT",
    "ControlLimits",
    "DifferenceTest",
    "DisplacementQuotient",
    "Interval",
    "Rate",
    "RatioTest",
    "aoristic_weights",
    "byar_interval",
    "change_status",
    "clear_scores",
    "control_limits",
    "difference_test",
    "displacement_quotient",
    "e_test",
    "local_g_star",
    "pearson_dispersion",
    "percent_change",
    "poisson_z",
    "rate_per_1000",
    "rate_ratio",
    "reports_to_prevent",
    "share_ratio",
]
