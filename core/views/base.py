"""Base views that refuse to exist without a queryset and a permission.

The rule of every page: what lies outside one's scope does not exist (404); what one may see but
not do is refused (403). Views below parse input, call one service or selector, and render.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import models, transaction
from django.forms import BaseForm
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from core.choices import LedgerAction
from core.errors import BadInput, Conflict, NotAllowed, Refused
from core.ledger.construction import NotedView
from core.models import StoredFile


def public(reason: str) -> Any:
    """Mark a view (class or function) as open to all; a house test lists the reasons."""
    if not reason:
        raise ImproperlyConfigured("A public view needs a reason.")

    def decorate(view: Any) -> Any:
        view.public_reason = reason
        if isinstance(view, type):
            return method_decorator(login_not_required, name="dispatch")(view)
        return login_not_required(view)

    return decorate


class ScopedView(NotedView, View):
    """A page about one object (or several) inside the person's scope.

    Subclasses give ``queryset`` (of a model whose queryset has ``visible_to(user, permission)``)
    and ``permission``: what is needed beyond seeing. ``lookup`` maps the URL's keyword to the
    model's field. ``self.object`` is the fetched object of detail-like views. What a page shows,
    changes and denies is noted in the ledger (``core.ledger.construction``).
    """

    ledger_shown: ClassVar[tuple[int, ...]] = (409, 422)

    queryset: ClassVar[models.QuerySet[Any] | None] = None
    permission: ClassVar[str | None] = None
    view_permission: ClassVar[str] = "view"
    template_name: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("abstract", False):
            return
        if cls.queryset is None or cls.permission is None:
            raise ImproperlyConfigured(
                f"{cls.__module__}.{cls.__name__} needs a queryset and a permission."
            )
        if not hasattr(cls.queryset, "visible_to"):
            raise ImproperlyConfigured(f"{cls.__name__}'s queryset has no visible_to().")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer, turning a service's or selector's refusal into 403; note what it came to."""
        try:
            response = super().dispatch(request, *args, **kwargs)
        except NotAllowed as error:
            self.ledger_end(403)
            raise PermissionDenied(str(error)) from error
        except PermissionDenied:
            self.ledger_end(403)
            raise
        except Http404:
            self.ledger_end(404)
            raise
        except Exception:
            self.ledger_end(500)
            raise
        self.ledger_end(response.status_code, response)
        return response

    def scoped(self) -> models.QuerySet[Any]:
        """Return the objects that this person may see."""
        assert self.queryset is not None
        return self.queryset.all().visible_to(self.request.user, self.view_permission)  # type: ignore[attr-defined]  # every scoped model's rows have it

    def may(self, obj: models.Model, permission: str | None = None) -> bool:
        """Say whether this person holds a permission (by default the view's) on ``obj``."""
        wanted = permission or self.permission
        if wanted == self.view_permission:
            return True  # it came out of scoped()
        manager: Any = type(obj)._default_manager.all()
        return bool(manager.visible_to(self.request.user, wanted).filter(pk=obj.pk).exists())

    def fetch(self) -> Any:
        """Return the one object that the URL names: 404 outside the scope, 403 if not allowed."""
        obj = self.scoped().filter(**self.lookup_filter()).first()
        if obj is None:
            raise Http404
        self.ledger_record = obj
        if not self.may(obj):
            raise PermissionDenied
        return obj

    def ledger_lookup(self) -> dict[str, Any]:
        """Return what the ledger finds a denied record by."""
        return self.lookup_filter() if self.kwargs else {}

    def lookup_filter(self) -> dict[str, Any]:
        """Return the filter that picks the object: by default the URL's keywords as they are."""
        return dict(self.kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the template's context."""
        return kwargs

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """Render the view's template."""
        return render(
            self.request, self.template_name, self.get_context_data(**context), status=status
        )


class ListView(ScopedView):
    """A list of what the person may see, in pages of 50."""

    abstract = True
    page_size: ClassVar[int] = 50

    def rows(self) -> models.QuerySet[Any]:
        """Return the rows to show; narrow or order here."""
        return self.scoped()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show one page of rows."""
        from django.core.paginator import Paginator

        page = Paginator(self.rows(), self.page_size).get_page(request.GET.get("page"))
        self.ledger_rows = page.object_list
        return self.page(page_obj=page, object_list=page.object_list)


class DetailView(ScopedView):
    """One object's page."""

    abstract = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the object."""
        self.object = self.fetch()
        return self.page(object=self.object)


class FormPage(ScopedView):
    """A form about ``self.object``, answered by one service in one transaction.

    Subclasses give ``form_class``, ``perform(form)`` (calls one service, returns where to go) and
    may give ``success_message``. A ``Refused`` from the service becomes an error of the form, a
    ``Conflict`` the page that shows both texts, a ``BadInput`` an error for each place in the file.
    """

    abstract = True
    form_class: ClassVar[type[BaseForm]]
    success_message: ClassVar[Any] = ""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Return keyword arguments for the form; querysets passed in are already scoped."""
        return {}

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        """Return the form, bound if there are data."""
        return self.form_class(data=data, files=files, **self.get_form_kwargs())

    def perform(self, form: Any) -> str:
        """Call one service with the valid form and return the address to go to."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form."""
        self.object = self.fetch()
        return self.page(object=self.object, form=self.get_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check the form, call the service, say so, move on."""
        self.object = self.fetch()
        form = self.get_form(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(status=422, object=self.object, form=form)
        try:
            with transaction.atomic():
                target = self.perform(form)
        except Conflict as conflict:
            return self.conflict(form, conflict)
        except BadInput as error:
            for place in error.errors:
                form.add_error(None, str(place))
            if error.more:
                form.add_error(None, _("… and %(more)s more.") % {"more": error.more})
            return self.page(status=422, object=self.object, form=form)
        except Refused as error:
            form.add_error(None, str(error))
            return self.page(status=422, object=self.object, form=form)
        if self.success_message:
            messages.success(request, self.success_message)
        return HttpResponseRedirect(target)

    def conflict(self, form: Any, conflict: Conflict) -> HttpResponse:
        """Show what the person wrote beside what is stored; nothing they typed is lost."""
        from core.views.conflict import differences, resend

        return render(
            self.request,
            "core/conflict.html",
            {
                "form": form,
                "current": conflict.current,
                "differences": differences(form, conflict.current),
                "resend": resend(self.request.POST, conflict.current),
                "keep_url": conflict.current.get_absolute_url()
                if hasattr(conflict.current, "get_absolute_url")
                else self.request.path,
                "message": str(conflict),
            },
            status=409,
        )


class UpdateView(FormPage):
    """A form that changes the object the URL names."""

    abstract = True


class CreateView(FormPage):
    """A form that makes something under a parent: ``queryset`` and ``fetch`` mean the parent."""

    abstract = True


class ActionView(ScopedView):
    """A button: POST only, calls one service, goes on."""

    abstract = True
    success_message: ClassVar[Any] = ""

    def perform(self) -> str:
        """Call one service on ``self.object`` and return the address to go to."""
        raise NotImplementedError

    def refused_url(self) -> str:
        """Return the page that says why it was refused: where the button stands."""
        return str(self.object.get_absolute_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it; a refusal is shown on the page the person came from."""
        self.object = self.fetch()
        try:
            with transaction.atomic():
                target = self.perform()
        except (BadInput, Conflict, Refused) as error:
            self.ledger_refused = True
            messages.error(request, str(error))
            return HttpResponseRedirect(self.refused_url())
        if self.success_message:
            messages.success(request, self.success_message)
        return HttpResponseRedirect(target)


class DownloadView(ScopedView):
    """Serves a stored file that belongs to the object; always as an attachment."""

    abstract = True
    ledger_action = LedgerAction.DOWNLOAD

    def stored_file(self) -> StoredFile | None:
        """Return the file of ``self.object``."""
        raise NotImplementedError

    def file_marking(self) -> str:
        """Return the protective marking of the file: by default that of its record."""
        return str(getattr(self.object, "marking", ""))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """Send the bytes with their sniffed type, never interpreted by the browser."""
        from core import files

        self.object = self.fetch()
        stored = self.stored_file()
        if stored is None:
            raise Http404
        return files.response(stored, marking=self.file_marking())


class PublicPage(TemplateView):
    """A page without scope; subclasses are marked with ``public(reason)``."""
