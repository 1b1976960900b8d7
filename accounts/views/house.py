"""How allauth's views speak here: our layout, our words, the status of what was refused."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse


class HousePage:
    """Stands before one of allauth's form views.

    Subclasses give ``heading``, and may give ``intro`` and ``submit_label``, for
    ``layouts/form.html``.
    """

    http_method_names: ClassVar[tuple[str, ...]] = ("get", "head", "post", "options")
    template_name: ClassVar[str] = "accounts/form.html"
    heading: ClassVar[Any] = ""
    intro: ClassVar[Any] = ""
    submit_label: ClassVar[Any] = ""
    cancel_url: ClassVar[Any] = ""

    def get_form_class(self) -> Any:
        """Return our form; allauth would ask its settings."""
        return self.form_class  # type: ignore[attr-defined]  # mixed into Django's and allauth's views

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the errors with the status that says so."""
        context = self.get_context_data(form=form)
        return self.render_to_response(context, status=422)  # type: ignore[attr-defined]  # mixed into Django's and allauth's views

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the page's words; take out allauth's idea of a site, which would hide ours."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]  # mixed into Django's and allauth's views
        context.pop("site", None)
        words = ("heading", "intro", "submit_label", "cancel_url")
        return {**{name: getattr(self, name) for name in words}, **context}


class SecretAddress:
    """For pages whose address holds a token: no page is told more than our host's name.

    "no-referrer" would hide that too, but a browser then sends forms with ``Origin: null``, which
    the check against forged forms refuses.
    """

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer, and say so to the browser; nor is the page kept."""
        return keep_secret(super().dispatch(*args, **kwargs))  # type: ignore[misc]  # mixed into Django's and allauth's views


def keep_secret(response: HttpResponse) -> HttpResponse:
    """Let the address of this page reach nobody, and the page no cache."""
    response["Referrer-Policy"] = "strict-origin"
    response["Cache-Control"] = "no-store, private"
    return response
