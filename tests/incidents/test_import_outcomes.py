"""What became of crimes: outcomes files are taken in as street files are, and counted apart."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import uuid

import pytest
from django.core.management import call_command
from django.db import connection

from core.errors import BadInput
from core.models import DataImport, RejectedRow
from incidents import selectors
from incidents.ingest import import_street_crime
from incidents.ingest.layout import OUTCOMES_HEADER
from incidents.models import Force, ForceMonth, Incident, Outcome
from tests.factories.incidents import POLICE, row, street_file

pytestmark = pytest.mark.django_db
MARCH = POLICE / "2021-03-west-mercia-outcomes.csv"
NAME = "2024-01-west-mercia-outcomes.csv"


def outcome(**fields):
    usual = {
        name: value for name, value in row(Crime_ID="a" * 64).items() if name in OUTCOMES_HEADER
    }
    return usual | {"Outcome type": "Local resolution"} | fields


def outcomes_file(folder, rows, name=NAME):
    out = io.StringIO()
    writer = csv.DictWriter(out, OUTCOMES_HEADER, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    path = folder / name
    path.write_bytes(out.getvalue().encode())
    return path


def published(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def snapshot():
    """Return what an import writes, with the database's own versions of the rows."""
    found = []
    with connection.cursor() as cursor:
        for model in (Outcome, ForceMonth, DataImport):
            cursor.execute(f"SELECT xmin::text, ctid::text, t.* FROM {model._meta.db_table} t")
            found += sorted(map(str, cursor.fetchall()))
    return found


def test_every_column_is_kept_as_published():
    import_street_crime([MARCH])
    kept = sorted(
        (
            one.crime_id,
            f"{one.month:%Y-%m}",
            one.reported_by,
            one.falls_within,
            "" if one.point is None else f"{one.point.x:.6f}",
            "" if one.point is None else f"{one.point.y:.6f}",
            one.street,
            one.lsoa_code,
            one.lsoa_name,
            one.outcome_type,
        )
        for one in Outcome.objects.all()
    )
    wanted = sorted(
        tuple(
            f"{float(value):.6f}" if value and name in {"Longitude", "Latitude"} else value
            for name, value in line.items()
        )
        for line in published(MARCH)
    )
    assert kept == wanted
    held = ForceMonth.objects.get()
    assert (held.kind, held.month, held.rows_read) == ("outcomes", dt.date(2021, 3, 1), 20)


def test_outcomes_alone_hold_no_month_of_reports():
    summary = import_street_crime([MARCH]).as_summary()
    assert summary["force_months"] == []
    assert summary["totals"]["read"] == summary["changed"]["inserted"] == 0
    assert {name: summary["outcomes"][name] for name in ("files", "read", "stored")} == {
        "files": 1,
        "read": 20,
        "stored": 20,
    }
    force, month = Force.objects.get(), dt.date(2021, 3, 1)
    assert [one.status for one in selectors.coverage(force, month, month)] == ["missing"]
    assert selectors.snap_periods(force) == []


def test_outcomes_change_nothing_of_what_is_held_of_reports(tmp_path):
    """Neither what months are held, nor their points, nor which months look incomplete."""
    files = [
        street_file(tmp_path, [row(Month=month)] * 40, f"{month}-west-mercia-street.csv")
        for month in ("2024-01", "2024-02", "2024-03")
    ]
    import_street_crime(files)
    force = Force.objects.get()
    before = list(ForceMonth.objects.filter(kind="street").values_list())
    found = selectors.coverage(force, dt.date(2024, 1, 1), dt.date(2024, 4, 1))
    import_street_crime(
        [
            outcomes_file(tmp_path, [outcome(Month=month)], f"{month}-west-mercia-outcomes.csv")
            for month in ("2024-02", "2024-04")
        ]
    )
    assert list(ForceMonth.objects.filter(kind="street").values_list()) == before
    assert selectors.coverage(force, dt.date(2024, 1, 1), dt.date(2024, 4, 1)) == found
    assert [one.status for one in found] == ["observed"] * 3 + ["missing"]
    assert ForceMonth.objects.filter(kind="outcomes", points_shared=None).count() == 2


def test_the_identity_of_a_row_stays_what_it_always_was(tmp_path):
    """Databases hold these ids: another way of working them out would store every row twice."""

    def expected(kind, fields, occurrence):
        joined = "\x1f".join(["west-mercia", "2024-01", kind, *fields])
        key = hashlib.md5(joined.encode(), usedforsecurity=False).hexdigest()
        text = f"{key}\x1f{occurrence}".encode()
        return uuid.UUID(hashlib.md5(text, usedforsecurity=False).hexdigest())

    import_street_crime(
        [street_file(tmp_path, [row(), row()]), outcomes_file(tmp_path, [outcome(), outcome()])]
    )
    for model, kind, fields in (
        (Incident, "street", row().values()),
        (Outcome, "outcomes", outcome().values()),
    ):
        assert dict(model.objects.values_list("occurrence", "pk")) == {
            number: expected(kind, fields, number) for number in (1, 2)
        }
    assert uuid.UUID("70c1522b-c5df-1754-41f5-7881572955c2") in set(
        Incident.objects.values_list("pk", flat=True)
    )


