"""What is compared is locked, then counted from stored months; a result never changes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import InternalError, transaction
from django.db.utils import DatabaseError

from core import clock
from core.errors import NotAllowed, Refused
from core.jobs import run_now
from places.models import AreaLink
from problems.models import Evaluation
from problems.services import baselines, evaluations, interventions
from problems.services.baselines import Chosen
from tests.factories.incidents import ForceFactory, ForceMonthFactory, IncidentFactory
from tests.factories.places import AreaFactory, lsoa_set
from tests.factories.problems import (
    InterventionFactory,
    ProblemFactory,
)
from tests.factories.programmes import LocationFactory, TargetPlaceFactory

pytestmark = pytest.mark.django_db

HERE, THERE = "E01000001", "E01000002"


@pytest.fixture
def towns(people):
    """Leominster and a second town of the programme, each with one LSOA, and two years of files."""
    area = AreaFactory(
        kind="force", code="E23000016", name="West Mercia", vintage=2024, boundary=None
    )
    district = AreaFactory(
        kind="district", code="E06000019", name="Herefordshire", vintage=2024, boundary=None
    )
    AreaLink.objects.create(kind="within", source=district, target=area)
    other = LocationFactory(programme=people.programme, slug="evesham", name="Evesham")
    for location, code in ((people.location, HERE), (other, THERE)):
        AreaLink.objects.create(kind="within", source=AreaFactory(code=code), target=district)
        location.area = lsoa_set(code)
        location.save()
    ForceFactory(area=area)
    return people.location, other


def files(counts: dict[tuple[int, int], tuple[int, int, int]]) -> None:
    """Store months: reports here, at the similar place, and elsewhere in the force area."""
    for (year, month), (here, there, rest) in counts.items():
        held = ForceMonthFactory(month=dt.date(year, month, 1), rows_read=5000)
        for code, number in ((HERE, here), (THERE, there), ("E01000077", rest)):
            IncidentFactory.create_batch(number, force_month=held, lsoa_code=code)


def baseline_of(people, towns, *, comparison=True, **more):
    problem = ProblemFactory(location=people.location, owner=people.coordinator)
    made = InterventionFactory(problem=problem, starts_on=dt.date(2024, 2, 1))
    areas = {"response": Chosen(location=towns[0])}
    if comparison:
        areas["comparison"] = Chosen(location=towns[1])
    return baselines.set_baseline(
        intervention=made,
        measure="asb_reports",
        before=(dt.date(2023, 2, 1), dt.date(2023, 5, 1)),
        after=(dt.date(2024, 2, 1), dt.date(2024, 5, 1)),
        areas=areas,
        by=people.analyst,
        **more,
    )


def begun(people, baseline, on=dt.date(2024, 2, 1)):
    with clock.business_date(on - dt.timedelta(days=5)):
        baselines.lock_baseline(baseline=baseline, version=baseline.version, by=people.analyst)
    intervention = baseline.intervention
    intervention.refresh_from_db()
    return interventions.start_intervention(
        intervention=intervention,
        started_on=on,
        version=intervention.version,
        by=people.coordinator,
    )


def test_nothing_begins_before_what_is_compared_is_locked(people, towns):
    baseline = baseline_of(people, towns)
    with pytest.raises(Refused, match="Lock first"):
        interventions.start_intervention(
            intervention=baseline.intervention,
            started_on=dt.date(2024, 2, 1),
            version=1,
            by=people.coordinator,
        )
    assert begun(people, baseline).state == "running"


def test_what_is_locked_never_changes_not_even_in_the_database(people, towns):
    baseline = baseline_of(people, towns)
    locked = baselines.lock_baseline(baseline=baseline, version=baseline.version, by=people.analyst)
    assert locked.frozen == {"response": [HERE], "comparison": [THERE]}
    with pytest.raises(DatabaseError), transaction.atomic():
        type(locked).objects.filter(pk=locked.pk).update(before_first=dt.date(2020, 1, 1))
    with pytest.raises(Refused, match="locked already"):
        baselines.lock_baseline(baseline=locked, version=locked.version, by=people.analyst)


def test_another_version_needs_a_reason_and_the_result_says_it(people, towns):
    baseline = baseline_of(people, towns)
    begun(people, baseline)
    values = {
        "intervention": baseline.intervention,
        "measure": "asb_reports",
        "before": (dt.date(2023, 2, 1), dt.date(2023, 6, 1)),
        "after": (dt.date(2024, 2, 1), dt.date(2024, 6, 1)),
        "areas": {"response": Chosen(location=towns[0]), "comparison": Chosen(location=towns[1])},
        "by": people.analyst,
    }
    with pytest.raises(Refused, match="Say why"):
        baselines.set_baseline(**values)
    second = baselines.set_baseline(**values, reason="A month was added.")
    assert second.number == 2
    second = baselines.lock_baseline(baseline=second, version=second.version, by=people.analyst)
    assert second.locked_late
    found = evaluations.evaluate(baseline=second, as_of=dt.date(2024, 6, 25))
    assert "late" in found.caveats


def test_an_area_cannot_be_compared_with_itself_or_what_it_holds(people, towns):
    with pytest.raises(Refused, match="itself"):
        baseline_of(people, (towns[0], towns[0]))
    within = TargetPlaceFactory(location=people.location, area=lsoa_set(HERE))
    baseline = baseline_of(people, towns)
    again = baselines.set_baseline(
        intervention=baseline.intervention,
        measure="asb_reports",
        before=(baseline.before_first, baseline.before_last),
        after=(baseline.after_first, baseline.after_last),
        areas={
            "response": Chosen(location=towns[0]),
            "comparison": Chosen(target_place=within),
        },
        by=people.analyst,
    )
    with pytest.raises(Refused, match="in common"):
        baselines.lock_baseline(baseline=again, version=again.version, by=people.analyst)


def test_an_area_out_of_ones_sight_cannot_be_chosen(people, towns):
    with pytest.raises(Refused, match="may see"):
        baseline_of(people, (towns[0], people.other_location))


def test_before_it_begins_it_is_said_how_much_must_be_prevented(people, towns):
    files({(2023, month): (25, 25, 100) for month in (2, 3, 4, 5)})
    baseline = baseline_of(people, towns)
    assert baseline.outlook["expected"] == {"response": 100.0, "comparison": 100.0}
    assert baseline.outlook["weak"] == 32
    from problems.evaluation.outlook import outlook_words

    said = " ".join(outlook_words(baseline))
    assert "about 100 reports in 4 months" in said
    assert "roughly 30 must be prevented" in said
    assert "Fewer than 24 months" in said


def evaluated(people, baseline):
    intervention = begun(people, baseline)
    job = evaluations.request_evaluation(
        intervention=intervention, by=people.analyst, deliver=False
    )
    run_now(job)
    return Evaluation.objects.get()


BEFORE = {(2023, month): (30, 30, 60) for month in (2, 3, 4, 5)}


def test_a_change_beyond_the_similar_place_and_the_force_is_clear(people, towns):
    files({**BEFORE, **{(2024, month): (12, 30, 60) for month in (2, 3, 4, 5)}})
    found = evaluated(people, baseline_of(people, towns))
    assert found.verdict == "clear_change"
    assert found.sentence.startswith("Clear change: 48 reports in 4 months, about 72 fewer")
    counts = {one["role"]: (one["before"], one["after"]) for one in found.figures["counts"]}
    assert counts == {"response": (120, 48), "comparison": (120, 120), "force": (480, 408)}


def test_a_fall_that_was_everywhere_is_not_claimed(people, towns):
    files({**BEFORE, **{(2024, month): (12, 12, 24) for month in (2, 3, 4, 5)}})
    found = evaluated(people, baseline_of(people, towns))
    assert (found.verdict, found.figures["reason"]) == ("no_clear_change", "as_elsewhere")


def test_without_a_similar_place_nothing_is_claimed(people, towns):
    files({**BEFORE, **{(2024, month): (2, 30, 60) for month in (2, 3, 4, 5)}})
    found = evaluated(people, baseline_of(people, towns, comparison=False))
    assert found.verdict == "cannot_tell"
    assert "no similar place" in found.sentence


def test_a_result_never_changes_and_the_same_figures_are_kept_once(people, towns):
    files({**BEFORE, **{(2024, month): (12, 30, 60) for month in (2, 3, 4, 5)}})
    baseline = baseline_of(people, towns)
    found = evaluated(people, baseline)
    with pytest.raises((DatabaseError, InternalError)), transaction.atomic():
        Evaluation.objects.filter(pk=found.pk).update(sentence="It worked.")
    run_now(
        evaluations.request_evaluation(
            intervention=found.intervention, by=people.analyst, deliver=False
        )
    )
    assert Evaluation.objects.count() == 1
    files({(2023, 6): (1, 1, 1)})  # outside both windows: nothing new
    IncidentFactory(
        force_month=ForceMonthFactory._meta.model.objects.get(month=dt.date(2024, 5, 1)),
        lsoa_code=HERE,
    )
    run_now(
        evaluations.request_evaluation(
            intervention=found.intervention, by=people.analyst, deliver=False
        )
    )
    assert Evaluation.objects.count() == 2


def test_an_area_changed_since_it_was_locked_stops_the_evaluation(people, towns):
    files({**BEFORE, **{(2024, month): (12, 30, 60) for month in (2, 3, 4, 5)}})
    baseline = baseline_of(people, towns)
    begun(people, baseline)
    towns[0].area = lsoa_set(HERE, "E01000003")
    towns[0].save()
    baseline.refresh_from_db()
    found = evaluations.evaluate(baseline=baseline, as_of=dt.date(2024, 6, 25))
    assert found.verdict == "cannot_tell"
    assert "changed since it was locked" in found.refused


def test_an_evaluation_needs_the_right_and_a_beginning(people, towns):
    baseline = baseline_of(people, towns)
    with pytest.raises(NotAllowed):
        evaluations.request_evaluation(intervention=baseline.intervention, by=people.partner)
    with pytest.raises(Refused, match="Lock first"):
        evaluations.request_evaluation(intervention=baseline.intervention, by=people.analyst)


def test_a_set_of_lsoas_can_be_compared_with(people, towns):
    baseline = baseline_of(people, towns)
    again = baselines.set_baseline(
        intervention=baseline.intervention,
        measure="asb_reports",
        before=(baseline.before_first, baseline.before_last),
        after=(baseline.after_first, baseline.after_last),
        areas={"response": Chosen(location=towns[0]), "comparison": Chosen(codes=(THERE,))},
        by=people.analyst,
    )
    locked = baselines.lock_baseline(baseline=again, version=again.version, by=people.analyst)
    assert locked.frozen["comparison"] == [THERE]
    with pytest.raises(Refused, match="no LSOA codes"):
        baselines.set_baseline(
            intervention=baseline.intervention,
            measure="asb_reports",
            before=(baseline.before_first, baseline.before_last),
            after=(baseline.after_first, baseline.after_last),
            areas={"response": Chosen(location=towns[0]), "comparison": Chosen(codes=("E99",))},
            reason="Another place.",
            by=people.analyst,
        )
