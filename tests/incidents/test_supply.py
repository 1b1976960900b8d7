"""What was asked of agencies, what is wanting, who sees to it, and where packages were used."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from core.errors import NotAllowed, Refused
from core.models import BusinessDate
from delivery.models import Action
from incidents.choices import GapKind, RequestState
from incidents.models import DataGap, DataRequest
from incidents.supply import selectors, services
from incidents.supply.selectors import gaps_of, request_lines, uses_of
from tests.factories.feeds import FeedFactory, feed_held, feed_rows
from tests.factories.meetings import DecisionFactory, MeetingFactory
from tests.factories.programmes import SharingAgreementFactory
from tests.factories.supply import DataRequestFactory
from tests.incidents.streets import hold_month, make_areas
from tests.world import make_one_of_everything

TODAY = dt.date(2024, 7, 10)
JANUARY, MARCH = dt.date(2024, 1, 1), dt.date(2024, 3, 1)


@pytest.fixture(autouse=True)
def july(business_date):
    BusinessDate.objects.update(date=TODAY)


@pytest.fixture
def feed(people):
    return FeedFactory(programme=people.programme, agency=people.police)


def ask(people, **changes):
    given = {
        "id": uuid.uuid4(),
        "programme": people.programme,
        "agency": people.police,
        "wanted": "Noise complaints",
        "first_month": JANUARY,
        "last_month": MARCH,
        "asked_on": dt.date(2024, 4, 2),
        "due_on": dt.date(2024, 6, 30),
        "by": people.analyst,
        **changes,
    }
    return services.ask_for_data(**given)


def line(request):
    (found,) = request_lines([request])
    return found


def kinds(people, reader=None):
    return [(gap.kind, gap.words) for gap in gaps_of(people.location, reader or people.analyst)]


def test_what_came_is_counted_by_the_months_held_and_how_late(people, feed):
    request = ask(people, feed=feed)
    assert (line(request).status, line(request).late_days) == ("late", 10)
    feed_held(feed, "2024-01", "2024-02")  # received on 12 April
    found = line(request)
    assert (found.status, found.came, found.wanted) == ("late", 2, 3)
    feed_held(feed, "2024-03")
    found = line(request)
    assert (found.status, found.came, found.late_days) == ("came", 3, 0)


def test_a_file_that_came_after_the_day_says_by_how_much(people, feed):
    request = ask(people, feed=feed, due_on=dt.date(2024, 4, 10))
    feed_held(feed, "2024-01", "2024-02", "2024-03")
    assert (line(request).status, line(request).late_days) == ("came", 2)


def test_before_its_day_a_request_waits(people, feed):
    request = ask(people, feed=feed, due_on=dt.date(2024, 8, 1))
    assert line(request).status == "waiting"
    feed_held(feed, "2024-01")
    assert line(request).status == "partly"


def test_a_refusal_needs_its_reason_and_becomes_a_gap(people):
    request = ask(people, agency=people.housing)
    say = {"request": request, "by": people.analyst, "version": request.version}
    with pytest.raises(Refused, match="why the agency refused"):
        services.answer_request(state=RequestState.REFUSED, answer=" ", **say)
    services.answer_request(state=RequestState.REFUSED, answer="No agreement.", **say)
    assert kinds(people) == [(GapKind.REFUSED, "Refused: No agreement.")]


def test_a_request_names_an_agreement_only_where_the_agency_stands_in_it(people):
    agreement = SharingAgreementFactory(programme=people.programme, signed=[people.police])
    with pytest.raises(Refused, match="no place in that"):
        ask(people, agency=people.housing, agreement=agreement)
    assert ask(people, agreement=agreement).agreement == agreement


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"first_month": MARCH, "last_month": JANUARY}, "must not come after"),
        ({"due_on": dt.date(2024, 4, 1)}, "cannot be due before"),
        ({"asked_on": TODAY + dt.timedelta(days=1), "due_on": dt.date(2024, 9, 1)}, "lie ahead"),
    ],
)
def test_days_and_months_are_in_order(people, changes, words):
    with pytest.raises(Refused, match=words):
        ask(people, **changes)


def test_a_feed_of_another_agency_does_not_answer(people, feed):
    with pytest.raises(Refused, match="supplied by another agency"):
        ask(people, agency=people.housing, feed=feed)


def test_asking_twice_with_one_form_asks_once(people):
    one = uuid.uuid4()
    assert ask(people, id=one) == ask(people, id=one)
    assert DataRequest.objects.count() == 1


def test_only_who_imports_data_asks_for_them(people):
    with pytest.raises(NotAllowed):
        ask(people, by=people.coordinator)


def test_street_months_that_could_be_out_by_now_are_gaps_where_they_are_not_held(people):
    """On 10 July May 2024 can have been published, June cannot."""
    make_areas(people.location)
    for month in ("2023-12", "2024-01", "2024-02", "2024-04"):
        hold_month(month, {"E01000001": 40})
    hold_month("2024-03", {"E01000001": 10})
    assert kinds(people) == [
        ("missing", "Not held: June to November 2023. Missing is not zero."),
        ("missing", "Not held: May 2024. Missing is not zero."),
        ("partial", "Under half the usual rows: March 2024."),
    ]


def test_a_feed_is_wanting_between_its_months_and_where_it_is_overdue(people, feed):
    feed_rows(feed, "2024-01", 4, from_at=None)
    feed_held(feed, "2024-01", "2024-03")
    ask(people, feed=feed, first_month=dt.date(2024, 4, 1), last_month=dt.date(2024, 5, 1))
    assert kinds(people) == [
        ("missing", "Not held: February 2024. Missing is not zero."),
        ("missing", "Not held: April and May 2024. Missing is not zero."),
        ("untimed", "Fewer than half of the rows have a time: January 2024."),
    ]


def test_few_rows_a_month_are_not_called_incomplete(people, feed):
    for month, number in (("2024-01", 9), ("2024-02", 9), ("2024-03", 2)):
        feed_rows(feed, month, number, from_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
    feed_held(feed, "2024-01", "2024-02", "2024-03")
    assert kinds(people) == []


def test_gaps_of_a_feed_are_told_to_those_alone_who_are_covered(people, feed):
    feed_held(feed, "2024-01", "2024-03")
    assert len(kinds(people, people.coordinator)) == 1
    assert kinds(people, people.partner) == []


def own(people, gap, **changes):
    given = {
        "id": uuid.uuid4(),
        "location": people.location,
        "gap": gap,
        "title": "Ask the force for February",
        "owner": people.coordinator,
        "due_on": dt.date(2024, 7, 31),
        "details": gap.words,
        "by": people.manager,
        **changes,
    }
    return services.own_gap(**given)


def test_a_gap_becomes_somebodys_action_once(people, feed):
    feed_held(feed, "2024-01", "2024-03")
    (gap,) = gaps_of(people.location, people.manager)
    assert gap.owned is None
    one = uuid.uuid4()
    taken = own(people, gap, id=one)
    assert own(people, gap, id=one) == taken
    assert Action.objects.get() == taken.action
    (gap,) = gaps_of(people.location, people.manager)
    assert gap.owned == taken
    with pytest.raises(Refused, match="has taken this on already"):
        own(people, gap)
    assert DataGap.objects.count() == 1


def test_a_gap_whose_action_is_dropped_can_be_taken_on_again(people, feed):
    feed_held(feed, "2024-01", "2024-03")
    (gap,) = gaps_of(people.location, people.manager)
    taken = own(people, gap)
    Action.objects.filter(pk=taken.action_id).update(
        state="dropped", closed_on=TODAY, dropped_reason="The force publishes it."
    )
    (gap,) = gaps_of(people.location, people.manager)
    again = own(people, gap)
    (gap,) = gaps_of(people.location, people.manager)
    assert gap.owned == again


def test_a_gap_that_is_closed_by_the_data_is_no_gap(people, feed):
    feed_held(feed, "2024-01", "2024-03")
    feed_held(feed, "2024-02")
    assert gaps_of(people.location, people.manager) == []


def test_a_package_shows_what_the_meeting_that_used_it_decided(people):
    made = make_one_of_everything(people)
    package = made["incidents.DataPackage"]
    meeting = MeetingFactory(location=people.location, called_by=people.coordinator)
    DecisionFactory(
        location=people.location,
        meeting=meeting,
        text="Light the car park.",
        recorded_by=people.coordinator,
    )
    services.note_use(
        id=None,
        package=package,
        meeting=meeting,
        used_for="To choose.",
        by=people.coordinator,
    )
    found = [one for one in uses_of(package, people.coordinator) if one["meeting"] == meeting]
    assert [str(one) for one in found[0]["decisions"]] == ["Light the car park."]
    assert uses_of(package, people.neighbour) == []
    with pytest.raises(Refused, match="noted for that meeting already"):
        services.note_use(
            id=None, package=package, meeting=meeting, used_for="", by=people.coordinator
        )


def test_a_meeting_elsewhere_used_no_package_of_ours(people):
    package = make_one_of_everything(people)["incidents.DataPackage"]
    meeting = MeetingFactory(location=people.other_location, called_by=people.neighbour)
    with pytest.raises(Refused, match="another location"):
        services.note_use(
            id=None, package=package, meeting=meeting, used_for="", by=people.coordinator
        )


def test_requests_are_drawn_quarter_by_quarter_the_worst_of_several(people, feed):
    from incidents.supply.views import by_quarter

    ask(people, feed=feed, first_month=dt.date(2023, 11, 1))
    DataRequestFactory(
        programme=people.programme, agency=people.housing, state="refused", answer="No."
    )
    quarters, rows = by_quarter(request_lines(DataRequest.objects.all()))
    assert quarters == ["2023-Q4", "2024-Q1"]
    words = {row["agency"]: [str(cell["words"]) for cell in row["cells"]] for row in rows}
    assert words == {
        str(people.police): ["Overdue", "Overdue"],
        str(people.housing): ["", "Refused"],
    }


def test_runs_part_months_at_a_gap_and_over_the_year():
    months = [dt.date(2023, 12, 1), dt.date(2024, 1, 1), dt.date(2024, 3, 1)]
    assert selectors.runs(months) == [months[:2], months[2:]]
