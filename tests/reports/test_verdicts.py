"""What cannot be told is called by its own name in reports and on the board, not "too early"."""

from __future__ import annotations

import datetime as dt

from core.statuses import STATUSES
from incidents.models import DataPackage
from problems.choices import EvaluationVerdict
from reports.board import VERDICTS, asb_verdicts, perception_verdicts
from reports.work import CHANGES, evaluations_of
from surveys.selectors.comparison import change_between
from surveys.selectors.figures import Measure, Share
from tests.factories.core import StoredFileFactory
from tests.factories.problems import (
    BaselineFactory,
    EvaluationFactory,
    InterventionFactory,
    ProblemFactory,
)

DAY = dt.date(2024, 6, 25)


def test_an_evaluation_that_cannot_tell_is_not_told_to_wait(people):
    intervention = InterventionFactory(
        problem=ProblemFactory(location=people.location, owner=people.coordinator)
    )
    locked = BaselineFactory(
        intervention=intervention, locked_on=dt.date(2024, 6, 1), locked_by=people.coordinator
    )
    EvaluationFactory(baseline=locked, made_by=people.coordinator, as_of=DAY)
    (found,) = evaluations_of(people.location, DAY)
    assert found.status == "cannot_tell"
    assert found.words.startswith("Cannot tell, because")


def test_every_verdict_has_words_of_its_own():
    assert {str(STATUSES[verdict].label) for verdict in EvaluationVerdict.values} == {
        str(label) for label in EvaluationVerdict.labels
    }
    share = Share(200, "shown", 80, 0.4, 0.33, 0.47)
    measure = Measure("safe-after-dark", "Unsafe after dark", share)
    verdict = change_between(measure, measure, same=False).verdict
    for words in (str(VERDICTS[verdict][1]), str(CHANGES[verdict])):
        assert "worded" in words or "other words" in words
        assert "early" not in words


def test_the_board_shows_no_package_to_those_who_may_not_open_it(people):
    DataPackage.objects.create(
        location=people.location,
        first_month=dt.date(2024, 1, 1),
        last_month=dt.date(2024, 3, 1),
        recipe={},
        fingerprint="0" * 64,
        built_on=DAY,
        file=StoredFileFactory(name="package.zip"),
        briefing_html=StoredFileFactory(name="briefing.html"),
        briefing_pdf=StoredFileFactory(name="briefing.pdf"),
        summary={"change": "no_clear_change", "reports": 52},
    )
    assert asb_verdicts([people.location], reader=people.leader)[people.location.pk].url
    hidden = asb_verdicts([people.location], reader=people.partner)[people.location.pk]
    assert (hidden.url, hidden.basis) == ("", "")
    assert "may read the data" in hidden.words


def test_no_wave_is_no_verdict(people):
    assert perception_verdicts([people.location], DAY) == {}
