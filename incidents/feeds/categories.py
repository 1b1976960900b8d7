"""What agencies' words for categories usually mean: a guess that a person confirms."""

from __future__ import annotations

import re

from incidents.choices import Qualifier, Theme

P, N, E = Qualifier.PERSONAL, Qualifier.NUISANCE, Qualifier.ENVIRONMENTAL
# The thirteen sub-types of the National Standard as the Metropolitan Police names them, and the
# common words of councils; the first that fits wins.
_RULES: tuple[tuple[str, str, str], ...] = (
    (r"fly.?tip|dump(ed|ing)", Theme.FLY_TIPPING, E),
    (r"graffiti|fly.?post|criminal damage|vandal", Theme.GRAFFITI, E),
    (r"firework", Theme.FIREWORKS, N),
    (r"deliberate|secondary fire|arson|bin fire|grass fire", Theme.FIRES, E),
    (
        r"abandoned (vehicle|car)|vehicle.*(abandon|nuisance|inapprop)|inappropriate use of vehicle"
        r"|nuisance vehicle|off.?road|moped|quad",
        Theme.VEHICLES,
        N,
    ),
    (r"noise|loud music|barking", Theme.NOISE, N),
    (r"nuisance neighbour|neighbour", Theme.NEIGHBOURS, P),
    (r"street drinking|drunk|alcohol", Theme.DRINKING, N),
    (r"begging|vagran|rough sleep", Theme.BEGGING, N),
    (r"needle|syringe|paraphernalia|litter|dog foul|fouling|rubbish|waste", Theme.LITTER, E),
    (r"drug|substance|cannabis", Theme.DRUGS, N),
    (r"animal|dog", Theme.ANIMALS, N),
    (r"trespass", Theme.TRESPASS, N),
    (r"malicious|nuisance (comm|call)|hoax", Theme.MESSAGES, P),
    (r"prostitut|sex work|kerb", Theme.SEX_WORK, N),
    (r"exclusion|suspension|absence|truan", Theme.SCHOOLS, ""),
    (r"rowdy|inconsiderate|nuisance|disorder|intimidat|harass|youth", Theme.ROWDY, N),
)
_COMPILED = tuple((re.compile(one), theme, qualifier) for one, theme, qualifier in _RULES)
_NOT_ASB = re.compile(
    r"burglar|theft|robber|shoplift|fraud|homicide|rape|sexual|pest control|planning|licen[cs]|"
    r"pothole|street ?light|road traffic|collision|missing person|injur|fall|admission"
)


def guess_of(name: str) -> tuple[bool, str, str]:
    """Return whether a category is anti-social behaviour, its qualifier and its theme.

    Empty texts where the words say nothing.
    """
    words = name.casefold()
    for rule, theme, qualifier in _COMPILED:
        if rule.search(words):
            return True, qualifier, theme
    if _NOT_ASB.search(words):
        harm = Theme.HARM if re.search(r"injur|fall|admission", words) else Theme.OTHER
        return False, "", harm
    return True, "", ""
