"""The pages of help that speak of programmes, people and what they share."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.help import register_help


def register() -> None:
    """Add them; the order is the order of the list."""
    register_help(
        "steps",
        title=_("Steps and evidence"),
        summary=_("What a step wants, and how its state comes about."),
        template_name="help/steps.html",
        order=20,
    )
    register_help(
        "who-sees-what",
        title=_("Who sees what"),
        summary=_("Roles, what belongs to an agency, and what is written down."),
        template_name="help/who_sees_what.html",
        order=30,
    )
    register_help(
        "people",
        title=_("People and roles"),
        summary=_("Inviting people, changing roles, and what happens when somebody leaves."),
        template_name="help/people.html",
        order=40,
    )
    register_help(
        "sharing",
        title=_("Sharing agreements"),
        summary=_("How agencies agree what they share, and what that opens."),
        template_name="help/sharing.html",
        order=50,
    )
    register_help(
        "marking",
        title=_("Marking"),
        summary=_("OFFICIAL and OFFICIAL-SENSITIVE, and how to handle each."),
        template_name="help/marking.html",
        order=60,
    )
    register_help(
        "tables",
        title=_("Tables in and lists out"),
        summary=_("Sending many records at once, and exporting a list."),
        template_name="help/lists.html",
        order=70,
    )
