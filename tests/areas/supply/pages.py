"""The pages of data requests, gaps and uses of packages, and who looks at them."""

from demo.loading.programmes import identity
from incidents.choices import GapKind
from tests.browser.look import LOCATION, Look

PROGRAMME = "/programmes/west-mercia/data/requests/"
TENANTS = identity("data-request", "tenants")
NOISE = identity("data-request", "council-noise")
GAP = f"{GapKind.MISSING}:request:{NOISE}:2024-01:2024-03"

PAGES = {
    "incidents:gaps": [Look("coordinator", f"{LOCATION}data/gaps/")],
    "incidents:gap-own": [Look("coordinator", f"{LOCATION}data/gaps/{GAP}/")],
    "incidents:requests": [Look("analyst", PROGRAMME), Look("leader", PROGRAMME)],
    "incidents:request-new": [Look("analyst", f"{PROGRAMME}new/")],
    "incidents:request-detail": [Look("analyst", f"{PROGRAMME}{TENANTS}/")],
    "incidents:request-answer": [Look("analyst", f"{PROGRAMME}{NOISE}/answer/")],
}
LOOKED_AT_ELSEWHERE: set[str] = set()
NO_PAGE: set[str] = set()
