"""The pages of a programme's data, and who looks at them in the browser."""

from tests.browser.look import Look

LIST = "/programmes/west-mercia/data/"

PAGES = {
    "incidents:asb-by-location": [
        Look("leader", "/programmes/west-mercia/asb/"),
        Look("partner", "/programmes/west-mercia/asb/"),
    ],
    "incidents:feeds": [Look("analyst", LIST), Look("leader", LIST)],
    "incidents:feed-new": [Look("analyst", f"{LIST}new/")],
}
# The demonstration has no open feed of its towns, and none is invented: these are asked for in
# tests/incidents/test_feed_pages.py.
NO_PAGE = {
    "incidents:feed-detail",
    "incidents:feed-edit",
    "incidents:feed-categories",
    "incidents:feed-send",
    "incidents:feed-sent",
    "incidents:feed-file",
    "incidents:feed-rejected",
}
