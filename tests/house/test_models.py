"""Every model has a history and a scope, or says why not."""

from pathlib import Path

from django.apps import apps
from django.conf import settings

from core.selectors import keeps_history

ROOT = Path(settings.BASE_DIR)

IMPORTED = "bulk-loaded: its import is its history"
DERIVED = "derived from memberships, whose history is kept"
UNTRACED = "history would hold the moment of an answer, which could tell whose it is"
WITHOUT_HISTORY = {
    "accounts.AgencyUserPermission": DERIVED,
    "programmes.LocationUserPermission": DERIVED,
    "programmes.ProgrammeUserPermission": DERIVED,
    "accounts.SignInCount": "counts tries for a quarter of an hour, names nobody",
    "delivery.SentNotice": "is itself the record of what was sent",
    "core.BusinessDate": "moved in a demonstration only",
    "core.DataImport": "is itself the history of bulk-loaded rows",
    "core.RejectedRow": "part of the account of an import",
    "core.DueRun": "is itself the record of what ran",
    "core.JobRun": "is itself the record of the work; kept, never edited by people",
    "core.LedgerEntry": "only added to; is itself the record of what was done",
    "core.LedgerSeal": "only added to; each stands on the one before",
    "core.TabularImport": "is itself the record of a table; what it stores keeps its own history",
    "core.StoredFile": "never changed: another file is another row",
    "places.Area": IMPORTED,
    "places.AreaLink": IMPORTED,
    "places.AreaPart": IMPORTED,
    "places.Classification": IMPORTED,
    "places.Deprivation": IMPORTED,
    "places.Population": IMPORTED,
    "incidents.Category": IMPORTED,
    "incidents.FeedIncident": IMPORTED,
    "incidents.FeedMonth": IMPORTED,
    "incidents.Force": IMPORTED,
    "incidents.ForceMonth": IMPORTED,
    "incidents.Incident": IMPORTED,
    "incidents.Outcome": IMPORTED,
    "incidents.Source": IMPORTED,
    "surveys.AnswerCode": UNTRACED,
    "surveys.Reply": UNTRACED,
    "surveys.Submission": UNTRACED,
}

GEOGRAPHY = "public geography and statistics"
OPEN = "open data, or reached only through a scoped selector of its location"
INNER = "reached through its owner only, never listed by itself"
WITHOUT_SCOPE = {
    "accounts.ApiToken": "a token is its person's; services ask for the person",
    "accounts.SignInCount": "shown to nobody",
    "accounts.AccessLink": "reached through its person, or by the secret in its link",
    "accounts.Invitation": "reached through its person, or by the secret in its link",
    "accounts.AgencyUserPermission": DERIVED,
    "programmes.LocationUserPermission": DERIVED,
    "programmes.ProgrammeUserPermission": DERIVED,
    "delivery.CalendarFeed": "a calendar address is its person's; found by its secret",
    "delivery.MailChoice": "each person's own; services ask for the person",
    "delivery.SentNotice": "shown to nobody",
    "core.BusinessDate": "the same for everyone",
    "core.DataImport": OPEN,
    "core.RejectedRow": INNER,
    "core.DueRun": "shown to nobody",
    "core.LedgerSeal": "digests, the same for everyone; shown as how far the ledger is sealed",
    "core.StoredFile": "has no address of its own; its owner serves it",
    "places.Area": GEOGRAPHY,
    "places.AreaLink": GEOGRAPHY,
    "places.AreaPart": GEOGRAPHY,
    "places.Classification": GEOGRAPHY,
    "places.Deprivation": GEOGRAPHY,
    "places.Population": GEOGRAPHY,
    "places.AreaDefinition": INNER,
    "places.AreaDefinitionMember": INNER,
    "incidents.Category": OPEN,
    "incidents.FeedIncident": "read by incidents.feeds alone, which asks who is covered",
    "incidents.FeedMonth": "reached through its feed only, never listed by itself",
    "incidents.Force": OPEN,
    "incidents.ForceMonth": OPEN,
    "incidents.Incident": OPEN,
    "incidents.Outcome": OPEN,
    "incidents.Source": OPEN,
    "programmes.StepDefinition": "the method is open to read, through its template",
    "programmes.EvidenceWanted": "the method is open to read, through its template",
}


def own_models():
    for config in apps.get_app_configs():
        if Path(config.path).parent == ROOT:
            for model in config.get_models():
                if not hasattr(model, "pgh_tracked_model"):
                    yield model


def own_labels():
    return {model._meta.label for model in own_models()}


def test_every_model_keeps_its_history_or_says_why_not():
    without = {model._meta.label for model in own_models() if not keeps_history(model)}
    assert without - WITHOUT_HISTORY.keys() == set(), "decorate with @tracked, or give the reason"
    assert (WITHOUT_HISTORY.keys() & own_labels()) - without == set(), "no longer needed"


def test_every_model_is_scoped_or_says_why_not():
    without = {
        model._meta.label
        for model in own_models()
        if not hasattr(model._default_manager.all(), "visible_to")
    }
    assert without - WITHOUT_SCOPE.keys() == set(), "give its queryset scope_paths, or the reason"
    assert (WITHOUT_SCOPE.keys() & own_labels()) - without == set(), "no longer needed"


def test_the_exemptions_name_models_that_exist():
    assert (WITHOUT_HISTORY.keys() | WITHOUT_SCOPE.keys()) - own_labels() == set()
