"""Two versions of a package side by side, and what the newer one says of the older."""

from __future__ import annotations

import datetime as dt
import zipfile
from io import BytesIO

import pytest

from incidents.models import DataPackage
from incidents.packages.comparing import compare, comparison_words, earlier_version, others
from tests.factories.core import StoredFileFactory

JANUARY = dt.date(2024, 1, 1)


def zipped(**hashes: str) -> bytes:
    """Return a zip whose table of quality names a file for each month."""
    out = BytesIO()
    lines = ["force,month,sha256", *(f"West Mercia,{m},{sha}" for m, sha in hashes.items())]
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("data_quality.csv", "\n".join(lines) + "\n")
    return out.getvalue()


def version(location, number: int, counts: dict[str, int | None], *, method=3, files=b"", **more):
    file = StoredFileFactory(name="package.zip", content=files or zipped())
    months = [
        {"month": month, "count": count, "status": "missing" if count is None else "observed"}
        for month, count in counts.items()
    ]
    package = DataPackage.objects.create(
        location=location,
        first_month=JANUARY,
        last_month=dt.date(2024, 4, 1),
        recipe={"method": method},
        summary={"months": months},
        fingerprint=f"{number:064x}",
        built_on=dt.date(2024, 5, number),
        file=file,
        briefing_html=file,
        briefing_pdf=file,
        **more,
    )
    made = dt.datetime(2024, 5, number, tzinfo=dt.UTC)
    DataPackage.objects.filter(pk=package.pk).update(created_at=made)
    package.refresh_from_db()
    return package


def said(before, after, **more) -> list[str]:
    return comparison_words(compare(before, after, **more))


def test_months_that_came_and_counts_that_were_revised_are_named(people):
    one = version(people.location, 1, {"2024-01": 20, "2024-02": 11, "2024-03": None})
    two = version(people.location, 2, {"2024-01": 20, "2024-02": 12, "2024-03": 9, "2024-04": 7})
    assert said(one, two) == [
        "New months: March and April 2024.",
        "February 2024 was revised from 11 to 12 reports.",
    ]


def test_a_month_that_is_gone_is_not_called_a_fall(people):
    one = version(people.location, 1, {"2024-01": 20, "2024-02": 11})
    two = version(people.location, 2, {"2024-01": 20, "2024-02": None})
    assert said(one, two) == ["No longer in it: February 2024."]


def test_the_same_counts_from_another_file_are_told_where_the_files_are_looked_at(people):
    same = {"2024-01": 20, "2024-02": 11}
    first = zipped(**{"2024-01": "a" * 64, "2024-02": "b" * 64})
    second = zipped(**{"2024-01": "a" * 64, "2024-02": "c" * 64})
    one = version(people.location, 1, same, files=first)
    two = version(people.location, 2, same, files=second)
    assert said(one, two) == ["Both say the same of every month, by the same method."]
    assert said(one, two, with_files=True) == ["The source file is another for February 2024."]


def test_another_method_is_said(people):
    one = version(people.location, 1, {"2024-01": 20}, method=2)
    two = version(people.location, 2, {"2024-01": 20})
    assert "changed from version 2 to 3" in said(one, two)[0]


def test_the_editions_are_told_apart(people):
    one = version(people.location, 1, {"2024-01": 20})
    two = version(people.location, 2, {"2024-01": 20}, restricted=True)
    assert said(one, two)[0].startswith("One is for partners and one for everybody")


def test_the_version_before_is_the_latest_older_one_of_the_same_edition(people):
    one = version(people.location, 1, {})
    partner = version(people.location, 2, {}, restricted=True)
    two = version(people.location, 3, {})
    later = version(people.location, 4, {})
    known = others(two, people.coordinator)
    assert known == [later, partner, one]
    assert earlier_version(two, known) == one
    assert earlier_version(one, others(one, people.coordinator)) is None


@pytest.fixture
def pair(people):
    return (
        version(people.location, 1, {"2024-01": 20, "2024-02": None}),
        version(people.location, 2, {"2024-01": 21, "2024-02": 9, "2024-04": 3}),
    )


def test_the_page_sets_the_chosen_version_beside_it_the_older_one_first(client, people, pair):
    _one, two = pair
    third = version(people.location, 3, {"2024-01": 5})
    client.force_login(people.coordinator)
    page = client.get(f"{two.get_absolute_url()}compare/").content.decode()
    assert "January 2024 was revised from 20 to 21 reports." in page
    page = client.get(f"{two.get_absolute_url()}compare/?with={third.pk}").content.decode()
    assert "January 2024 was revised from 21 to 5 reports." in page


def test_a_version_that_is_hidden_from_the_reader_cannot_be_asked_for(client, people, pair):
    hidden = version(people.location, 3, {"2024-01": 99}, restricted=True)
    DataPackage.objects.filter(pk=hidden.pk).update(supplied_by=[people.housing.pk])
    client.force_login(people.coordinator)
    page = client.get(f"{pair[1].get_absolute_url()}compare/?with={hidden.pk}").content.decode()
    assert ">99<" not in page
    assert "is not one of the available choices" in page
    assert "January 2024 was revised from 20 to 21 reports." in page


def test_the_only_version_has_nothing_beside_it(client, people):
    only = version(people.location, 1, {"2024-01": 20})
    client.force_login(people.coordinator)
    assert "No other version" in client.get(f"{only.get_absolute_url()}compare/").content.decode()
