"""Which tests of a parallel run stay together in one process."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

# Tests that share something costly (a running product, a loaded demonstration) or something that
# there is once (the live worker's queue). Read from the path: the marker that the parallel runner
# offers for this is without effect with the pytest in use.
TOGETHER = (
    "tests/browser/",
    "tests/demo/test_load.py",
    "tests/core/test_jobs_worker.py",
    "tests/house/test_services.py",
)


class OneProcessForEach(LoadScopeScheduling):
    """Hands out the tests one by one, but those above as a whole."""

    def _split_scope(self, nodeid: str) -> str:
        return next((together for together in TOGETHER if nodeid.startswith(together)), nodeid)
