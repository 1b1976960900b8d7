"""The lists that this app gives: assets, connections, stakeholders, links, observations."""

from __future__ import annotations


def register() -> None:
    """Make the lists known."""
    from assets.exports.assets import ASSETS, CONNECTIONS
    from assets.exports.stakeholders import LINKS, STAKEHOLDERS
    from assets.exports.walks import OBSERVATIONS
    from core import exports

    for export in (ASSETS, CONNECTIONS, STAKEHOLDERS, LINKS, OBSERVATIONS):
        exports.register(export)
