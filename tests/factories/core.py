"""Jobs and stored files for tests."""

import hashlib
import uuid
from pathlib import Path

import factory
from django.conf import settings

from core.models import JobRun, StoredFile


class JobRunFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = JobRun

    kind = "tests.nothing"
    key = factory.LazyFunction(lambda: uuid.uuid4().hex)
    title = factory.Sequence(lambda n: f"Job {n}")


class StoredFileFactory(factory.django.DjangoModelFactory):
    """A row with its file; ``content`` gives the bytes."""

    class Meta:
        model = StoredFile
        exclude = ("content",)

    content = b"first,second\n1,2\n"
    name = "table.csv"
    content_type = "text/csv; charset=utf-8"
    size = factory.LazyAttribute(lambda o: len(o.content))
    sha256 = factory.LazyAttribute(lambda o: hashlib.sha256(o.content).hexdigest())
    path = factory.LazyAttribute(lambda o: _lay_down(o.content))


def _lay_down(content: bytes) -> str:
    relative = f"aa/{uuid.uuid4().hex}.csv"
    target = Path(settings.MEDIA_ROOT) / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return relative
