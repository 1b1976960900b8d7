"""Moving a programme to a newer edition of its steps, with what that changes shown first."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.errors import Refused
from core.views import UpdateView
from programmes import services
from programmes.forms.editions import EditionForm
from programmes.models import Programme
from programmes.pages import note_programme, programme_crumbs
from programmes.selectors.editions import edition_move, newer_edition


class EditionView(UpdateView):
    """Shows what the newest edition changes, and moves the programme to it."""

    queryset = Programme.objects.select_related("template")
    permission = Permission.PROGRAMME_MANAGE
    template_name = "programmes/edition.html"
    form_class = EditionForm
    success_message = _("The programme follows the newest edition of its steps.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Take the edition that was shown."""
        template = newer_edition(self.object)
        return {"shown": template.edition if template else 0}

    def perform(self, form: Any) -> str:
        """Move it; an edition that came in between is shown first."""
        template = newer_edition(self.object)
        if template is None:
            return self.object.get_absolute_url()
        if template.edition != form.cleaned_data["edition"]:
            raise Refused(_("A newer edition has come. Read what it changes, then move again."))
        return services.move_to_edition(
            programme=self.object, template=template, by=self.request.user
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what would change."""
        note_programme(self.request, self.object)
        template = newer_edition(self.object)
        return {
            **kwargs,
            "programme": self.object,
            "move": edition_move(self.object, template) if template else None,
            "heading": _("A newer edition of the steps"),
            "caption": self.object.name,
            "submit_label": _("Move to the newer edition"),
            "cancel_url": self.object.get_absolute_url(),
            "crumbs": programme_crumbs(self.object),
        }
