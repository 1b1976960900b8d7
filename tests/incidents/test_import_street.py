"""The import as a whole: replay, difference, all or nothing, what the command prints."""

from __future__ import annotations

import datetime as dt
import io
import json
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.errors import BadInput
from core.models import DataImport, RejectedRow
from incidents.ingest import import_street_crime
from incidents.models import Category, Force, ForceMonth, Incident
from tests.factories.incidents import POLICE, row, street_file, street_text
from tests.factories.places import AreaFactory

pytestmark = pytest.mark.django_db
MARCH = POLICE / "2021-03-west-mercia-street.csv"


def snapshot():
    """Return every row of the tables that an import writes, with the database's own versions."""
    found = {}
    with connection.cursor() as cursor:
        for model in (Incident, ForceMonth, DataImport, Force, Category, RejectedRow):
            cursor.execute(f"SELECT xmin::text, ctid::text, t.* FROM {model._meta.db_table} t")
            found[model.__name__] = sorted(map(str, cursor.fetchall()))
    return found


def test_the_same_file_again_writes_nothing_at_all():
    first = import_street_crime([MARCH])
    before = snapshot()
    second = import_street_crime([MARCH])
    assert snapshot() == before
    assert second.files == first.files
    assert (second.inserted, second.deleted) == (0, 0)


def test_a_changed_file_is_applied_as_its_difference(tmp_path):
    rows = [row(Location=f"On or near Street {n}") for n in range(6)]
    import_street_crime([street_file(tmp_path, [*rows, rows[0], rows[0]])])
    before = set(Incident.objects.values_list("pk", flat=True))
    changed = [*rows[:5], rows[0], row(Location="On or near New Street")]
    result = import_street_crime([street_file(tmp_path, changed)])
    after = set(Incident.objects.values_list("pk", flat=True))
    assert (result.inserted, result.deleted) == (1, 2)
    assert len(after & before) == 6
    assert result.files[0].stored == Incident.objects.count() == 7
    assert ForceMonth.objects.get().sha256 == DataImport.objects.first().sha256
    assert DataImport.objects.count() == 2, "the earlier import stays as history"


def test_the_order_of_the_files_and_of_their_rows_makes_no_difference(tmp_path):
    rows = [row(Location=f"On or near Street {n % 3}") for n in range(9)]
    import_street_crime([street_file(tmp_path, rows)])
    ids = set(Incident.objects.values_list("pk", flat=True))
    result = import_street_crime([street_file(tmp_path, reversed(rows))])
    assert (result.inserted, result.deleted) == (0, 0)
    assert set(Incident.objects.values_list("pk", flat=True)) == ids


def test_one_bad_row_refuses_every_file_of_the_command(tmp_path):
    good = street_file(tmp_path, [row()])
    bad = street_file(
        tmp_path,
        [row(Month="2024-02"), row(Month="2024-02", Longitude="400")],
        "2024-02-west-mercia-street.csv",
    )
    before = snapshot()
    with pytest.raises(BadInput) as caught:
        import_street_crime([good, bad])
    error = caught.value.errors[0]
    assert (error.file, error.row, error.column, error.found) == (bad.name, 3, "Longitude", "400")
    assert snapshot() == before


def test_all_bad_files_are_named_at_once(tmp_path):
    files = [
        street_file(
            tmp_path,
            [row(Month=f"2024-0{n}", Latitude="north")],
            f"2024-0{n}-west-mercia-street.csv",
        )
        for n in (1, 2, 3)
    ]
    with pytest.raises(BadInput) as caught:
        import_street_crime(files)
    assert [error.file for error in caught.value.errors] == [file.name for file in files]


def test_keep_good_stores_the_rest_and_keeps_the_bad_rows_to_be_mended(tmp_path):
    text = street_text([row(), row(Longitude="400"), row(**{"Crime type": "Witchcraft"}), row()])
    path = tmp_path / "2024-01-west-mercia-street.csv"
    path.write_text(text + "one,two,three\r\n", newline="")
    result = import_street_crime([path], keep_good=True)
    sums = result.files[0]
    assert (sums.read, sums.stored, sums.rejected) == (5, 2, 3)
    kept = list(RejectedRow.objects.values_list("row", "column", "found"))
    assert kept == [(3, "Longitude", "400"), (4, "Crime type", "Witchcraft"), (6, "", "3 columns")]
    lines = text.splitlines()
    assert RejectedRow.objects.get(row=3).raw == lines[2]
    assert RejectedRow.objects.get(row=6).raw == "one,two,three"
    with pytest.raises(BadInput):
        import_street_crime([path])
    before = snapshot()
    assert import_street_crime([path], keep_good=True).files == result.files
    assert snapshot() == before


