"""Community assets, stakeholders and their network, visual audits."""

from assets.models.asset import Asset, Connection
from assets.models.stakeholder import NetworkLink, Stakeholder
from assets.models.walk import Observation, VisualAudit

__all__ = ["Asset", "Connection", "NetworkLink", "Observation", "Stakeholder", "VisualAudit"]
