"""Every address, every persona: ``url_table.csv`` says by hand what each of them gets.

A row is one method at one address: the columns of the personas hold the status they get ("login":
sent to sign in), ``body`` what is sent (JSON; as a form to pages), ``note`` the reason where the
statuses surprise. Addresses name the rows of ``tests/world.py``: ``/locations/{location}/``.
Whoever adds an address adds its rows; an address or method without a row fails.
"""

import csv
import json
import logging
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve
from rest_framework.permissions import IsAuthenticated
from rest_framework.viewsets import ViewSetMixin

from core.api.base import ScopedViewSet
from core.views import ScopedView
from tests.house.routes import routes
from tests.world import make_one_of_everything

TABLE = Path(__file__).with_name("url_table.csv")
PERSONAS = (
    "anonymous",
    "stranger",
    "neighbour",
    "researcher",
    "admin",
    "partner",
    "community",
    "verifier",
    "analyst",
    "leader",
    "coordinator",
    "manager",
)

# Views that answer without signing in, apart from those that say so themselves (public_reason).
OPEN_API = {"SpectacularAPIView": "the description of the API holds no data"}

# Views without a scoped queryset: what they show belongs to nobody, or to the caller alone.
UNSCOPED = {
    "SignInView": "before anyone is known",
    "SignOutView": "ends the caller's own session",
    "ProfileView": "the caller's own account",
    "MeView": "the caller's own account",
    "AccessibilityView": "the accessibility statement",
    "PrivacyView": "the privacy notice",
    "GalleryView": "shows components with invented texts",
    "HealthView": "says whether the process and its services answer",
    "SpectacularAPIView": "describes the API, holds no data",
    "APIRootView": "lists the API's addresses",
    "UnknownAddress": "always 404",
    "AboutPage": "tells what the demonstration is; exists in a demonstration only",
    "BusinessDatePage": "moves the demonstration's date; administrators of a demonstration only",
    "MailPage": "the demonstration's mail, to each their own; exists in a demonstration only",
}


def table():
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def names(made):
    """Return what the placeholders of the table stand for."""
    step = made["programmes.StepRecord"]
    return {
        "programme": "west-mercia",
        "location": "leominster",
        "place": "grange",
        "place_id": made["programmes.TargetPlace"].pk,
        "step": step.definition.number,
        "step_id": step.pk,
        "template_id": step.definition.template_id,
        "evidence_id": made["programmes.Evidence"].pk,
        "package_id": made["incidents.DataPackage"].pk,
        "report_id": made["reports.ProgressReport"].pk,
        "job_id": made["core.JobRun"].pk,
        "agency_id": made["accounts.AgencyMembership"].anchor_id,
        "source": made.get("source", "none"),
        "import_id": made.get("import", "00000000-0000-0000-0000-000000000000"),
        "area_id": made.get("area", 1),
    }


@pytest.fixture
def known(people, settings):
    settings.DEMONSTRATION = True
    return names(make_one_of_everything(people))


def route_of(row, known):
    return resolve(filled(row["path"], known).split("?")[0]).route


def test_every_address_and_method_has_a_row(known):
    listed = {(route_of(row, known), row["method"].lower()) for row in table()}
    lacking = [
        f"{method.upper()} {route.route}"
        for route in routes()
        for method in sorted(route.methods)
        if (route.route, method) not in listed
    ]
    assert lacking == [], "add rows to tests/house/url_table.csv"


def test_every_row_has_an_address_of_its_own(known):
    offered = {(route.route, method) for route in routes() for method in route.methods}
    for row in table():
        at = (route_of(row, known), row["method"].lower())
        assert at in offered or "405" in row.values() or "404" in row.values(), row["path"]
    keys = [(row["method"], row["path"], row["body"]) for row in table()]
    assert len(keys) == len(set(keys))


def filled(text, known):
    for name, value in known.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def answer(client, row, known):
    """Send the row's request and return what the table would say of the answer."""
    body = json.loads(filled(row["body"], known)) if row["body"] else {}
    path = filled(row["path"], known)
    send = getattr(client, row["method"].lower())
    with transaction.atomic():
        if row["method"] == "GET":
            response = send(path)
        elif path.startswith("/api/"):
            response = send(path, data=json.dumps(body), content_type="application/json")
        else:
            response = send(path, data=body)
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    if response.status_code == 302 and response.url.startswith("/accounts/login/"):
        return "login"
    return str(response.status_code)


def test_each_persona_gets_what_the_table_says(people, known, caplog):
    caplog.set_level(logging.CRITICAL)  # hundreds of refusals are what is asked for
    wrong = []
    for persona in PERSONAS:
        client = Client(raise_request_exception=False)
        if persona != "anonymous":
            client.force_login(getattr(people, persona))
        signed_in = client.cookies.output()
        for row in table():
            client.cookies.clear()
            client.cookies.load(signed_in.replace("Set-Cookie: ", ""))  # one row signs out
            got = answer(client, row, known)
            if got != row[persona]:
                wrong.append(
                    f"{row['method']} {row['path']} {row['body']} as {persona}: "
                    f"{got}, the table says {row[persona]}"
                )
    assert wrong == [], "\n".join(wrong)


def test_who_is_outside_never_gets_anything_of_a_place(known):
    """The table itself keeps the rule: outside one's scope 404, without signing in nothing."""
    inside = (
        "{location}",
        "{programme}",
        "{place_id}",
        "{step_id}",
        "{evidence_id}",
        "{package_id}",
        "{report_id}",
    )
    for row in table():
        if any(name in row["path"] for name in inside):
            for persona in ("stranger", "neighbour", "admin"):
                assert row[persona] in ("404", "405"), row["path"]
            assert row["anonymous"] in ("login", "401"), row["path"]


def test_views_open_to_all_give_a_reason():
    for route in routes():
        if issubclass_of(route.view, ViewSetMixin) or hasattr(route.view, "permission_classes"):
            if IsAuthenticated not in route.view.permission_classes:
                assert route.view.__name__ in OPEN_API, route.route
        elif getattr(route.callback, "login_required", True) is False:
            assert getattr(route.view, "public_reason", ""), route.route


def test_views_without_scope_are_listed_with_a_reason():
    for route in routes():
        if not issubclass_of(route.view, (ScopedView, ScopedViewSet)):
            assert route.view.__name__ in UNSCOPED, f"{route.route}: use a base view or list it"


def issubclass_of(view, kinds):
    return isinstance(view, type) and issubclass(view, kinds)
