"""The pages of quarters."""

from __future__ import annotations

from tests.browser.look import LOCATION, Look

QUARTER = "2023-24-Q4"
PROGRAMME = "/programmes/west-mercia/"

PAGES: dict[str, list[Look]] = {
    "reports:location-quarter": [
        Look("coordinator", f"{LOCATION}reports/{QUARTER}/"),
        Look("leader", f"{LOCATION}reports/2024-25-Q1/"),
        Look("partner", f"{LOCATION}reports/{QUARTER}/"),
    ],
    "reports:location-quarter-words": [Look("coordinator", f"{LOCATION}reports/2024-25-Q1/words/")],
    "reports:location-quarter-reopen": [Look("leader", f"{LOCATION}reports/{QUARTER}/reopen/")],
    "reports:programme-quarter": [Look("manager", f"{PROGRAMME}reports/{QUARTER}/")],
    "reports:programme-quarter-words": [Look("manager", f"{PROGRAMME}reports/2024-25-Q1/words/")],
    "reports:programme-quarter-reopen": [Look("leader", f"{PROGRAMME}reports/{QUARTER}/reopen/")],
}
NO_PAGE = {"reports:location-quarter-approve", "reports:programme-quarter-approve"}
