"""The pages that explore reports, and who looks at them."""

from tests.browser.look import LOCATION, PLACE, Look

EXPLORE = "data/explore/"

PAGES = {
    "incidents:explore": [
        Look("coordinator", f"{LOCATION}{EXPLORE}"),
        Look("researcher", f"{LOCATION}{EXPLORE}?category=all&first_month=2024-02"),
        Look("analyst", f"/locations/oswestry/{EXPLORE}?later=on&last_month=2024-04"),
    ],
    "incidents:place-explore": [
        Look("coordinator", f"{PLACE}{EXPLORE}"),
        # Drawn around a few homes: refused in words.
        Look("coordinator", f"{LOCATION}places/garage-court/{EXPLORE}"),
        Look("coordinator", f"{LOCATION}places/garage-court/{EXPLORE}?ground=lsoas"),
    ],
}

# Answers of numbers for the map's script.
NO_PAGE = {"incidents:explore-points", "incidents:place-explore-points"}
