"""What the figures say, in plain sentences: where, when, changing or not, what is missing.

Each sentence carries its base. No percentage change on small counts, no cause, no person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.screen import month_name, number
from incidents.packages.figures import Change, ComparisonRow, Figures, Usual
from incidents.packages.patterns import Ambient

LEAST_FOR_WHEN = 3  # months; with fewer no month can be called the highest
TOP_PLACES = 10
NAMED_CLUSTERS = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One question of page one with its answer; ``status`` is a name of ``core.statuses`` or ''."""

    key: str
    question: str
    sentences: tuple[str, ...]
    status: str = ""

    @property
    def text(self) -> str:
        """Return the answer as one text."""
        return " ".join(self.sentences)


def findings(figures: Figures) -> tuple[Finding, ...]:
    """Return the findings of page one, in their order."""
    return (
        Finding("how_many", _("How many reports?"), _how_many(figures)),
        Finding("where", _("Where do they cluster?"), _where(figures)),
        Finding("when", _("When were they made?"), _when(figures)),
        Finding(
            "change", _("Is it changing?"), change_words(figures.change), figures.change.status
        ),
        Finding("compare", _("How does it compare?"), _compare(figures)),
        Finding("missing", _("What is missing?"), _missing(figures)),
    )


def months_words(months: Sequence[str]) -> str:
    """Write months as people say them: "May and June 2024", "January to April 2024"."""
    runs = _runs(months)
    return join_words([_run_words(run) for run in runs])


def _runs(months: Sequence[str]) -> list[list[str]]:
    runs: list[list[str]] = []
    for month in months:
        if runs and _index(month) == _index(runs[-1][-1]) + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return runs


def _index(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])


def _run_words(run: Sequence[str]) -> str:
    first, last = month_name(run[0]), month_name(run[-1])
    if len(run) == 1:
        return first
    if run[0][:4] == run[-1][:4]:
        first = first.rsplit(" ", 1)[0]
    joint = _("%(first)s and %(last)s") if len(run) == 2 else _("%(first)s to %(last)s")
    return joint % {"first": first, "last": last}


def join_words(parts: Sequence[str]) -> str:
    """Write a list as people say it: "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(head)s and %(last)s") % {"head": ", ".join(parts[:-1]), "last": parts[-1]}


def decimal_words(value: float, decimals: int) -> str:
    """Write a number with fixed decimals, halves rounded up, as everywhere in a package."""
    step = Decimal(1).scaleb(-decimals)
    return str(Decimal(repr(value)).quantize(step, ROUND_HALF_UP)).replace("-", "−")


def signed(value: float, decimals: int) -> str:
    """Write a difference with its sign."""
    words = decimal_words(value, decimals)
    return f"+{words}" if value > 0 else words


def reports(count: int) -> str:
    """Write a number of reports of ASB."""
    return ngettext("%(count)s report of ASB", "%(count)s reports of ASB", count) % {
        "count": number(count)
    }


def _how_many(figures: Figures) -> tuple[str, ...]:
    asked, held = len(figures.recipe.months), len(figures.held)
    if not held:
        return (_("Nobody can tell yet: no month of this period is held."),)
    first = _("%(reports)s are published for %(location)s in %(months)s.") % {
        "reports": reports(figures.total),
        "location": figures.location,
        "months": months_words([row.month for row in figures.held]),
    }
    if figures.total == 1:
        first = first.replace(" are ", " is ")
    second = _(
        "That is %(mean)s a month on average over %(held)s of the %(asked)s months asked for."
    )
    if held == asked:
        second = _("That is %(mean)s a month on average over all %(asked)s months.")
    mean = decimal_words(figures.total / held, 1)
    return first, second % {"mean": mean, "held": held, "asked": asked}


def _where(figures: Figures) -> tuple[str, ...]:
    if not figures.places:
        return (_("There is no report with a map point, so no place can be named."),)
    top = figures.places[0]
    half = next(place.rank for place in figures.places if place.cumulative_percent >= 50)
    around = clusters_words(figures)
    sentences = [
        _("The most, %(count)s (%(share)s%% of those with a map point), are at “%(street)s”.")
        % {
            "count": reports(top.count),
            "share": decimal_words(top.share_percent, 0),
            "street": top.street,
        },
        ngettext(
            "One of %(all)s map points holds half of them or more.",
            "The %(half)s highest of %(all)s map points hold half of them or more.",
            half,
        )
        % {"half": half, "all": number(len(figures.places))},
        *around,
        _("A map point stands for the streets around it, never for an address or a household."),
    ]
    if top.count < 5:
        sentences.insert(
            1, _("These are small numbers: the order of places can change with a single report.")
        )
    return tuple(sentences)


def clusters_words(figures: Figures) -> tuple[str, ...]:
    """Say around which map points reports cluster more than chance would give; empty if none."""
    clear = figures.clear_clusters
    if not clear:
        return ()
    named = list(dict.fromkeys(plain_street(row.street) for row in clear))[:NAMED_CLUSTERS]
    return (
        _("More than chance would give, reports cluster around %(places)s.")
        % {"places": join_words([f"“{name}”" for name in named])},
    )


def plain_street(street: str) -> str:
    """Return a map point's name without the words that all of them begin with."""
    return street.removeprefix("On or near ")


