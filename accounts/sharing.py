"""The categories of information that agencies share under an agreement, and what covers them.

Whoever owns information of a category (an agency) sees it by role alone; people of another agency
see it only while a sharing agreement covers it. The agreements' rows lie beside the anchor they
belong to (``programmes``); this module names the categories and nothing else.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    """A kind of information that a role alone does not open to another agency."""

    PEOPLE = "people", _("People: contact details, consents and contributors")
    FORCE_EXTRACTS = "force_extracts", _("Force extracts: incident data that are not published")
    SENSITIVE_NOTES = "sensitive_notes", _("Sensitive notes and files")
    EXACT_COORDINATES = "exact_coordinates", _("Exact coordinates and drawn boundaries")


class LegalBasis(models.TextChoices):
    """The law under which information is shared."""

    CDA_115 = "cda-1998-s115", _("Crime and Disorder Act 1998, section 115")
    CDA_17A = "cda-1998-s17a", _("Crime and Disorder Act 1998, section 17A")
    ASB_ACT = "asb-cpa-2014", _("Anti-social Behaviour, Crime and Policing Act 2014")
    PUBLIC_TASK = "uk-gdpr-6-1-e", _("UK GDPR article 6(1)(e): public task")
    CONSENT = "uk-gdpr-6-1-a", _("UK GDPR article 6(1)(a): consent")
    LAW_ENFORCEMENT = "dpa-2018-part-3", _("Data Protection Act 2018, part 3")
    OTHER = "other", _("Another, named in the purpose")
