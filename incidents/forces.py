"""The police forces of data.police.uk: address name, name in files, name of the police force area.

No field of the published data links the three, so the table stands here. "Name in files" is the
"Reported by" column; "area" is the name that the Office for National Statistics gives the police
force area (compared without case, and with "&" read as "and"). British Transport Police has none:
it covers the railways of Great Britain. Northern Ireland lies outside the ONS list.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownForce:
    """One force: ``area`` is None where no police force area belongs to it."""

    slug: str
    name: str
    area: str | None


_CONSTABULARY = {
    "avon-and-somerset",
    "cheshire",
    "cumbria",
    "derbyshire",
    "durham",
    "gloucestershire",
    "hampshire",
    "hertfordshire",
    "lancashire",
    "norfolk",
    "suffolk",
}
_PLAIN = (
    "avon-and-somerset",
    "bedfordshire",
    "cambridgeshire",
    "cheshire",
    "cleveland",
    "cumbria",
    "derbyshire",
    "dorset",
    "durham",
    "essex",
    "gloucestershire",
    "gwent",
    "hampshire",
    "hertfordshire",
    "humberside",
    "kent",
    "lancashire",
    "leicestershire",
    "lincolnshire",
    "merseyside",
    "norfolk",
    "north-wales",
    "north-yorkshire",
    "northamptonshire",
    "northumbria",
    "nottinghamshire",
    "south-wales",
    "south-yorkshire",
    "staffordshire",
    "suffolk",
    "surrey",
    "sussex",
    "thames-valley",
    "warwickshire",
    "west-mercia",
    "west-midlands",
    "west-yorkshire",
    "wiltshire",
)


def _title(slug: str) -> str:
    return " ".join(word if word == "and" else word.title() for word in slug.split("-"))


FORCES: dict[str, KnownForce] = {
    slug: KnownForce(
        slug,
        f"{_title(slug)} {'Constabulary' if slug in _CONSTABULARY else 'Police'}",
        _title(slug),
    )
    for slug in _PLAIN
} | {
    force.slug: force
    for force in (
        KnownForce("btp", "British Transport Police", None),
        KnownForce("city-of-london", "City of London Police", "London, City of"),
        KnownForce("devon-and-cornwall", "Devon & Cornwall Police", "Devon and Cornwall"),
        KnownForce("dyfed-powys", "Dyfed-Powys Police", "Dyfed-Powys"),
        KnownForce("greater-manchester", "Greater Manchester Police", "Greater Manchester"),
        KnownForce("metropolitan", "Metropolitan Police Service", "Metropolitan Police"),
        KnownForce("northern-ireland", "Police Service of Northern Ireland", None),
    )
}
_BY_NAME = {force.name: force for force in FORCES.values()}


def force_named(name: str) -> KnownForce | None:
    """Return the force that names itself so in files, None where the table has none."""
    return _BY_NAME.get(name.strip())


def area_key(name: str) -> str:
    """Return a police force area's name in the form in which names are compared."""
    return name.casefold().replace("&", "and").replace("-", " ").strip()
