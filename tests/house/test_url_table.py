"""Every address has its row in ``url_table.csv``, which says by hand what each persona gets.

A row is one method at one address: the columns of the personas hold the status they get ("login":
sent to sign in), ``body`` what is sent (JSON; as a form to pages), ``note`` the reason where the
statuses surprise. Addresses name the rows of ``tests/world.py``: ``/locations/{location}/``.
Whoever adds an address adds its rows; an address or method without a row fails. The cells are asked
by ``tests/matrix/``, with their twins: docs/access-matrix.md.
"""

from pathlib import Path

import pytest
from django.urls import resolve
from rest_framework.permissions import IsAuthenticated
from rest_framework.viewsets import ViewSetMixin

from accounts.models import ApiToken
from core.api.base import ScopedViewSet
from core.models import JobRun
from core.views import ScopedView
from programmes.models import LocationMembership, ProgrammeMembership
from tests import areas
from tests.house.routes import routes
from tests.world import INVITATION, make_one_of_everything

TABLE = Path(__file__).with_name("url_table.csv")

# Views that answer without signing in, apart from those that say so themselves (public_reason).
OPEN_API = {"SpectacularAPIView": "the description of the API holds no data"}

# Views without a scoped queryset: what they show belongs to nobody, or to the caller alone.
UNSCOPED = {
    "SignInView": "before anyone is known",
    "SignOutView": "ends the caller's own session",
    "ProfileView": "the caller's own account",
    "SecondFactorView": "between the password and the session",
    "SecurityView": "the caller's own account",
    "ChangePasswordView": "the caller's own account",
    "PasswordAgainView": "the caller's own account",
    "CodeAgainView": "the caller's own account",
    "SetUpView": "the caller's own account",
    "RemoveView": "the caller's own account",
    "RecoveryCodesView": "the caller's own account",
    "NewRecoveryCodesView": "the caller's own account",
    "RecoveryCodesFileView": "the caller's own account",
    "SessionsView": "the caller's own sessions",
    "SessionEndView": "the caller's own sessions",
    "OtherSessionsEndView": "the caller's own sessions",
    "ResetView": "before anyone is known; says nothing of anybody",
    "ResetSentView": "before anyone is known; says nothing of anybody",
    "ResetFromLinkView": "before anyone is known; found by the secret in its link",
    "ResetDoneView": "before anyone is known; says nothing of anybody",
    "LinkView": "before anyone is known; found by the secret in its link",
    "LinkCodeView": "before anyone is known; found by the secret in its link",
    "MeView": "the caller's own account",
    "InvitationView": "before anyone is known; found by the secret in its link",
    "TokenListView": "the caller's own tokens",
    "TokenCreateView": "the caller's own tokens",
    "TokenRevokeView": "the caller's own tokens",
    "AccessibilityView": "the accessibility statement",
    "PrivacyView": "the privacy notice",
    "HelpView": "help holds no data",
    "HelpTopicView": "help holds no data",
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
    return areas.table(TABLE, "own")


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
        "entry_id": made["core.LedgerEntry"].pk,
        "consent_id": made["programmes.Consent"].pk,
        "job_id": made["core.JobRun"].pk,
        "location_id": step.location_id,
        "table_id": made["core.TabularImport"].pk,
        "export_id": JobRun.objects.get(
            kind="core.export", requested_by=made["core.JobRun"].requested_by
        ).pk,
        "agreement_id": made["programmes.SharingAgreement"].pk,
        "party_id": made["programmes.AgreementParty"].pk,
        "lead_party_id": made["programmes.SharingAgreement"]
        .parties.get(agency__name="West Mercia Police")
        .pk,
        "agency_id": made["accounts.AgencyMembership"].anchor_id,
        "agency_member_id": made["accounts.AgencyMembership"].pk,
        **names_of_people(made["accounts.User"]),
        "source": made.get("source", "none"),
        "import_id": made.get("import", "00000000-0000-0000-0000-000000000000"),
        "area_id": made.get("area", 1),
        **{
            name: value
            for names_of in areas.said("things", "names")
            for name, value in names_of(made).items()
        },
    }


def names_of_people(person):
    """Return what stands for an invited person, their role, their invitation and tokens."""
    researchers = ProgrammeMembership.objects.filter(role="researcher")
    return {
        "person_id": person.pk,
        "invitation_id": person.invitations.get().pk,
        "invitation_token": INVITATION,
        "person_token_id": person.api_tokens.get().pk,
        "own_token_id": ApiToken.objects.exclude(user=person).get(name="laptop").pk,
        "member_id": LocationMembership.objects.get(user=person).pk,
        "programme_member_id": researchers.get(anchor__slug="west-mercia").pk,
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
        "{consent_id}",
        "{entry_id}",
        "{member_id}",
        "{programme_member_id}",
        *(f"{{{name}}}" for twins in areas.said("things", "TWINS") for name in twins),
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
    listed = UNSCOPED.keys() | set().union(*areas.said("things", "UNSCOPED"))
    for route in routes():
        if not issubclass_of(route.view, (ScopedView, ScopedViewSet)):
            assert route.view.__name__ in listed, f"{route.route}: use a base view or list it"


def issubclass_of(view, kinds):
    return isinstance(view, type) and issubclass(view, kinds)
