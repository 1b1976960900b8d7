"""The words people are told before they consent, and how long a consent is usually good for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from programmes.choices import ConsentPurpose

# Proposed on the form and editable there; what was really said is kept with the consent.
WORDING: dict[str, Any] = {
    ConsentPurpose.CONTACT: _(
        "We would like to keep your name and how to reach you, so that we can tell you about the "
        "programme and ask what you think. Only people who work on it here see them. You can say "
        "no, and you can change your mind at any time: tell any of us and we stop."
    ),
    ConsentPurpose.CONTRIBUTOR: _(
        "We would like to list you as a local contributor, with your name and what you offer to "
        "do. People who work on the programme here see the list; it is not published. You can say "
        "no, and you can change your mind at any time: tell any of us and we take you off."
    ),
    ConsentPurpose.GROUP: _(
        "You are joining a group that works on the programme. Its members will know your name and "
        "what you say there is noted without it. You can leave at any time and need give no reason."
    ),
    ConsentPurpose.PHOTO: _(
        "We would like to take photos in which you can be recognised and use them to show what was "
        "done. Tell us if you want them kept among us. You can change your mind at any time: we "
        "then stop using them, but cannot take back what was printed."
    ),
    ConsentPurpose.STORY: _(
        "We would like to use your words in our reports, without your name unless you want it "
        "there. You can see the text first. You can change your mind at any time: we then leave "
        "your words out of every new report."
    ),
}

HANDLING = _("Contact details of people: share only with agencies that an agreement names.")
