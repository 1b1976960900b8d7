"""How a job ends early. These steer the runner; a kind of job lets them pass."""

from __future__ import annotations

from core.errors import HouseError


class JobCancelled(Exception):  # an order, not an error
    """A person asked to stop; raised by ``JobHandle.check()``."""


class LeaseLost(Exception):  # says what happened
    """Another worker has taken over; nothing this one writes is accepted any more."""


class JobReleased(Exception):  # an order, not an error
    """This worker is shutting down; another attempt goes on from the last checkpoint."""


class JobFailed(HouseError):  # as the other HouseErrors are called
    """A job that ran elsewhere failed; carries the text its requester sees."""
