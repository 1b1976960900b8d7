"""Tries are counted in the database, each kind for itself."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings as django_settings
from django.db import connection

from accounts.models import SignInCount
from accounts.tries import LIMITS, WINDOW, count_try, forget_tries


@pytest.mark.parametrize("kind", sorted(LIMITS))
def test_each_kind_has_its_limit(db, kind):
    allowed = [count_try(kind, "somebody") for _ in range(LIMITS[kind] + 2)]
    assert allowed == [True] * LIMITS[kind] + [False] * 2


def test_kinds_and_keys_do_not_hold_each_other_up(db):
    for _ in range(LIMITS["reset"] + 1):
        count_try("reset", "ada@example.test")
    assert not count_try("reset", "ADA@example.test ")
    assert count_try("reset", "bob@example.test")
    assert count_try("password", "ada@example.test")
    forget_tries("reset", "ada@example.test")
    assert count_try("reset", "ada@example.test")


def test_parts_of_a_key_cannot_be_shifted_into_each_other_by_kind(db):
    count_try("reset", "x")
    count_try("password", "x")
    assert SignInCount.objects.count() == 2


def test_the_window_ends(db):
    for _ in range(LIMITS["reset"] + 1):
        count_try("reset", "x")
    row = SignInCount.objects.get()
    SignInCount.objects.update(started_at=row.started_at - WINDOW - dt.timedelta(seconds=1))
    assert count_try("reset", "x")
    assert SignInCount.objects.get().tries == 1


def test_an_unknown_kind_is_a_programmers_error(db):
    with pytest.raises(KeyError):
        count_try("anything", "x")


def test_limits_that_count_in_a_cache_of_each_process_are_off():
    assert django_settings.ACCOUNT_RATE_LIMITS is False
    assert django_settings.MFA_RATE_LIMITS is False


@pytest.mark.django_db(transaction=True)
def test_tries_sent_at_the_same_moment_over_many_connections_are_all_counted():
    def go(_):
        try:
            return count_try("sign-in", "ada@example.test", "127.0.0.1")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(go, range(30)))
    assert sum(allowed) == LIMITS["sign-in"]
