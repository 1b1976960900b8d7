"""The season, the mix of categories, people who come by day, and page one in a few words."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.statistics import share_ratio
from incidents import selectors
from incidents.feeds.figures import FeedFigures, HourWeight, Repeats
from incidents.ingest.layout import CRIME_TYPES
from incidents.models import Incident
from incidents.packages.ambient import ambient_from
from incidents.packages.briefing import as_html, month_runs, months_of, quality_runs
from incidents.packages.build import tables
from incidents.packages.figures import ASB
from incidents.packages.findings import findings
from incidents.packages.gather import gather
from incidents.packages.in_short import in_short
from incidents.packages.mix import mix_from, mix_words, most_over
from incidents.packages.recipe import Recipe
from incidents.packages.season import left_out_words, season_from, season_words
from programmes.models import Location
from tests.incidents.streets import CODES, category, hold_month, make_areas

A, B, REST = CODES
MONTHS = (dt.date(2024, 1, 1), dt.date(2024, 4, 1))


def year(of: int, **changed: int) -> dict[str, int]:
    """Twelve months of ten reports each, but for those named (m7=20 is July)."""
    return {f"{of}-{n:02d}": changed.get(f"m{n}", 10) for n in range(1, 13)}


def fresh() -> Location:
    return Location.objects.select_related("programme", "area").get(slug="leominster")


# ---- the season


def test_each_month_stands_beside_the_mean_month_of_its_own_year():
    # By hand: 2022 sums to 120, mean 10; 2023 has twice as many and July 52: 272 / 12.
    counts = {**year(2022, m7=21, m1=4, m2=5), **{m: 2 * n for m, n in year(2023, m7=26).items()}}
    season = season_from(counts)
    july = season.rows[6]
    assert (july.month_of_year, july.years, july.above, july.below) == (7, 2, 2, 0)
    ratios = [21 / (120 / 12), 52 / (272 / 12)]
    assert july.ratio == round(sum(ratios) / 2, 4)
    assert (july.low, july.high) == (round(min(ratios), 4), round(max(ratios), 4))
    words = season_words(season)
    assert words.startswith("Of the 12 calendar months that are held in two years or more, July (")
    assert f"July ({sum(ratios) / 2:.2f} times) ran above" in words
    assert "January (0.64 times)" in words  # (0.4 + 20 ÷ 22.67) ÷ 2, below both times
    assert "March" not in words  # at the mean of 2022, below that of 2023


def test_the_pandemic_and_years_held_by_fewer_than_six_months_are_left_out():
    counts = {**year(2021, m7=500), **year(2023)}
    counts |= {f"2022-{n:02d}": 10 for n in range(1, 6)}
    season = season_from(counts)
    assert season.years == ("2023",)  # of 2021 four months are left, of 2022 five are held
    assert season.left_out == tuple(f"2021-{n:02d}" for n in range(1, 9))
    assert left_out_words(season).startswith("Left out: January to August 2021")
    assert season.known == ()
    assert season_words(season).startswith("Too early to say")
    assert "only 2023 is such a year" in season_words(season)


def test_a_year_before_the_pandemic_counts():
    assert season_from({**year(2018), **year(2019)}).years == ("2018", "2019")


def test_nothing_held_is_too_early_and_no_year_is_named():
    assert "no such year is held" in season_words(season_from({}))
    assert left_out_words(season_from({})) == ""


@given(
    st.dictionaries(
        st.tuples(st.integers(2018, 2025), st.integers(1, 12)).map(lambda t: f"{t[0]}-{t[1]:02d}"),
        st.integers(0, 60),
        max_size=70,
    )
)
def test_ratios_rest_on_the_months_that_were_given_and_average_to_one(counts):
    season = season_from(counts)
    used = {one.month: one.count for one in season.months}
    assert used.items() <= counts.items()
    assert not used.keys() & set(season.left_out)
    assert sum(row.years for row in season.rows) == len(season.months)
    for of in season.years:
        own = [one for one in season.months if one.month.startswith(of)]
        assert len(own) >= 6
        assert math.isclose(sum(o.count / o.year_mean for o in own), len(own), rel_tol=1e-5)
    for row in season.rows:
        assert (row.ratio is None) == (row.years < 2)
        if row.ratio is not None:
            assert row.low <= row.ratio <= row.high
            assert row.above + row.below <= row.years


# ---- the mix


def test_the_ratio_of_two_shares_has_the_interval_of_katz():
    # By hand: 30/100 against 10/100; error √(1/30 − 1/100 + 1/10 − 1/100) = 0.33665.
    ratio, interval = share_ratio(30, 100, 10, 100)
    assert ratio == pytest.approx(3)
    assert interval.low == pytest.approx(3 * math.exp(-1.959964 * 0.336650), rel=1e-5)
    assert interval.high == pytest.approx(3 * math.exp(1.959964 * 0.336650), rel=1e-5)
    assert share_ratio(0, 100, 10, 100) is None
    with pytest.raises(ValueError, match="Not a share"):
        share_ratio(5, 4, 1, 10)


def test_no_category_is_named_where_every_interval_holds_one():
    own, all_of_it = {ASB: 10, "Burglary": 10}, {ASB: 110, "Burglary": 110}
    rows = mix_from(own, all_of_it)
    assert most_over(rows) is None
    assert "no category is clearly over-represented here" in mix_words(rows)


def test_without_anything_to_set_beside_the_sentence_says_so():
    assert "cannot be set beside" in mix_words(mix_from({ASB: 0}, {}))
    assert "cannot be set beside" in mix_words(mix_from({ASB: 3}, {ASB: 3}))


OWN = st.lists(st.integers(0, 200), min_size=14, max_size=14)


@given(OWN, OWN, st.permutations(range(14)))
def test_permuted_categories_carry_their_figures_and_the_sentence_with_them(here, there, order):
    named = dict(zip(CRIME_TYPES, range(14), strict=True))
    moved = {name: CRIME_TYPES[order[n]] for name, n in named.items()}
    own = {name: here[n] for name, n in named.items()}
    force = {name: here[n] + there[n] for name, n in named.items()}
    before = {row.category: row for row in mix_from(own, force)}
    after = {
        row.category: row
        for row in mix_from(
            {moved[name]: count for name, count in own.items()},
            {moved[name]: count for name, count in force.items()},
        )
    }
    for name, row in before.items():
        assert after[moved[name]] == replace(row, category=moved[name])
    assert sum(row.count for row in after.values()) == sum(here)
    assert sum(row.others_count for row in after.values()) == sum(there)
    top, moved_top = most_over(list(before.values())), most_over(list(after.values()))
    assert (top is None) == (moved_top is None)
    if top is not None:
        assert moved_top.ratio == top.ratio
        assert f"“{moved_top.category}”" in mix_words(list(after.values()))
        ties = [row for row in before.values() if row.low and row.low > 1]
        if [row.ratio for row in ties].count(top.ratio) == 1:
            assert moved_top.category == moved[top.category]


# ---- from the database


@pytest.fixture
def town(people):
    make_areas(people.location)
    for month in ("2024-01", "2024-02", "2024-04"):
        hold_month(month, {A: 30, B: 2, REST: 20}, other=10, without=7)
    return people.location


@pytest.mark.django_db
class TestInAPackage:
    def test_the_rest_of_the_force_is_counted_once_without_the_location(
        self, town, django_assert_num_queries
    ):
        figures = gather(Recipe("leominster", "2024-01", "2024-04"), fresh())
        asb, burglary = figures.mix[0], figures.mix[1]
        # 32 + 10 a month here; 20 there: rows without a location are in neither.
        assert (asb.count, asb.others_count) == (96, 60)
        assert (burglary.category, burglary.count, burglary.others_count) == ("Burglary", 30, 0)
        assert asb.others_share_percent == 100
        area = fresh().area
        forces = selectors.forces_of(area)
        months = {row.month for row in selectors.monthly_counts(area, *MONTHS) if row.count}
        with django_assert_num_queries(1):
            counted = selectors.counts_of_force(area, forces, months)
        assert counted == {ASB: 156, "Burglary": 30}

    def test_rows_given_another_category_change_table_and_sentence(self, town):
        recipe = Recipe("leominster", "2024-01", "2024-04")
        hold_month("2024-03", {A: 1, REST: 40}, other=0)
        before = gather(recipe, fresh())
        Incident.objects.filter(category__name="Burglary").update(category=category("Drugs"))
        Incident.objects.filter(lsoa_code=REST, street__endswith="Mill Street").update(
            category=category("Burglary")
        )
        Incident.objects.filter(street="On or near Lane").filter(month="2024-01-01").update(
            category=category("Burglary")
        )
        after = gather(recipe, fresh())
        counts = {row.category: (row.count, row.others_count) for row in after.mix}
        assert counts["Drugs"] == (20, 0)
        assert counts["Burglary"] == (10, 50)
        assert [row.count for row in before.mix if row.category == "Burglary"] == [30]
        assert most_over(after.mix).category == ASB
        assert f"most over-represented here is “{ASB}”" in mix_words(after.mix)

    def test_the_lsoa_with_far_more_than_its_residents_explain_is_named(self, town):
        figures = gather(Recipe("leominster", "2024-01", "2024-04"), fresh())
        found = figures.ambient
        # 90 of 96; 2,000 residents each: 45 and 3 per 1,000.
        assert (found.lsoa_code, found.count, found.residents) == (A, 90, 2000)
        assert (found.rate, found.others_rate, found.share_percent) == (45, 3, 93.75)
        words = "90 of the reports (94%) lie in Town 0: 45.0 per 1,000 of its 2,000 residents"
        assert words in figures.caveats[0]
        compare = next(one for one in findings(figures) if one.key == "compare")
        assert words in compare.text
        assert "a town centre has many visitors" not in compare.text

    def test_the_season_reads_months_before_the_package_and_none_after(self, town):
        for n in range(1, 8):
            hold_month(f"2023-{n:02d}", {A: 10 + n})
            hold_month(f"2022-{n:02d}", {A: 10 + n})
        hold_month("2024-05", {A: 500})
        figures = gather(Recipe("leominster", "2024-01", "2024-04"), fresh())
        assert figures.season.years == ("2022", "2023")
        assert figures.season.rows[6].ratio == round(17 / 14, 4)
        assert "2022-01" in {row.month for row in figures.quality}
        rows = list(csv.DictReader(io.StringIO(tables(figures)["season.csv"].decode())))
        assert rows[6] == {
            "month_of_year": "7",
            "years": "2",
            "ratio": "1.214",
            "low": "1.214",
            "high": "1.214",
            "above": "2",
            "below": "0",
        }
        assert rows[7]["ratio"] == ""
        assert all(run.row.month >= "2024-01" for run in quality_runs(figures))
        page = as_html(figures, {}).decode()
        assert season_words(figures.season) in page
        assert '<th scope="row">July</th><td class="numeric">2</td><td class="numeric">1.21' in page
        assert (
            '<th scope="row">August</th><td class="numeric">0</td><td class="numeric">too' in page
        )
        assert "So are the 14 earlier months read for comparison." in page

    def test_page_one_answers_and_says_what_nobody_told(self, town):
        figures = gather(Recipe("leominster", "2024-01", "2024-06"), fresh())
        told = {one.key: one for one in in_short(figures)}
        assert list(told) == ["what", "when", "where", "change", "missing", "who", "why", "how"]
        assert told["what"].text.startswith("96 reports of ASB to the police: 76%")
        assert told["where"].text.startswith("Most around “High Street” (45).")
        assert told["change"].text.startswith("Too early to tell")
        assert told["missing"].text.startswith("March 2024 and May and June 2024: not held")
        assert [one.key for one in told.values() if not one.known] == ["who", "why", "how"]

    def test_a_feed_that_knows_answers_when_and_who(self, town):
        figures = gather(Recipe("leominster", "2024-01", "2024-06"), fresh())
        feed = FeedFigures(
            slug="x",
            title="Calls",
            agency="Police",
            kind="police",
            terms="",
            published=False,
            public_figures=False,
            months=(),
            categories=(),
            qualifiers=(),
            timed=40,
            wide=0,
            untimed=0,
            hours=tuple(HourWeight(4, hour, 10.0) for hour in (20, 21, 22, 23)),
            repeats=(Repeats("caller", 40, 10, 5, 35, None), Repeats("place", 1, 1, 0, 0, None)),
            places=(),
            quarters=(),
        )
        told = {one.key: one for one in in_short(replace(figures, supplied=(feed,)))}
        assert "Calls: Of the 40 whose time is known" in told["when"].text
        assert "100% fall between 20:00 and 00:00" in told["when"].text
        assert told["who"].text.startswith("Calls: Callers: 5 of 10")
        assert "Places" not in told["who"].text
        assert told["who"].known

    def test_missing_months_in_a_row_are_one_row_of_the_page(self, town):
        figures = gather(Recipe("leominster", "2024-01", "2024-07"), fresh())
        rows = month_runs(months_of(figures))
        assert [(row.words, row.status) for row in rows] == [
            ("January 2024", "observed"),
            ("February 2024", "observed"),
            ("March 2024", "missing"),
            ("April 2024", "observed"),
            ("May to July 2024", "missing"),
        ]
        assert [run.words for run in quality_runs(figures)] == [row.words for row in rows]


@pytest.mark.parametrize(
    ("counts", "residents", "found"),
    [
        ({A: 25, B: 75}, {A: 100, B: 900}, False),  # the one with most is not the denser one
        ({A: 30, B: 10}, {A: 1000, B: 1000}, True),  # exactly three times
        ({A: 29, B: 10}, {A: 1000, B: 1000}, False),
        ({A: 5, B: 0}, {A: 1000, B: 1000}, True),
        ({A: 5}, {A: 1000}, False),
        ({A: 0, B: 0}, {A: 1000, B: 1000}, False),
        ({A: 9, B: 1}, {A: 1000, B: 0}, False),  # nobody lives in the rest: no rate
    ],
)
def test_a_quarter_of_the_reports_and_three_times_the_rate_are_wanted(counts, residents, found):
    assert (ambient_from(counts, residents, {A: "a", B: "b"}) is not None) == found
