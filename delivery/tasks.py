"""What Celery and the business date call: each part keeps its own module, named here."""

from delivery import action_tasks as _actions  # noqa: F401  # reminders and the weekly mail
from delivery import help_tasks as _help  # noqa: F401  # proposals, handover packs
from delivery import meeting_tasks as _meetings  # noqa: F401  # printing minutes