def test_a_crime_may_have_several_outcomes_and_identical_rows_are_kept(tmp_path):
    rows = [outcome(), outcome(), outcome(**{"Outcome type": "Suspect charged"})]
    import_street_crime([outcomes_file(tmp_path, rows)])
    assert Outcome.objects.filter(crime_id="a" * 64).count() == 3
    assert sorted(Outcome.objects.values_list("occurrence", flat=True)) == [1, 1, 2]


def test_the_same_file_again_is_no_change_and_a_changed_one_its_difference(tmp_path):
    rows = [outcome(Location=f"On or near Street {n}") for n in range(5)]
    import_street_crime([outcomes_file(tmp_path, rows)])
    before = snapshot()
    again = import_street_crime([outcomes_file(tmp_path, rows)]).as_summary()["outcomes"]
    assert snapshot() == before
    assert (again["stored"], again["inserted"], again["deleted"]) == (5, 0, 0)
    kept = set(Outcome.objects.values_list("pk", flat=True))
    summary = import_street_crime(
        [outcomes_file(tmp_path, [*rows[:4], rows[0], outcome(Location="On or near Lane")])]
    ).as_summary()
    assert (summary["outcomes"]["inserted"], summary["outcomes"]["deleted"]) == (2, 1)
    assert summary["changed"] == {"inserted": 0, "deleted": 0}
    assert len(kept & set(Outcome.objects.values_list("pk", flat=True))) == 4


def test_a_held_month_in_another_version_stays_where_nothing_may_be_replaced(tmp_path):
    import_street_crime([outcomes_file(tmp_path, [outcome()])])
    result = import_street_crime([outcomes_file(tmp_path, [outcome()] * 2)], replace=False)
    assert Outcome.objects.count() == 1
    assert "held already" in result.plan.skipped[0]["reason"]
    # The reports of the same month are not held, and come in.
    result = import_street_crime([street_file(tmp_path, [row()])], replace=False)
    assert result.inserted == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Crime ID", ""),
        ("Outcome type", ""),
        ("Outcome type", "x" * 201),
        ("Month", "2024-02"),
        ("Longitude", "400"),
        ("LSOA code", "Leominster"),
    ],
)
def test_a_bad_value_refuses_the_reports_beside_it_too(tmp_path, field, value):
    path = outcomes_file(tmp_path, [outcome(), outcome(**{field: value})])
    with pytest.raises(BadInput) as caught:
        import_street_crime([street_file(tmp_path, [row()]), path])
    error = caught.value.errors[0]
    assert (error.file, error.row, error.column) == (path.name, 3, field)
    assert not Incident.objects.exists()
    assert not Outcome.objects.exists()


def test_keep_good_keeps_the_bad_row_of_an_outcomes_file(tmp_path):
    path = outcomes_file(tmp_path, [outcome(), outcome(Longitude="400")])
    path.write_bytes(path.read_bytes() + b"one,two\r\n")
    found = import_street_crime([path], keep_good=True).as_summary()["outcomes"]
    assert (found["read"], found["stored"], found["rejected"]) == (3, 1, 2)
    assert list(RejectedRow.objects.order_by("row").values_list("row", "column", "found")) == [
        (3, "Longitude", "400"),
        (4, "", "2 columns"),
    ]


def test_an_outcomes_file_without_rows_keeps_nobody_from_the_reports(tmp_path):
    result = import_street_crime(
        [street_file(tmp_path, [row()]), outcomes_file(tmp_path, [])],
    )
    assert result.inserted == 1
    assert [one["file"] for one in result.plan.skipped] == [NAME]
    assert not ForceMonth.objects.filter(kind="outcomes").exists()


@pytest.mark.parametrize(
    "name", ["2024-01-west-mercia-street.csv", "2024-01-warwickshire-outcomes.csv"]
)
def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path, name):
    with pytest.raises(BadInput):
        import_street_crime([outcomes_file(tmp_path, [outcome()], name)])


def test_a_file_under_another_name_says_month_and_force_itself(tmp_path):
    import_street_crime([outcomes_file(tmp_path, [outcome()], "download.csv")])
    held = ForceMonth.objects.get()
    assert (held.force.slug, held.month, held.kind) == (
        "west-mercia",
        dt.date(2024, 1, 1),
        "outcomes",
    )


def test_the_command_says_what_became_of_outcomes():
    out = io.StringIO()
    call_command("import_street_crime", str(MARCH), stdout=out)
    assert "1 outcomes files: 20 rows read, 20 stored, 0 rejected; now 20 added" in out.getvalue()
    out = io.StringIO()
    call_command("import_street_crime", str(MARCH), json=True, stdout=out)
    summary = json.loads(out.getvalue().splitlines()[-1])
    assert summary["outcomes"]["inserted"] == 0
