"""Fixtures of the ground floor's tests."""

import pytest

from core.jobs import job, registry


@pytest.fixture
def kind(monkeypatch):
    """A kind of job whose function the test gives."""

    def declare(function, **options):
        monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
        job(kind="tests.here", title="Here", **options)(function)
        return "tests.here"

    return declare
