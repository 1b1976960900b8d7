"""Pages about the demonstration itself: what it tells, its date, its mail."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.generic import View

from core import clock
from core.due import move_business_date
from core.errors import Refused
from demo import selectors
from demo.forms import BusinessDateForm
from demo.mail import letters


class DemonstrationPage(View):
    """A page that exists only where the database is a demonstration (or a test's)."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer 404 in production, as if this app were not there."""
        if settings.PRODUCTION:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class AboutPage(DemonstrationPage):
    """What is published, what is invented, and whose data are shown."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it to whoever is signed in."""
        return render(request, "demo/about.html", {"about": selectors.about()})


class BusinessDatePage(DemonstrationPage):
    """Moves the business date and runs what falls due; for the administrator alone."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Refuse everybody but the administrator."""
        if not request.user.is_staff:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the date and the form."""
        return self._page(request, BusinessDateForm(initial={"date": clock.today()}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Move the date, say what ran, show the page again."""
        form = BusinessDateForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        try:
            outcomes = move_business_date(to=form.cleaned_data["date"], by=request.user)
        except Refused as error:
            form.add_error(None, str(error))
            return self._page(request, form, status=422)
        messages.success(
            request,
            _("The business date is now %(date)s.")
            % {"date": formats.date_format(form.cleaned_data["date"], "l j F Y")},
        )
        for failed in (outcome for outcome in outcomes if outcome.failed):
            messages.error(
                request,
                _("This fell due and failed; moving the date again tries it again: %(name)s.")
                % {"name": failed.name},
            )
        return HttpResponseRedirect(reverse("demo:date"))

    def _page(
        self, request: HttpRequest, form: BusinessDateForm, *, status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "weeks": selectors.programme_weeks(clock.today())}
        return render(request, "demo/date.html", context, status=status)


class MailPage(DemonstrationPage):
    """What a demonstration would have sent: to each their own, to the administrator all."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the newest messages."""
        user: Any = request.user
        mine = letters(to=None if user.is_staff else user.email)
        return render(request, "demo/mail.html", {"letters": mine})
