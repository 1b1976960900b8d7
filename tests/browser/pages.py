"""Every page that a person can open, and who looks at it.

The list is by URL name, so a new page without an entry fails a test: nobody forgets to look at it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

LOCATION = "/locations/leominster/"
PLACE = f"{LOCATION}places/town-centre/"
STEP = f"{LOCATION}steps/6/"
DONE_STEP = f"{LOCATION}steps/1/"


@dataclass(frozen=True)
class Look:
    """Who opens which address."""

    who: str | None
    path: str


# Addresses in braces hold an id that is made while the tests run; see test_accessibility.py.
PAGES: dict[str, list[Look]] = {
    "accounts:login": [Look(None, "/accounts/login/")],
    "accounts:profile": [
        Look("coordinator", "/accounts/profile/"),
        Look("admin", "/accounts/profile/"),
    ],
    "core:accessibility": [Look(None, "/accessibility/")],
    "core:privacy": [Look(None, "/privacy/")],
    "core:gallery": [Look("coordinator", "/gallery/")],
    "core:jobs": [Look("analyst", "/jobs/"), Look("coordinator", "/jobs/")],
    "core:job": [Look("coordinator", "/jobs/{job}/")],
    "incidents:data": [
        Look("coordinator", f"{LOCATION}data/"),
        Look("researcher", f"{LOCATION}data/"),
        Look("analyst", "/locations/oswestry/data/?later=1"),
    ],
    "incidents:package-detail": [
        Look("coordinator", f"{LOCATION}data/packages/{{package}}/"),
        Look("researcher", f"{LOCATION}data/packages/{{package}}/"),
    ],
    "incidents:package-withdraw": [
        Look("coordinator", f"{LOCATION}data/packages/{{package}}/withdraw/")
    ],
    "reports:location-reports": [Look("leader", f"{LOCATION}reports/")],
    "reports:programme-reports": [Look("manager", "/programmes/west-mercia/reports/")],
    "reports:report-detail": [Look("leader", "/reports/{report}/")],
    "demo:about": [Look("researcher", "/demo/")],
    "demo:date": [Look("admin", "/demo/date/")],
    "demo:mail": [Look("partner", "/demo/mail/")],
    "programmes:home": [
        Look(who, "/")
        for who in (
            "admin",
            "manager",
            "coordinator",
            "community",
            "partner",
            "leader",
            "analyst",
            "verifier",
            "researcher",
            "neighbour",
        )
    ],
    "programmes:programme-list": [Look("leader", "/programmes/"), Look("admin", "/programmes/")],
    "programmes:programme-new": [Look("manager", "/programmes/new/")],
    "programmes:programme-detail": [
        Look("leader", "/programmes/west-mercia/"),
        Look("partner", "/programmes/west-mercia/"),
        Look("neighbour", "/programmes/redditch/"),
    ],
    "programmes:programme-edit": [Look("manager", "/programmes/west-mercia/edit/")],
    "programmes:location-new": [Look("manager", "/programmes/west-mercia/locations/new/")],
    "programmes:location-detail": [Look("coordinator", LOCATION), Look("partner", LOCATION)],
    "programmes:location-edit": [Look("coordinator", f"{LOCATION}edit/")],
    "programmes:location-area": [
        Look("coordinator", f"{LOCATION}area/"),
        Look("coordinator", f"{LOCATION}area/?kind=lsoa_set"),
        Look("coordinator", f"{LOCATION}area/?kind=drawn"),
    ],
    "programmes:location-history": [Look("coordinator", f"{LOCATION}history/")],
    "programmes:place-list": [Look("coordinator", f"{LOCATION}places/")],
    "programmes:place-new": [Look("coordinator", f"{LOCATION}places/new/")],
    "programmes:place-detail": [Look("coordinator", PLACE)],
    "programmes:place-edit": [Look("coordinator", f"{PLACE}edit/")],
    "programmes:place-area": [
        Look("coordinator", f"{PLACE}area/"),
        Look("coordinator", f"{PLACE}area/?kind=drawn"),
    ],
    "programmes:step-list": [Look("coordinator", f"{LOCATION}steps/")],
    "programmes:step-detail": [
        Look("coordinator", DONE_STEP),
        Look("coordinator", STEP),
        Look("leader", STEP),
        Look("leader", f"{LOCATION}steps/5/"),
    ],
    "programmes:step-plan": [Look("coordinator", f"{STEP}plan/")],
    "programmes:step-start": [Look("coordinator", f"{LOCATION}steps/7/start/")],
    "programmes:step-sign-off": [Look("leader", f"{STEP}sign-off/")],
    "programmes:step-reopen": [Look("leader", f"{DONE_STEP}reopen/")],
    "programmes:evidence-new": [Look("coordinator", f"{STEP}evidence/new/")],
    "programmes:evidence-withdraw": [Look("coordinator", f"{STEP}evidence/{{evidence}}/withdraw/")],
}

# Addresses that are no page: they answer with a file, a fragment or a redirect, or take only POST.
NO_PAGE = {
    "accounts:logout",
    "core:healthz",
    "core:job-cancel",
    "core:job-progress",
    "incidents:package-pdf",
    "incidents:package-zip",
    "programmes:evidence-file",
    "reports:report-pdf",
}


def names_of_pages() -> Iterator[str]:
    """Every URL name of the product but those of the API."""

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                if str(pattern.pattern).startswith("api/"):
                    continue
                namespace = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from walk(pattern.url_patterns, prefix + namespace)
            else:
                yield f"{prefix}{pattern.name}"

    yield from walk(get_resolver().url_patterns, "")


def looks() -> list[Look]:
    """Every look, in the order of the people (so that each signs in once)."""
    every = [look for entries in PAGES.values() for look in entries]
    return sorted(every, key=lambda look: (look.who or "", look.path))
