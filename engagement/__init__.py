"""The project: settings, addresses and the processes' entry points."""

from engagement.celery import app as celery_app

__all__ = ["celery_app"]
