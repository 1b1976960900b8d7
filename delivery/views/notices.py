"""Mail and calendar: what comes to a person by itself, and the calendar that programs fetch."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from accounts.views.house import SecretAddress, keep_secret
from core.views import public
from delivery.calendar import calendar_of
from delivery.forms.actions import NoticeForm
from delivery.models import CalendarFeed, MailChoice
from delivery.services import notices


class NoticesView(View):
    """One's own weekly mail and calendar address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show both."""
        return self._page(request, NoticeForm(initial=_now(request.user)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the choice, or make or end the calendar address."""
        user: Any = request.user
        do = request.POST.get("do", "")
        if do == "make":
            secret = notices.make_calendar(user=user, by=user)
            path = reverse("delivery:calendar", args=[secret])
            address = f"{settings.SITE_URL}{path}"
            return keep_secret(self._page(request, NoticeForm(initial=_now(user)), address=address))
        if do == "end":
            notices.revoke_calendar(user=user, by=user)
            messages.success(request, _("The calendar address works no more."))
            return HttpResponseRedirect(reverse("delivery:notices"))
        form = NoticeForm(data=request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        notices.choose_mail(user=user, by=user, **form.cleaned_data)
        messages.success(request, _("Your choice is kept."))
        return HttpResponseRedirect(reverse("delivery:notices"))

    def _page(
        self, request: HttpRequest, form: NoticeForm, *, status: int = 200, address: str = ""
    ) -> HttpResponse:
        user: Any = request.user
        feed = CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).first()
        context = {"form": form, "feed": feed, "address": address}
        return render(request, "delivery/actions/notices.html", context, status=status)


def _now(user: Any) -> dict[str, bool]:
    choice = MailChoice.objects.filter(user=user).first()
    return {"weekly_digest": choice is None or choice.weekly_digest}


@public("A calendar program fetches it with the secret in its address, and has no session.")
class CalendarView(SecretAddress, View):
    """A person's calendar: own actions' dates and meetings. Reading it is all it does."""

    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        """Send it; an address that works no more is none."""
        feed = notices.feed_of(secret)
        if feed is None:
            raise Http404
        notices.note_use(feed)
        return HttpResponse(
            calendar_of(feed.user),
            content_type="text/calendar; charset=utf-8",
            headers={
                "Content-Disposition": 'attachment; filename="intensive-engagement.ics"',
                "X-Robots-Tag": "noindex",
            },
        )
