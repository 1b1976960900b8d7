"""Views that note on their own, refuse without a base, or send a file."""

from io import BytesIO

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.urls import path

from accounts.permissions import Permission
from core.choices import LedgerAction
from core.ledger import note
from core.views import ScopedView
from programmes.models import TargetPlace
from tests.core.view_urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401


def refuses(request, secret=""):
    raise PermissionDenied


def half_done(request):
    try:
        with transaction.atomic():
            note(LedgerAction.PERMISSION, role="leader")
            raise RuntimeError
    except RuntimeError:
        return HttpResponse("not done")


def three_notes(request):
    for _number in range(3):
        note(LedgerAction.EXPORT)
    return HttpResponse("noted")


class Sends(ScopedView):
    queryset = TargetPlace.objects.all()
    permission = Permission.VIEW

    def get(self, request):
        return FileResponse(BytesIO(b"bytes"), as_attachment=True, filename="a.txt")


urlpatterns = [
    path("try/refuses/", refuses),
    path("try/refuses/<str:secret>/", refuses),
    path("try/half-done/", half_done),
    path("try/three-notes/", three_notes),
    path("try/file/", Sends.as_view()),
    *urlpatterns,
]
