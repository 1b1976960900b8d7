"""Properties over generated files: sums hold, and rubbish is refused in words."""

from __future__ import annotations

import csv
import random
import tempfile
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from incidents.ingest import import_street_crime
from incidents.models import Incident
from tests.factories.incidents import POLICE, street_text

pytestmark = pytest.mark.django_db
NAME = "2021-03-west-mercia-street.csv"
with (POLICE / NAME).open(newline="", encoding="utf-8") as file:
    REAL = list(csv.DictReader(file))
RAW = (POLICE / NAME).read_bytes()
few = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


class UndoError(Exception):
    """Ends an example without a trace."""


def importing(raw: bytes, **options):
    """Import one file's bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        path.write_bytes(raw)
        return import_street_crime([path], **options)


@few
@given(
    chosen=st.lists(st.sampled_from(range(len(REAL))), min_size=1, max_size=120),
    seed=st.integers(),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_any_rows_in_any_order_any_number_of_times_keep_their_sums(chosen, seed, end):
    rows = [REAL[number] for number in chosen]
    mixed = rows[:]
    random.Random(seed).shuffle(mixed)
    try:
        with transaction.atomic():
            first = importing(street_text(rows, end).encode())
            assert first.files[0].read == first.files[0].stored == len(rows)
            assert first.files[0].without_location == sum(not row["Longitude"] for row in rows)
            assert Incident.objects.count() == len(rows)
            second = importing(street_text(mixed).encode())
            assert (second.inserted, second.deleted) == (0, 0)
            half = importing(street_text(mixed[: len(mixed) // 2 + 1]).encode())
            assert half.deleted == len(rows) - len(mixed) // 2 - 1
            assert half.inserted == 0
            raise UndoError
    except UndoError:
        pass
    assert not Incident.objects.exists()


@few
@given(data=st.data(), keep_good=st.booleans())
def test_a_damaged_file_is_taken_whole_or_refused_in_words(data, keep_good):
    """Cuts, and bytes put in anywhere, lead to BadInput or to an honest account; never a crash."""
    cut = data.draw(st.integers(0, len(RAW)))
    where = data.draw(st.integers(0, cut))
    put = data.draw(
        st.one_of(
            st.binary(max_size=12),
            st.sampled_from(
                [b'"', b",", b"\n", b"\r", b"\r\n", b"\\.", b"\n\\.\n", b"\x00", b"\xff"]
            ),
        )
    )
    damaged = RAW[:where] + put + RAW[where:cut]
    try:
        with transaction.atomic():
            result = importing(damaged, keep_good=keep_good)
            sums = result.files[0]
            assert sums.read == sums.stored + sums.rejected
            assert sums.stored == Incident.objects.count()
            assert keep_good or sums.rejected == 0
            raise UndoError
    except UndoError:
        words = NAME
    except BadInput as error:
        words = str(error)
    assert NAME in words
    assert not Incident.objects.exists()


@few
@given(rubbish=st.binary(max_size=2000), suffix=st.sampled_from([".csv", ".zip"]))
def test_rubbish_is_refused(rubbish, suffix):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"2021-03-west-mercia-street{suffix}"
        path.write_bytes(rubbish)
        with pytest.raises(BadInput, match="2021-03-west-mercia-street"):
            import_street_crime([path])