def _when(figures: Figures) -> tuple[str, ...]:
    limit = _("The source gives the month only, so nothing can be said about days or hours.")
    held = figures.held
    if len(held) < LEAST_FOR_WHEN or not figures.total:
        return (_("Too few months are held to say which are higher."), limit)
    high = max(row.count or 0 for row in held)
    low = min(row.count or 0 for row in held)
    if high == low:
        return (_("Every month held has %(count)s.") % {"count": reports(high)}, limit)
    text = _(
        "The highest month is %(high_months)s with %(high)s, the lowest %(low_months)s "
        "with %(low)s."
    )
    if sum(row.count == high for row in held) > 1:
        text = _(
            "The highest months are %(high_months)s with %(high)s each, the lowest "
            "%(low_months)s with %(low)s."
        )
    said = text % {
        "high_months": join_words([month_name(r.month) for r in held if r.count == high]),
        "high": high,
        "low_months": join_words([month_name(r.month) for r in held if r.count == low]),
        "low": low,
    }
    if figures.usual.outside:
        said += " " + _("Beyond what chance explains: %(months)s.") % {
            "months": months_words(figures.usual.outside)
        }
    return said, limit


def usual_words(usual: Usual) -> tuple[str, ...]:
    """Say within which limits a month varies by chance, and which months lie outside."""
    if usual.low is None or usual.high is None or usual.centre is None:
        return (
            _(
                "Fewer than eight complete months of these two years are held, so nobody can say "
                "yet what is usual."
            ),
        )
    sentences = [
        _(
            "By chance a month varies from %(low)s to %(high)s around a mean of %(mean)s: the "
            "dashed lines, limits of an individuals chart from the %(held)s complete months that "
            "are held of these two years."
        )
        % {
            "low": decimal_words(usual.low, 1),
            "high": decimal_words(usual.high, 1),
            "mean": decimal_words(usual.centre, 1),
            "held": len(usual.months),
        },
        _("Outside of that: %(months)s.") % {"months": months_words(usual.outside)}
        if usual.outside
        else _("No month of this package lies outside."),
    ]
    if usual.shifted:
        sentences.append(
            _(
                "%(months)s belong to a run of eight months or more on one side of the mean: a "
                "shift, whatever its cause."
            )
            % {"months": months_words(usual.shifted)}
        )
    return tuple(sentences)


def change_words(change: Change) -> tuple[str, ...]:
    """Say whether like months differ clearly, with both counts and the score."""
    if change.now is None or change.before is None or change.z is None:
        return (
            _(
                "Too early to tell: fewer than three months can be set beside the same months "
                "of an earlier year, and only like months compare, because ASB has its seasons."
            ),
        )
    sides = _(
        "%(now)s in %(months)s, against %(before)s in the same months of %(year)s "
        "(Poisson z = %(z)s; 3 either way is a clear change)."
    ) % {
        "now": reports(change.now),
        "months": months_words(change.months),
        "before": number(change.before),
        "year": change.earlier[0][:4],
        "z": signed(change.z, 1),
    }
    if change.status == "clear_change":
        word = _("Clear change: fewer.") if change.now < change.before else _("Clear change: more.")
        after = _("A clear change says nothing about its cause.")
    else:
        word = _("No clear change.")
        after = _("A difference of this size can arise by chance.")
    sentences = [word, sides]
    if change.percent is not None and change.status == "clear_change":
        sentences.append(_("That is %(percent)s%%.") % {"percent": signed(change.percent, 0)})
    return (*sentences, after)


