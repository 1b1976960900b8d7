"""The stakeholders of a location and what ties them: who connects, who stands apart.

Strained ties are shown but join nobody: they do not count when it is asked who connects whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assets.choices import Involvement, LinkKind
from assets.models import NetworkLink, Stakeholder
from assets.sight import sight_of
from programmes.models import Location

STAKEHOLDERS = Stakeholder.objects.select_related("location__programme__lead_agency", "agency")
LINKS = NetworkLink.objects.select_related("source", "target", "location__programme")
CONNECTORS = 3  # how many are named
WIDTH, HEIGHT = 1000, 640  # of the drawing, in its own units


@dataclass(frozen=True, slots=True)
class Actor:
    """A stakeholder, veiled, with their place in the network.

    ``betweenness`` from 0 to 1: the share of shortest ways between others that lead through them.
    ``is_bridge``: without them the network falls into more parts. ``part`` counts from 1, the
    largest first. ``x`` and ``y`` are the place in the drawing.
    """

    stakeholder: Stakeholder
    links: int
    betweenness: float
    is_bridge: bool
    part: int
    x: int
    y: int

    @property
    def words(self) -> str:
        """What their place means, in plain words; empty where there is nothing to say."""
        if self.links == 0:
            return _("No link to anybody yet")
        if self.is_bridge:
            return _("Connects people who would not meet otherwise")
        return ""


@dataclass(frozen=True, slots=True)
class Network:
    """The network of a location as one reader sees it."""

    actors: list[Actor]
    links: list[NetworkLink]
    parts: list[list[Actor]]

    @property
    def connectors(self) -> list[Actor]:
        """Those through whom most others reach each other, at most three."""
        found = [actor for actor in self.actors if actor.betweenness > 0]
        found.sort(key=lambda actor: (-actor.betweenness, actor.stakeholder.name))
        return found[:CONNECTORS]

    @property
    def isolated(self) -> list[Actor]:
        """Those without a link."""
        return [actor for actor in self.actors if actor.links == 0]

    @property
    def separate(self) -> list[list[Actor]]:
        """The parts of several that are not connected with each other; none if there is one."""
        several = [part for part in self.parts if len(part) > 1]
        return several if len(several) > 1 else []

    @property
    def not_yet(self) -> list[Actor]:
        """Those not yet involved."""
        return [
            actor for actor in self.actors if actor.stakeholder.involvement == Involvement.NOT_YET
        ]

    def parts_words(self) -> str:
        """Return in how many parts the network lies."""
        count = len([part for part in self.parts if len(part) > 1])
        return ngettext(
            "All who have a link are connected with each other.",
            "The network lies in %(count)d parts that are not connected with each other.",
            max(count, 1),
        ) % {"count": count}

    def elements(self) -> list[dict[str, Any]]:
        """Return the drawing for Cytoscape.js, places included: the browser computes nothing."""
        bridges = {actor.stakeholder.pk for actor in self.connectors}
        nodes = [
            {
                "data": {
                    "id": str(actor.stakeholder.pk),
                    "label": actor.stakeholder.name,
                    "url": actor.stakeholder.get_absolute_url(),
                    "kind": "connector"
                    if actor.stakeholder.pk in bridges
                    else actor.stakeholder.involvement,
                },
                "position": {"x": actor.x, "y": actor.y},
            }
            for actor in self.actors
        ]
        edges = [
            {
                "data": {
                    "id": str(link.pk),
                    "source": str(link.source_id),
                    "target": str(link.target_id),
                    "strength": link.strength,
                    "kind": link.kind,
                }
            }
            for link in self.links
        ]
        return nodes + edges


def stakeholders_of(*, location: Location, user: Any) -> list[Stakeholder]:
    """Return the register as a reader sees it, veiled, in three queries."""
    rows = STAKEHOLDERS.filter(location=location).visible_to(user).current().order_by("name", "pk")
    sight = sight_of(user, [location])
    return [sight.veil(row) for row in rows]


def links_of(*, location: Location, user: Any) -> list[NetworkLink]:
    """Return the links that count."""
    rows = LINKS.filter(location=location).visible_to(user).current()
    return list(rows.order_by("source__name", "target__name", "pk"))


def network_of(*, location: Location, user: Any) -> Network:
    """Return the network: who connects, who stands apart, where each is drawn; four queries."""
    import networkx as nx

    rows = stakeholders_of(location=location, user=user)
    links = links_of(location=location, user=user)
    named = {row.pk: row for row in rows}
    for link in links:  # the ends as the reader sees them, not as they are stored
        link.source, link.target = named[link.source_id], named[link.target_id]
    graph: Any = nx.Graph()
    graph.add_nodes_from(row.pk for row in rows)
    for link in links:
        if link.kind != LinkKind.STRAINED:
            before = graph.get_edge_data(link.source_id, link.target_id, {"strength": 0})
            strength = max(before["strength"], link.strength)
            graph.add_edge(link.source_id, link.target_id, strength=strength)
    between = nx.betweenness_centrality(graph)
    bridges = set(nx.articulation_points(graph))
    name_of = {row.pk: row.name for row in rows}
    components = sorted(
        nx.connected_components(graph),
        key=lambda part: (-len(part), min((name_of[key], str(key)) for key in part)),
    )
    part_of = {key: number for number, part in enumerate(components, 1) for key in part}
    drawn = graph.copy()
    drawn.add_edges_from((link.source_id, link.target_id) for link in links)
    places = _places(drawn)
    counts: dict[UUID, int] = dict.fromkeys(named, 0)
    for link in links:
        counts[link.source_id] += 1
        counts[link.target_id] += 1
    actors = [
        Actor(
            stakeholder=row,
            links=counts[row.pk],
            betweenness=round(between[row.pk], 4),
            is_bridge=row.pk in bridges,
            part=part_of[row.pk],
            x=places[row.pk][0],
            y=places[row.pk][1],
        )
        for row in rows
    ]
    return Network(
        actors=actors,
        links=links,
        parts=[[one for one in actors if one.part == n] for n in range(1, len(components) + 1)],
    )


def _places(graph: Any) -> dict[UUID, tuple[int, int]]:
    """Return where each is drawn: the same network, the same drawing.

    Those who are tied spread over the drawing; those without a tie stand in a row beneath.
    """
    import networkx as nx

    alone = sorted(nx.isolates(graph), key=str)
    tied = graph.subgraph(key for key in graph if key not in set(alone))
    step = WIDTH / max(1, len(alone))
    places = {key: (round((n + 0.5) * step), HEIGHT) for n, key in enumerate(alone)}
    if not tied.number_of_nodes():
        return places
    found = (
        nx.kamada_kawai_layout(tied) if nx.is_connected(tied) else nx.spring_layout(tied, seed=7)
    )
    xs = [place[0] for place in found.values()]
    ys = [place[1] for place in found.values()]
    wide, high = max(max(xs) - min(xs), 1e-9), max(max(ys) - min(ys), 1e-9)
    room = HEIGHT - (110 if alone else 0)
    for key, (x, y) in found.items():
        places[key] = (round((x - min(xs)) / wide * WIDTH), round((y - min(ys)) / high * room))
    return places
