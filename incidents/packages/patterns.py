"""Records of patterns in a package: the season, the mix of categories, people who come by day."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SeasonMonth:
    """A complete month that the season is read from, and the mean month of its calendar year."""

    month: str
    count: int
    year_mean: float


@dataclass(frozen=True, slots=True)
class SeasonRow:
    """A calendar month (1 to 12) over the years held, beside the mean month of each year.

    ``ratio`` is the mean over the years of reports ÷ the year's mean month, ``low`` and ``high``
    the least and the greatest of them; all three None with fewer than two years. ``above`` and
    ``below`` are the years in which it lay above and below the year's mean.
    """

    month_of_year: int
    years: int
    ratio: float | None
    low: float | None
    high: float | None
    above: int
    below: int


@dataclass(frozen=True, slots=True)
class Season:
    """What is read of the season: one row for each calendar month, and the months behind them.

    ``left_out`` are complete months that are not used because of the pandemic's rules.
    """

    months: tuple[SeasonMonth, ...]
    rows: tuple[SeasonRow, ...]
    left_out: tuple[str, ...]

    @property
    def known(self) -> tuple[SeasonRow, ...]:
        """Return the calendar months of which enough years are held."""
        return tuple(row for row in self.rows if row.ratio is not None)

    @property
    def years(self) -> tuple[str, ...]:
        """Return the calendar years that are used."""
        return tuple(sorted({one.month[:4] for one in self.months}))


@dataclass(frozen=True, slots=True)
class MixRow:
    """One category: its reports and share here, and in the rest of the police area.

    Shares are percentages of all reports with a location in the same months. ``ratio`` is share
    here ÷ share there with its 95% interval; None where a count of 0 gives none.
    """

    category: str
    count: int
    share_percent: float | None
    others_count: int
    others_share_percent: float | None
    ratio: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Ambient:
    """An LSOA in which more is reported than its residents explain.

    Rates are reports of ASB per 1,000 residents over the months held; ``others_rate`` is that of
    the location's other LSOAs together.
    """

    lsoa_code: str
    lsoa_name: str
    count: int
    share_percent: float
    residents: int
    rate: float
    others_rate: float
