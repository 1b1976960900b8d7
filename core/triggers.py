"""Makes migrations with triggers quick.

``pgtrigger`` keeps a model's triggers as SQL among its options and, for each one added, has Django
throw away the model of the migration's state and build it anew, with whatever points at it. With
four triggers on each of a hundred models that took most of the time of setting up a database. A
trigger changes nothing about a model's class, so its state is noted and the class left as it is.
"""

from __future__ import annotations

from django.db.migrations.state import ProjectState
from pgtrigger import migrations


def keep_models_when_triggers_are_added() -> None:
    """Put the quick way in the place of ``AddTrigger.state_forwards``; compiled triggers only."""
    slow = migrations.AddTrigger.state_forwards

    def state_forwards(self: migrations.AddTrigger, app_label: str, state: ProjectState) -> None:
        if not isinstance(self.trigger, migrations.compiler.Trigger):
            slow(self, app_label, state)  # its SQL is made from the class
            return
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [*options.get("triggers", []), self.trigger]

    migrations.AddTrigger.state_forwards = state_forwards  # type: ignore[method-assign]  # replaced on purpose: see the docstring
