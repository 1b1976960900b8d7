"""A data package of Leominster that counts 52 reports."""

import datetime as dt

import pytest

from incidents.models import DataPackage
from tests.factories.core import StoredFileFactory


@pytest.fixture
def package(people):
    return DataPackage.objects.create(
        location=people.location,
        first_month=dt.date(2024, 1, 1),
        last_month=dt.date(2024, 3, 1),
        recipe={},
        summary={"reports": 52, "missing": [], "months": []},
        fingerprint="a" * 64,
        built_on=dt.date(2024, 6, 1),
        file=StoredFileFactory(),
        briefing_html=StoredFileFactory(),
        briefing_pdf=StoredFileFactory(),
    )
