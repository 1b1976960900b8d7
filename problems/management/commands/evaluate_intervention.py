"""Evaluate an intervention from the command line: the same job as on the page."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from core.errors import Refused
from core.jobs import run_now
from core.management.base import HouseCommand
from problems.models import Intervention
from problems.services.evaluations import request_evaluation


class Command(HouseCommand):
    """Evaluates an intervention by its newest locked baseline."""

    help = "Evaluate an intervention: one sentence, one interval, and the working beneath."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the intervention's id and, if wanted, an earlier day."""
        parser.add_argument("intervention", help="The intervention's id, as in its address.")
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="A day up to the business date.")

    def run(self, **options: Any) -> dict[str, Any]:
        """Ask for the evaluation and run its job here."""
        try:
            key = uuid.UUID(options["intervention"])
            as_of = dt.date.fromisoformat(options["as_of"]) if options["as_of"] else None
        except ValueError as error:
            raise Refused(
                _("Name an intervention by its id, and a day like 2024-06-25.")
            ) from error
        found = (
            Intervention.objects.select_related("problem__location__programme")
            .filter(pk=key)
            .first()
        )
        if found is None:
            raise Refused(_("There is no intervention with the id %(id)s.") % {"id": key})
        job = request_evaluation(intervention=found, by=options["by"], as_of=as_of, deliver=False)
        return dict(run_now(job).result)
