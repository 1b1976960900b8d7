"""Each allowed request for what concerns people leaves one entry, each denial one; a sample.

What the whole table of addresses leaves is asked in ``tests/house``.
"""

import pytest

from tests.ledgers import last_id, noted
from tests.world import make_one_of_everything

ALLOWED = [
    ("/locations/leominster/", "view"),
    ("/locations/leominster/steps/", "view"),
    ("/locations/leominster/steps/{step}/", "view"),
    ("/locations/leominster/steps/{step}/evidence/new/", "view"),
    ("/locations/leominster/steps/{step}/evidence/{evidence}/withdraw/", "view"),
    ("/locations/leominster/history/", "view"),
    ("/locations/leominster/people/", "view"),
    ("/locations/leominster/places/grange/", "view"),
    ("/api/v1/steps/", "search"),
    ("/api/v1/steps/{step_id}/", "view"),
    ("/api/v1/evidence/", "search"),
    ("/api/v1/evidence/{evidence}/", "view"),
    ("/api/v1/consents/", "search"),
]


@pytest.fixture
def ask(client, people):
    made = make_one_of_everything(people)
    step, evidence = made["programmes.StepRecord"], made["programmes.Evidence"]
    known = {"step": step.definition.number, "step_id": step.pk, "evidence": evidence.pk}

    def send(who, path):
        client.force_login(getattr(people, who))
        before = last_id()
        response = client.get(path.format(**known))
        return response, [(one.action, one.actor) for one in noted(before)]

    return send


@pytest.mark.parametrize(("path", "action"), ALLOWED)
def test_an_allowed_request_leaves_one_entry_and_a_denied_one_a_denial(ask, people, path, action):
    response, entries = ask("coordinator", path)
    assert (response.status_code, entries) == (200, [(action, people.coordinator.pk)])
    response, entries = ask("neighbour", path)
    if response.status_code == 404:
        assert entries == [("denied", people.neighbour.pk)]
    else:  # a list of the API: empty outside, and noted as a search all the same
        assert (response.json()["results"], entries) == ([], [("search", people.neighbour.pk)])


@pytest.mark.parametrize(
    "path",
    ["/locations/leominster/steps/{step}/sign-off/", "/locations/leominster/edit/", "/ledger/"],
)
def test_what_a_partner_may_not_do_leaves_a_denial(ask, people, path):
    response, entries = ask("partner", path)
    assert (response.status_code, entries) == (403, [("denied", people.partner.pk)])


@pytest.mark.parametrize("path", ["/jobs/", "/ledger/mine/", "/privacy/", "/accounts/profile/"])
def test_what_is_ones_own_or_nobodys_leaves_nothing(ask, path):
    response, entries = ask("coordinator", path)
    assert (response.status_code, entries) == (200, [])
