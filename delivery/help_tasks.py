"""What falls due about asking for help, and the job that prints the handover pack."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy

from core.due import due
from core.jobs import JobHandle, JobResult, job
from delivery.services import handover
from delivery.services.help_rules import propose_due


@due("help-proposals", order=65)
def propose_help(on: dt.date) -> str:
    """Propose asking for help for what stands still, and take back what is settled."""
    told = propose_due(on)
    return f"{told['proposed']} proposed, {told['taken_back']} taken back"


@job(kind=handover.KIND, title=gettext_lazy("Handover pack"))
def make_handover_pack(run: JobHandle) -> JobResult:
    """Print the pack as its reader may see it; their right is read anew."""
    return handover.make_pack(run)
