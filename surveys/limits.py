"""The limits below which a figure is not shown, each with its reason."""

from __future__ import annotations

LEAST_BASE = 50
"""Under 50 answers to a question no estimate is shown: the interval would be wider than any change
that a local programme can bring about. Government publishes no survey estimate on fewer (the
confidence in the local police figures of ethnicity-facts-figures.service.gov.uk do so)."""

LEAST_CELL = 10
"""A count of 1 to 9 is hidden, with whatever would give it away: in a town people know each other,
and research environments release no cell under 10."""

FINE_MEAN_BASE = 100
"""From 100 answers a mean is given to one decimal, below to a whole number. A mean times its base
is a sum; rounded like this it leaves a sum open by at least 10, so that it cannot be solved for
a hidden count."""

PAPER_DAYS = 14
"""How many days after a wave closes sheets that were filled in before may be typed in."""
