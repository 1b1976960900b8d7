"""Rich pictures: the picture, its regions, its themes, and what becomes of them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import FileResponse, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core import files
from core.models import StoredFile
from core.views import ActionView, CreateView, DetailView, DownloadView, UpdateView
from problems.forms.pictures import PictureForm, RegionForm, ThemeForm
from problems.models import PictureRegion, Problem, RichPicture, Theme
from problems.selectors.lists import open_problems, pictures_of
from problems.services import pictures as services
from problems.views.common import list_crumb
from problems.views.problems import LOCATIONS
from programmes.models import Location
from programmes.pages import location_crumbs, location_page, note_programme
from programmes.views.access import AccessView

PICTURES = RichPicture.objects.select_related(
    "location__programme__lead_agency", "location__area", "problem", "agency", "file", "follows"
)
OF_PICTURE = (
    "picture__location__programme__lead_agency",
    "picture__location__area",
    "picture__problem",
    "picture__file",
)


class _OfPicture:
    """A page about a picture or something of it."""

    path: ClassVar[str] = ""
    key: ClassVar[str] = "picture"
    heading: ClassVar[Any] = ""
    submit_label: ClassVar[Any] = ""
    kwargs: dict[str, Any]
    request: HttpRequest
    object: Any

    def lookup_filter(self) -> dict[str, Any]:
        """Find it by its id, under its location."""
        if not self.path:
            return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["picture"]}
        return {
            "picture__location__slug": self.kwargs["slug"],
            "picture_id": self.kwargs["picture"],
            "pk": self.kwargs[self.key],
        }

    @property
    def picture(self) -> RichPicture:
        """The picture that this page is about."""
        return self.object.picture if self.path else self.object

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around a form."""
        picture = self.picture
        location = picture.location
        note_programme(self.request, location.programme)
        return {
            "heading": self.heading,
            "submit_label": self.submit_label,
            "caption": f"{location.name} · {picture.title}",
            "cancel_url": picture.get_absolute_url(),
            "picture": picture,
            "image_url": image_url(picture),
            "crumbs": location_crumbs(
                location, list_crumb(location), (picture.title, picture.get_absolute_url())
            ),
            **kwargs,
        }


def image_url(picture: RichPicture) -> str:
    """Return where the picture's bytes are served to those who may see it."""
    return reverse("problems:picture-image", args=[picture.location.slug, picture.pk])