def _compare(figures: Figures) -> tuple[str, ...]:
    own = next((row for row in figures.comparison if row.kind == "location"), None)
    if own is None or own.rate is None or own.low is None or own.high is None:
        return (_("No rate can be given: the number of residents or every month is missing."),)
    sentences = [
        _(
            "%(rate)s per 1,000 residents over the %(months)s months counted (95%% interval "
            "%(low)s to %(high)s)."
        )
        % {
            "rate": decimal_words(own.rate, 1),
            "months": own.months_counted,
            "low": decimal_words(own.low, 1),
            "high": decimal_words(own.high, 1),
        }
    ]
    sentences += _beside(
        own,
        [
            other
            for kind in ("similar", "rest_of_district", "force")
            for other in figures.comparison
            if other.kind == kind and other.rate is not None
        ],
    )
    sentences += ambient_words(figures.ambient) or [
        _("Rates use residents as their base; a town centre has many visitors, which raises it.")
    ]
    return tuple(sentences)


def ambient_words(found: Ambient | None) -> tuple[str, ...]:
    """Say which LSOA's rate says little about those who live there; empty if none."""
    if found is None:
        return ()
    return (
        _(
            "%(count)s of the reports (%(share)s%%) lie in %(name)s: %(rate)s per 1,000 of its "
            "%(residents)s residents, against %(others)s in the rest of the location. That is "
            "usual where people come who do not live there: it is not the risk of a resident."
        )
        % {
            "count": number(found.count),
            "share": decimal_words(found.share_percent, 0),
            "name": found.lsoa_name,
            "rate": decimal_words(found.rate, 1),
            "residents": number(found.residents),
            "others": decimal_words(found.others_rate, 1),
        },
    )


def _beside(own: ComparisonRow, others: Sequence[ComparisonRow]) -> list[str]:
    """Say which rates are clearly lower, clearly higher or neither, a sentence for each that is."""
    texts = {
        "higher": _("It is clearly higher than %(areas)s."),
        "lower": _("It is clearly lower than %(areas)s."),
        "alike": _("It is not clearly different from %(areas)s."),
    }
    found: dict[str, list[str]] = {}
    for other in others:
        words = _("%(area)s (%(rate)s)") % {
            "area": other.area,
            "rate": decimal_words(other.rate or 0.0, 1),
        }
        found.setdefault(_verdict(own, other), []).append(words)
    return [text % {"areas": join_words(found[key])} for key, text in texts.items() if key in found]


def _verdict(own: ComparisonRow, other: ComparisonRow) -> str:
    """Return higher or lower where the two intervals lie apart, else alike."""
    assert own.low is not None
    assert own.high is not None
    assert other.low is not None
    assert other.high is not None
    if own.low > other.high:
        return "higher"
    return "lower" if own.high < other.low else "alike"


def _missing(figures: Figures) -> tuple[str, ...]:
    sentences = []
    if figures.missing:
        sentences.append(
            ngettext(
                "%(months)s is missing: no police file for it is held. Missing is not zero.",
                "%(months)s are missing: no police files for them are held. Missing is not zero.",
                len(figures.missing),
            )
            % {"months": months_words(figures.missing)}
        )
    else:
        sentences.append(_("Every month asked for is held."))
    if figures.partial:
        sentences.append(
            _("%(months)s: the force’s file holds far fewer rows than usual and may be incomplete.")
            % {"months": months_words(figures.partial)}
        )
    asked = set(figures.recipe.months)
    without = sum(q.rows_without_location or 0 for q in figures.quality if q.month in asked)
    stored = sum(q.rows_stored or 0 for q in figures.quality if q.month in asked)
    if without:
        sentences.append(
            _(
                "%(without)s of the %(stored)s rows of all kinds that %(force)s published for "
                "these months have no map point and can be counted for no location."
            )
            % {
                "without": number(without),
                "stored": number(stored),
                "force": figures.force,
            }
        )
    sentences.append(
        _(
            "Reports made only to councils or housing providers are not in this data, and many "
            "people never report."
        )
    )
    return tuple(sentences)
