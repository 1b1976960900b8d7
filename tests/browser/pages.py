"""Every page that a person can open, and who looks at it.

The list is by URL name, so a new page without an entry fails a test: nobody forgets to look at it.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from tests import areas
from tests.browser.look import LOCATION, PLACE, Look

STEP = f"{LOCATION}steps/6/"
DONE_STEP = f"{LOCATION}steps/1/"
AGREEMENTS = "/programmes/west-mercia/agreements/"


# Addresses in braces hold an id that is made while the tests run; see test_accessibility.py.
PAGES: dict[str, list[Look]] = {
    "accounts:login": [Look(None, "/accounts/login/")],
    "accounts:profile": [
        Look("coordinator", "/accounts/profile/"),
        Look("admin", "/accounts/profile/"),
    ],
    "accounts:tokens": [Look("analyst", "/accounts/tokens/"), Look("partner", "/accounts/tokens/")],
    "accounts:token-new": [Look("analyst", "/accounts/tokens/new/")],
    "people:people": [Look("admin", "/people/?state=open"), Look("manager", "/people/")],
    "people:person": [Look("admin", "/people/{person}/"), Look("manager", "/people/{person}/")],
    "people:person-edit": [Look("admin", "/people/{person}/edit/")],
    "people:suspend": [Look("admin", "/people/{person}/suspend/")],
    "people:restore": [Look("admin", "/people/{person}/restore/")],
    "people:second-factor-reset": [Look("admin", "/people/{person}/second-factor/")],
    "people:leave": [Look("admin", "/people/{person}/leave/")],
    "people:agencies": [Look("admin", "/agencies/"), Look("partner", "/agencies/")],
    "people:agency-new": [Look("admin", "/agencies/new/")],
    "people:agency": [
        Look("admin", "/agencies/{agency}/"),
        Look("manager", "/agencies/{agency}/"),
        Look("partner", "/agencies/{agency}/"),
    ],
    "people:agency-edit": [Look("admin", "/agencies/{agency}/edit/")],
    "people:agency-member-new": [Look("admin", "/agencies/{agency}/members/new/")],
    "people:agency-member": [Look("admin", "/agencies/{agency}/members/{agency_member}/")],
    "accounts:security": [Look("coordinator", "/accounts/security/")],
    "accounts:sessions": [Look("coordinator", "/accounts/sessions/")],
    "account_reauthenticate": [Look("coordinator", "/accounts/confirm/")],
    "account_change_password": [Look("coordinator", "/accounts/password/")],
    "account_reset_password": [Look(None, "/accounts/password/reset/")],
    "account_reset_password_done": [Look(None, "/accounts/password/reset/sent/")],
    "account_reset_password_from_key_done": [Look(None, "/accounts/password/reset/done/")],
    "mfa_activate_totp": [Look("coordinator", "/accounts/security/second-step/")],
    "core:accessibility": [Look(None, "/accessibility/")],
    "core:privacy": [Look(None, "/privacy/")],
    "core:help": [Look(None, "/help/")],
    "core:help-topic": [Look("partner", "/help/who-sees-what/"), Look(None, "/help/signing-in/")],
    "core:gallery": [Look("coordinator", "/gallery/")],
    "core:jobs": [Look("analyst", "/jobs/"), Look("coordinator", "/jobs/")],
    "core:job": [Look("coordinator", "/jobs/{job}/")],
    "core:export": [Look("coordinator", "/exports/{export}/")],
    "core:table": [Look("coordinator", "/tables/{table}/")],
    "core:table-new": [
        Look("coordinator", "/tables/new/programmes.target_places/{location}/"),
    ],
    "core:tables": [Look("coordinator", "/tables/"), Look("leader", "/tables/")],
    "programmes:location-exports": [
        Look("coordinator", f"{LOCATION}exports/"),
        Look("researcher", f"{LOCATION}exports/"),
    ],
    "programmes:programme-exports": [Look("manager", "/programmes/west-mercia/exports/")],
    "incidents:data": [
        Look("coordinator", f"{LOCATION}data/"),
        Look("researcher", f"{LOCATION}data/"),
        Look("analyst", "/locations/oswestry/data/?later=1"),
    ],
    "incidents:import": [Look("analyst", f"{LOCATION}data/import/")],
    "incidents:package-detail": [
        Look("coordinator", f"{LOCATION}data/packages/{{package}}/"),
        Look("researcher", f"{LOCATION}data/packages/{{package}}/"),
    ],
    "incidents:package-access": [Look("leader", f"{LOCATION}data/packages/{{package}}/access/")],
    "incidents:package-compare": [
        Look("researcher", f"{LOCATION}data/packages/{{package}}/compare/")
    ],
    "incidents:package-use": [Look("coordinator", f"{LOCATION}data/packages/{{package}}/use/")],
    "incidents:package-withdraw": [
        Look("coordinator", f"{LOCATION}data/packages/{{package}}/withdraw/")
    ],
    "reports:location-reports": [Look("leader", f"{LOCATION}reports/")],
    "reports:programme-reports": [Look("manager", "/programmes/west-mercia/reports/")],
    "reports:report-access": [Look("leader", "/reports/{report}/access/")],
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
    "programmes:ledger": [
        Look("manager", "/ledger/"),
        Look("manager", "/ledger/?location=leominster&what=denied"),
        Look("admin", "/ledger/"),
    ],
    "programmes:lately": [Look("leader", "/lately/"), Look("neighbour", "/lately/")],
    "programmes:ledger-mine": [Look("partner", "/ledger/mine/")],
    "programmes:programme-list": [Look("leader", "/programmes/"), Look("admin", "/programmes/")],
    "programmes:programme-new": [Look("manager", "/programmes/new/")],
    "programmes:programme-detail": [
        Look("leader", "/programmes/west-mercia/"),
        Look("partner", "/programmes/west-mercia/"),
        Look("neighbour", "/programmes/redditch/"),
    ],
    "programmes:programme-members": [
        Look("manager", "/programmes/west-mercia/members/"),
        Look("partner", "/programmes/west-mercia/members/"),
    ],
    "programmes:programme-member-new": [Look("manager", "/programmes/west-mercia/members/new/")],
    "programmes:programme-member": [
        Look("manager", "/programmes/west-mercia/members/{programme_member}/")
    ],
    "programmes:location-members": [
        Look("manager", f"{LOCATION}members/"),
        Look("partner", f"{LOCATION}members/"),
    ],
    "programmes:location-member-new": [Look("manager", f"{LOCATION}members/new/")],
    "programmes:location-member": [Look("manager", f"{LOCATION}members/{{member}}/")],
    "programmes:programme-edit": [Look("manager", "/programmes/west-mercia/edit/")],
    "programmes:programme-access": [Look("leader", "/programmes/west-mercia/access/")],
    "programmes:location-access": [
        Look("coordinator", f"{LOCATION}access/"),
        Look("partner", f"{LOCATION}access/"),
    ],
    "programmes:place-access": [Look("coordinator", f"{PLACE}access/")],
    "programmes:step-access": [Look("partner", f"{STEP}access/")],
    "programmes:evidence-access": [Look("coordinator", f"{STEP}evidence/{{evidence}}/access/")],
    "programmes:agreements": [Look("leader", "/agreements/")],
    "programmes:programme-agreements": [
        Look("manager", AGREEMENTS),
        Look("partner", AGREEMENTS),
    ],
    "programmes:agreement-new": [Look("manager", f"{AGREEMENTS}new/")],
    "programmes:agreement-detail": [
        Look("manager", f"{AGREEMENTS}{{agreement}}/"),
        Look("partner", f"{AGREEMENTS}{{agreement}}/"),
    ],
    "programmes:agreement-change": [Look("manager", f"{AGREEMENTS}{{agreement}}/change/")],
    "programmes:agreement-sign": [Look("manager", f"{AGREEMENTS}{{agreement}}/sign/")],
    "programmes:agreement-paper": [Look("manager", f"{AGREEMENTS}{{agreement}}/paper/")],
    "programmes:agreement-review": [Look("manager", f"{AGREEMENTS}{{agreement}}/review/")],
    "programmes:agreement-end": [Look("manager", f"{AGREEMENTS}{{agreement}}/end/")],
    "programmes:agreement-withdraw": [
        Look("manager", f"{AGREEMENTS}{{agreement}}/parties/{{party}}/withdraw/")
    ],
    "programmes:agreement-access": [
        Look("partner", "/programmes/west-mercia/agreements/{agreement}/access/")
    ],
    "programmes:location-people": [
        Look("coordinator", f"{LOCATION}people/"),
        Look("community", f"{LOCATION}people/"),
    ],
    "programmes:consent-new": [
        Look("coordinator", f"{LOCATION}people/new/"),
        Look("coordinator", f"{LOCATION}people/new/?purpose=contact"),
    ],
    "programmes:consent-detail": [Look("coordinator", f"{LOCATION}people/{{consent}}/")],
    "programmes:consent-access": [Look("coordinator", f"{LOCATION}people/{{consent}}/access/")],
    "programmes:consent-withdraw": [Look("coordinator", f"{LOCATION}people/{{consent}}/withdraw/")],
    "programmes:location-new": [Look("manager", "/programmes/west-mercia/locations/new/")],
    "programmes:location-detail": [Look("coordinator", LOCATION), Look("partner", LOCATION)],
    "programmes:location-about": [
        Look("coordinator", f"{LOCATION}about/"),
        Look("partner", f"{LOCATION}about/"),
    ],
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

# Pages that need somebody with a second step, or a link from a mail: test_second_step.py looks at
# them on the way.
LOOKED_AT_ELSEWHERE = {
    "account_reset_password_from_key",
    "accounts:link",
    "accounts:link-code",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
}

# Addresses that are no page: they answer with a file, a fragment or a redirect, or take only POST.
NO_PAGE = {
    "account_login",  # as accounts:login
    "accounts:logout",
    "accounts:session-end",
    "accounts:sessions-end-others",
    "mfa_download_recovery_codes",
    "mfa_index",  # as accounts:security
    "accounts:invitation",  # its address is a secret in a mail; the journey opens it
    "accounts:token-revoke",
    "people:invitation-resend",
    "people:invitation-withdraw",
    "people:token-revoke",
    "core:healthz",
    "core:export-file",
    "core:job-cancel",
    "core:job-progress",
    "core:table-apply",
    "core:table-errors-csv",
    "core:table-errors-xlsx",
    "core:table-template-csv",
    "core:table-template-xlsx",
    "core:table-undo",
    "incidents:package-ods",
    "incidents:package-pdf",
    "incidents:package-xlsx",
    "incidents:package-zip",
    "programmes:agreement-document",
    "programmes:evidence-file",
    "reports:report-annex",
    "reports:report-pdf",
}

for _pages in areas.said("pages", "PAGES"):
    PAGES.update(_pages)
LOOKED_AT_ELSEWHERE.update(*areas.said("pages", "LOOKED_AT_ELSEWHERE"))
NO_PAGE.update(*areas.said("pages", "NO_PAGE"))


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
