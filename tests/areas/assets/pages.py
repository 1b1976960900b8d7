"""The pages of assets, stakeholders, walks and the map, and who looks at them."""

from demo.loading.programmes import identity
from tests.browser.look import LOCATION, Look

ASSETS, STAKEHOLDERS, WALKS = (f"{LOCATION}{name}/" for name in ("assets", "stakeholders", "walks"))
HALL = f"{ASSETS}{identity('asset', 'leominster', 'Community hall')}/"
TENANTS = identity("asset", "leominster", "Tenants' panel")
PANEL = f"{ASSETS}{TENANTS}/"
PERSON = f"{ASSETS}{identity('contributor', 'leominster', 'garage-court-resident')}/"
GROUP = f"{STAKEHOLDERS}{identity('stakeholder', 'leominster', 'community-group')}/"
LINK = f"{STAKEHOLDERS}links/{identity('link', 'leominster', 'snt', 'traders', 'talks')}/"
WALK_ID = identity("walk", "leominster", "garage-court")
WALK = f"{WALKS}{WALK_ID}/"
SEEN = f"{WALK}observations/{identity('observation', WALK_ID, 1)}/"
MAP = f"{LOCATION}map/"

PAGES = {
    "assets:asset-list": [
        Look("coordinator", ASSETS),
        Look("partner", ASSETS),
        Look("community", f"{ASSETS}?kind=person&due=yes"),
        Look("leader", f"{ASSETS}?q=nothing+of+the+kind"),
    ],
    "assets:asset-new": [
        Look("coordinator", f"{ASSETS}new/"),
        Look("coordinator", f"{ASSETS}new/?kind=place"),
        Look("community", f"{ASSETS}new/?kind=person"),
    ],
    "assets:asset-detail": [
        Look("community", HALL),
        Look("partner", HALL),
        Look("coordinator", PANEL),
        Look("community", PERSON),
    ],
    "assets:asset-access": [Look("community", f"{PERSON}access/")],
    "assets:asset-check": [Look("community", f"{HALL}check/")],
    "assets:asset-connect": [Look("community", f"{HALL}connect/")],
    "assets:asset-edit": [Look("community", f"{HALL}edit/"), Look("community", f"{PERSON}edit/")],
    "assets:asset-sheet": [Look("community", f"{PERSON}sheet/")],
    "assets:asset-withdraw": [Look("community", f"{HALL}withdraw/")],
    "assets:mine": [Look("partner", f"{ASSETS}mine/")],
    "assets:mine-change": [Look("partner", f"{ASSETS}mine/change/")],
    "assets:mine-leave": [Look("partner", f"{ASSETS}mine/leave/")],
    "assets:stakeholder-list": [
        Look("coordinator", STAKEHOLDERS),
        Look("leader", f"{STAKEHOLDERS}?involvement=not_yet"),
    ],
    "assets:stakeholder-new": [Look("coordinator", f"{STAKEHOLDERS}new/")],
    "assets:stakeholder-detail": [Look("community", GROUP), Look("partner", GROUP)],
    "assets:stakeholder-edit": [Look("community", f"{GROUP}edit/")],
    "assets:stakeholder-link": [Look("community", f"{GROUP}link/")],
    "assets:stakeholder-withdraw": [Look("community", f"{GROUP}withdraw/")],
    "assets:network": [
        Look("coordinator", f"{STAKEHOLDERS}network/"),
        Look("partner", f"{STAKEHOLDERS}network/"),
    ],
    "assets:link-edit": [Look("coordinator", f"{LINK}edit/")],
    "assets:walk-list": [Look("coordinator", WALKS), Look("partner", WALKS)],
    "assets:walk-new": [Look("coordinator", f"{WALKS}new/")],
    "assets:walk-detail": [Look("coordinator", WALK), Look("partner", WALK)],
    "assets:walk-edit": [Look("coordinator", f"{WALK}edit/")],
    "assets:observe": [Look("coordinator", f"{WALK}observe/")],
    "assets:observation-detail": [Look("coordinator", SEEN), Look("partner", SEEN)],
    "assets:observation-edit": [Look("coordinator", f"{SEEN}edit/")],
    "assets:observation-follow-up": [Look("coordinator", f"{SEEN}follow-up/")],
    "assets:observation-withdraw": [Look("coordinator", f"{SEEN}withdraw/")],
    "assets:map": [
        Look("coordinator", MAP),
        Look("partner", MAP),
        Look("leader", f"{MAP}?layer=groups&layer=improve"),
    ],
}
LOOKED_AT_ELSEWHERE: set[str] = set()
NO_PAGE = {
    "assets:connection-remove",  # leads back to the asset
    "assets:link-remove",  # leads back to the network
    "assets:observation-photo",  # a picture
    "assets:map-geojson",  # a file
}
