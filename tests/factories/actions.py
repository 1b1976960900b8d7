"""Actions for tests."""

import datetime as dt
import io

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from delivery.models import Action, ActionComment


class ActionFactory(factory.django.DjangoModelFactory):
    """Needs ``location``, ``owner`` and ``asked_by``."""

    class Meta:
        model = Action

    title = factory.Sequence(lambda n: f"Action {n}")
    due_on = dt.date(2024, 7, 2)
    asked_on = dt.date(2024, 6, 3)
    agency = factory.LazyAttribute(lambda o: o.asked_by.agency)


class ActionCommentFactory(factory.django.DjangoModelFactory):
    """Needs ``action`` and ``said_by``."""

    class Meta:
        model = ActionComment

    text = "Seen."
    said_on = dt.date(2024, 6, 10)
    agency = factory.LazyAttribute(lambda o: o.said_by.agency)


def picture(name="photo.jpg", kind="JPEG"):
    """Return a small photo as it comes from a form."""
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(stream, kind)
    return SimpleUploadedFile(name, stream.getvalue())
