"""What accounts do when the business date changes."""

from __future__ import annotations

import datetime as dt

from accounts.grants import derive_all
from core.due import due


@due("grants", order=10)
def grants_of_the_day(on: dt.date) -> str:
    """Let roles begin and end with this date, before all else that is due."""
    return f"{derive_all(on)} grants changed"