class PictureNewView(CreateView):
    """Adds a rich picture."""

    queryset = LOCATIONS
    permission = Permission.PROBLEM_RECORD
    template_name = "programmes/form.html"
    form_class = PictureForm
    success_message = _("The picture is added. Mark what is in it, then write down its themes.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the problems and earlier pictures of the location."""
        return {
            "problems": open_problems(self.object, self.request.user),
            "pictures": pictures_of(self.object, self.request.user),
            "chosen": self.request.GET.get("problem", ""),
        }

    def perform(self, form: Any) -> str:
        """Add it."""
        data = dict(form.cleaned_data)
        return services.add_picture(
            location=self.object, upload=data.pop("file"), by=self.request.user, **data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        location: Location = self.object
        note_programme(self.request, location.programme)
        return {
            **kwargs,
            "heading": _t("Add a rich picture"),
            "intro": _t(
                "A rich picture is drawn together by a group: symbols, sketches and key words that "
                "show a situation and how things hang together."
            ),
            "submit_label": _t("Add the picture"),
            "caption": location.name,
            "cancel_url": list_crumb(location)[1],
            "crumbs": location_crumbs(location, list_crumb(location)),
        }


class PictureView(_OfPicture, DetailView):
    """A picture with its list of regions and themes: the list is the source."""

    queryset = PICTURES
    permission = Permission.VIEW
    template_name = "problems/picture_detail.html"
    also_shows = (PictureRegion, Theme)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add regions, themes, and the pictures before and after."""
        picture = self.object
        found: Any = RichPicture.objects.all()
        others = found.visible_to(self.request.user).select_related("location")
        return {
            **kwargs,
            **location_page(
                self.request,
                picture.location,
                current="problems",
                crumbs=[list_crumb(picture.location)],
            ),
            "picture": picture,
            "image_url": image_url(picture),
            "problem": self._problem(picture),
            "regions": list(picture.regions.all()),
            "themes": list(
                picture.themes.select_related(
                    "region", "hypothesis__problem__location", "intervention__problem__location"
                )
            ),
            "earlier": others.filter(followed_by=picture).first(),
            "later": others.filter(follows=picture).first(),
        }

    def _problem(self, picture: RichPicture) -> Problem | None:
        """Return its problem, if the reader may see that too."""
        if picture.problem_id is None:
            return None
        rows: Any = Problem.objects.filter(pk=picture.problem_id).select_related("location")
        found: Problem | None = rows.visible_to(self.request.user).first()
        return found


class PictureImageView(_OfPicture, DownloadView):
    """The picture's bytes, shown within its page."""

    queryset = PICTURES
    permission = Permission.VIEW

    def stored_file(self) -> StoredFile | None:
        """Return the picture."""
        found: StoredFile | None = self.object.file
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """Send it to be shown, not to be saved."""
        self.object = self.fetch()
        stored = self.stored_file()
        assert stored is not None
        return files.response(stored, marking=self.file_marking(), inline=True)


class PictureEditView(_OfPicture, UpdateView):
    """Changes the words about a picture."""

    queryset = PICTURES
    permission = Permission.PROBLEM_RECORD
    template_name: ClassVar[str] = "programmes/form.html"
    form_class = PictureForm
    heading = _("Change the words about this picture")
    success_message = _("The words are changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Show the words that are there."""
        return {
            "problems": open_problems(self.object.location, self.request.user),
            "pictures": RichPicture.objects.none(),
            "instance": self.object,
        }

    def perform(self, form: Any) -> str:
        """Save them."""
        return services.edit_picture(
            picture=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class PictureAccessView(_OfPicture, AccessView):
    """Who can see a picture."""

    queryset = PICTURES

    def crumbs(self) -> list[Any]:
        """Return the way to the picture."""
        location = self.object.location
        return location_crumbs(
            location, list_crumb(location), (self.object.title, self.object.get_absolute_url())
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the account, without the words of a form."""
        return AccessView.get_context_data(self, **kwargs)


class RegionNewView(_OfPicture, CreateView):
    """Marks a region by four numbers, or by drawing where the browser can."""

    queryset = PICTURES
    permission = Permission.PROBLEM_RECORD
    template_name: ClassVar[str] = "problems/region_form.html"
    form_class = RegionForm
    heading = _("Mark something in the picture")
    submit_label = _("Mark it")
    success_message = _("The region is marked.")

    def perform(self, form: Any) -> str:
        """Mark it."""
        data = form.cleaned_data
        services.mark_region(
            picture=self.object,
            id=data["id"],
            label=data["label"],
            words=data["words"],
            rectangle=form.rectangle(),
            by=self.request.user,
        )
        return self.object.get_absolute_url()


class RegionEditView(_OfPicture, UpdateView):
    """Changes a region."""

    queryset = PictureRegion.objects.select_related(*OF_PICTURE)
    path = "picture"
    key = "region"
    permission = Permission.PROBLEM_RECORD
    template_name: ClassVar[str] = "problems/region_form.html"
    form_class = RegionForm
    heading = _("Change this region")
    success_message = _("The region is changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Show what is there."""
        return {"region": self.object}

    def perform(self, form: Any) -> str:
        """Save it."""
        data = form.cleaned_data
        return services.edit_region(
            region=self.object,
            label=data["label"],
            words=data["words"],
            rectangle=form.rectangle(),
            version=data["version"],
            by=self.request.user,
        ).get_absolute_url()


class RegionRemoveView(_OfPicture, ActionView):
    """Takes a region off."""

    queryset = PictureRegion.objects.select_related(*OF_PICTURE)
    path = "picture"
    key = "region"
    permission = Permission.PROBLEM_RECORD
    success_message = _("The region is taken off. Its themes stay with the picture.")

    def perform(self) -> str:
        """Take it off."""
        picture = services.remove_region(region=self.object, by=self.request.user)
        return picture.get_absolute_url()


class ThemeNewView(_OfPicture, CreateView):
    """Writes down a theme."""

    queryset = PICTURES
    permission = Permission.PROBLEM_RECORD
    template_name: ClassVar[str] = "programmes/form.html"
    form_class = ThemeForm
    heading = _("What the picture tells you")
    submit_label = _("Add the theme")
    success_message = _("The theme is added.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the picture's regions."""
        return {
            "regions": self.object.regions.all(),
            "chosen": self.request.GET.get("region", ""),
        }

    def perform(self, form: Any) -> str:
        """Add it."""
        services.add_theme(picture=self.object, by=self.request.user, **form.cleaned_data)
        return f"{self.object.get_absolute_url()}#themes"


class _OfTheme(_OfPicture, ActionView):
    """Makes something of a theme."""

    abstract = True
    queryset = Theme.objects.select_related(*OF_PICTURE)
    path = "picture"
    key = "theme"
    permission = Permission.PROBLEM_RECORD


class ThemeHypothesisView(_OfTheme):
    """Makes a theme a hypothesis."""

    success_message = _("The theme is a hypothesis now. Link evidence to it.")

    def perform(self) -> str:
        """Make it one."""
        services.theme_to_hypothesis(theme=self.object, by=self.request.user)
        return f"{self.picture.get_absolute_url()}#themes"


class ThemeInterventionView(_OfTheme):
    """Makes a theme a candidate for an intervention."""

    success_message = _("The theme is a candidate for an intervention. Say how it should work.")

    def perform(self) -> str:
        """Make it one."""
        made = services.theme_to_intervention(theme=self.object, by=self.request.user)
        return made.get_absolute_url()