def test_keep_good_does_not_keep_a_file_without_a_good_row(tmp_path):
    with pytest.raises(BadInput):
        import_street_crime([street_file(tmp_path, [row(Longitude="400")])], keep_good=True)
    assert not ForceMonth.objects.exists()


def test_two_forces_with_the_same_month_stand_beside_each_other(tmp_path):
    other = row(**{"Reported by": "Warwickshire Police", "Falls within": "Warwickshire Police"})
    import_street_crime(
        [
            street_file(tmp_path, [row()]),
            street_file(tmp_path, [other], "2024-01-warwickshire-street.csv"),
        ]
    )
    assert ForceMonth.objects.count() == Incident.objects.count() == 2


def test_the_same_file_twice_in_one_command_counts_once(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    files = [street_file(tmp_path / name, [row()]) for name in "ab"]
    result = import_street_crime(files)
    assert result.as_summary()["totals"]["read"] == Incident.objects.count() == 1
    assert result.plan.repeated == [files[1].name]


def test_two_different_files_of_one_month_are_refused(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    files = [street_file(tmp_path / "a", [row()]), street_file(tmp_path / "b", [row(), row()])]
    with pytest.raises(BadInput, match="one file for a force and month"):
        import_street_crime(files)


def test_a_street_file_under_another_name_says_month_and_force_itself(tmp_path):
    result = import_street_crime([street_file(tmp_path, [row(), row()], "download (1).csv")])
    assert (result.files[0].force, result.files[0].month) == ("west-mercia", "2024-01")


def test_a_file_named_after_another_force_is_refused(tmp_path):
    path = street_file(tmp_path, [row()], "2024-01-warwickshire-street.csv")
    with pytest.raises(BadInput, match="expected Warwickshire Police"):
        import_street_crime([path])


def test_an_empty_file_is_not_a_month_without_reports(tmp_path):
    with pytest.raises(BadInput, match="no rows below the header"):
        import_street_crime([street_file(tmp_path, [])])


def test_the_force_is_linked_to_its_area_by_name(tmp_path):
    area = AreaFactory(kind="force", code="E23000016", name="West Mercia", vintage=2020)
    import_street_crime([street_file(tmp_path, [row()])])
    assert Force.objects.get().area == area


def test_progress_is_told_file_by_file(tmp_path):
    told = []
    import_street_crime(
        [street_file(tmp_path, [row()])],
        progress=lambda done, total, stage: told.append((done, total)),
    )
    assert told == [(0, 1), (1, 1)]


def test_the_import_is_the_history_of_its_rows(business_date, tmp_path):
    from tests.factories.accounts import UserFactory

    analyst = UserFactory()
    import_street_crime([street_file(tmp_path, [row()])], by=analyst)
    account = ForceMonth.objects.get().data_import
    assert account.imported_by == analyst
    assert account.imported_on == business_date == dt.date(2024, 6, 25)
    assert account.attribution.endswith("Source: data.police.uk")
    assert account.summary["stored"] == 1


def test_the_command_ends_with_one_line_of_json():
    out = io.StringIO()
    call_command("import_street_crime", str(MARCH), json=True, stdout=out)
    summary = json.loads(out.getvalue().splitlines()[-1])
    one = summary["force_months"][0]
    assert {name: one[name] for name in ("force", "month", "rejected")} == {
        "force": "west-mercia",
        "month": "2021-03",
        "rejected": 0,
    }
    assert summary["totals"] == {
        name: one[name] for name in ("read", "stored", "without_location", "rejected")
    }


def test_the_command_fails_with_the_places_and_changes_nothing(tmp_path):
    path = street_file(tmp_path, [row(Month="2024-13")])
    out = io.StringIO()
    with pytest.raises(CommandError, match="row 2, column “Month”") as caught:
        call_command("import_street_crime", str(path), json=True, stdout=out)
    assert caught.value.returncode == 1
    assert json.loads(out.getvalue())["errors"][0]["found"] == "2024-13"
    assert not Incident.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_month_at_once_are_harmless(tmp_path):
    path = street_file(tmp_path, [row(Location=f"On or near Street {n % 40}") for n in range(400)])
    errors, results = [], []

    def work():
        try:
            results.append(import_street_crime([path]))
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for __ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Incident.objects.count() == 400
    assert sorted(result.inserted for result in results) == [0, 0, 0, 400]
    assert DataImport.objects.count() == 1
