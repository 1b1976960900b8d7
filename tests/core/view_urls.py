"""Pages as an app would write them, at addresses of their own, to try the base views on."""

from django.urls import path

from accounts.permissions import Permission
from core.errors import BadInput, NotAllowed, Refused, RowError
from core.forms import HouseModelForm
from core.history import because
from core.views import ActionView, DetailView, HistoryView, ListView, UpdateView, public
from engagement.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401
from programmes.models import TargetPlace

PLACES = TargetPlace.objects.select_related("location")


class PlaceForm(HouseModelForm):
    class Meta:
        model = TargetPlace
        fields = ["name", "summary"]


class PlaceList(ListView):
    queryset = PLACES
    permission = Permission.VIEW
    template_name = "core/history.html"

    def page(self, *, status=200, **context):
        from django.http import JsonResponse

        return JsonResponse({"names": [place.name for place in context["object_list"]]})


class PlacePage(DetailView):
    queryset = PLACES
    permission = Permission.DATA_READ
    template_name = "core/history.html"


class PlaceEdit(UpdateView):
    queryset = PLACES
    permission = Permission.LOCATION_MANAGE
    template_name = "layouts/form.html"
    form_class = PlaceForm
    success_message = "Saved."

    def get_form_kwargs(self):
        return {"instance": TargetPlace.objects.get(pk=self.object.pk)}

    def perform(self, form):
        name = form.cleaned_data["name"]
        if name == "refuse":
            raise Refused("That name is taken.")
        if name == "forbid":
            raise NotAllowed("Not on a Sunday.")
        if name == "bad file":
            raise BadInput([RowError("a.csv", 3, "month", "13", "a month")], more=2)
        with because(by=self.request.user):
            form.instance.save_version(form.cleaned_data["version"])
        return "/after/"


class PlaceRename(ActionView):
    queryset = PLACES
    permission = Permission.LOCATION_MANAGE

    def perform(self):
        TargetPlace.objects.filter(pk=self.object.pk).update(name="Half done")
        if self.request.POST.get("refuse"):
            raise Refused("Not today.")
        return "/after/"


class PlaceHistory(HistoryView):
    queryset = PLACES
    permission = Permission.HISTORY_READ


@public("to try what is open")
class Open(PlaceHistory):
    def get(self, request):
        from django.http import HttpResponse

        return HttpResponse("open")


@public("to try what is open")
def open_function(request):
    from django.http import HttpResponse

    response = HttpResponse("open")
    response["Cache-Control"] = "public, max-age=60"
    return response


def broken(request):
    raise RuntimeError("secret detail")


urlpatterns = [
    path("try/", PlaceList.as_view()),
    path("try/open/", Open.as_view()),
    path("try/open-function/", open_function),
    path("try/broken/", broken),
    path("try/<uuid:pk>/", PlacePage.as_view()),
    path("try/<uuid:pk>/edit/", PlaceEdit.as_view()),
    path("try/<uuid:pk>/rename/", PlaceRename.as_view()),
    path("try/<uuid:pk>/history/", PlaceHistory.as_view()),
    *urlpatterns,
]
