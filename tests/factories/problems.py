"""Problems, interventions, evaluations and rich pictures for tests."""

import datetime as dt
import io
import uuid

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from problems.models import (
    Baseline,
    Evaluation,
    EvaluationArea,
    EvidenceLink,
    Hypothesis,
    Intervention,
    PictureRegion,
    Plan,
    Problem,
    RichPicture,
    StageChange,
    Theme,
)
from tests.factories.core import StoredFileFactory

A_DAY = dt.date(2024, 6, 3)


class ProblemFactory(factory.django.DjangoModelFactory):
    """Needs ``location`` and ``owner``; comes with its plan."""

    class Meta:
        model = Problem
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Problem {n}")
    what = "It happens again and again."
    opened_on = A_DAY
    recorded_by = factory.SelfAttribute("owner")
    agency = factory.LazyAttribute(lambda o: o.recorded_by.agency)

    @factory.post_generation
    def plan_row(self, create, extracted, **kwargs):
        if create:
            Plan.objects.create(problem=self)


class HypothesisFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Hypothesis

    statement = factory.Sequence(lambda n: f"It comes from cause {n}.")
    recorded_by = factory.SelfAttribute("problem.owner")


class StageChangeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StageChange

    from_stage = "scanning"
    to_stage = "analysis"
    changed_on = A_DAY


class EvidenceLinkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EvidenceLink

    kind = "note"
    note = "It was seen."
    source = "A report of 2023"
    cited_on = A_DAY
    recorded_by = factory.SelfAttribute("problem.owner")


class InterventionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Intervention

    title = factory.Sequence(lambda n: f"Intervention {n}")
    technique = "natural_surveillance"
    mechanism = "People see what happens."
    owner = factory.SelfAttribute("problem.owner")
    starts_on = dt.date(2024, 7, 1)


class BaselineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Baseline

    number = 1
    measure = "asb_reports"
    before_first = dt.date(2022, 6, 1)
    before_last = dt.date(2024, 5, 1)
    after_first = dt.date(2024, 7, 1)
    after_last = dt.date(2025, 6, 1)


class EvaluationAreaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EvaluationArea

    role = "response"


class EvaluationFactory(factory.django.DjangoModelFactory):
    """Without ``figures`` it is one that could not be counted."""

    class Meta:
        model = Evaluation

    intervention = factory.SelfAttribute("baseline.intervention")
    as_of = A_DAY
    verdict = "cannot_tell"
    sentence = "Cannot tell, because nothing can be counted."
    fingerprint = factory.LazyFunction(lambda: uuid.uuid4().hex * 2)
    figures = factory.LazyAttribute(lambda o: empty_figures(o.baseline))


def empty_figures(baseline):
    from core.records import to_plain
    from problems.evaluation.judge import judge

    return to_plain(
        judge(
            months=[],
            roles=[],
            windows=(
                baseline.before_first,
                baseline.before_last,
                baseline.after_first,
                baseline.after_last,
            ),
            as_of=A_DAY,
            version=1,
            late=False,
            refused="nothing can be counted.",
        )
    )


class RichPictureFactory(factory.django.DjangoModelFactory):
    """Needs ``location`` and ``recorded_by``."""

    class Meta:
        model = RichPicture

    kind = "problem"
    title = factory.Sequence(lambda n: f"Picture {n}")
    viewpoint = "Residents of the square"
    drawn_on = A_DAY
    text_alternative = "A square with a dark corner."
    agency = factory.LazyAttribute(lambda o: o.recorded_by.agency)
    file = factory.LazyFunction(
        lambda: StoredFileFactory(name="picture.png", content_type="image/png", content=png())
    )


class PictureRegionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PictureRegion

    label = "The dark corner"
    left, top, width, height = "10.0", "10.0", "20.0", "20.0"


class ThemeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Theme

    words = "Nobody can see in."


def png():
    """Return a small picture."""
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(stream, "PNG")
    return stream.getvalue()


def upload(name="drawing.png"):
    """Return a small picture as it comes from a form."""
    return SimpleUploadedFile(name, png(), content_type="image/png")
