"""The network of stakeholders: who connects, who stands apart, in plain words."""

import datetime as dt

import pytest

from accounts.roles import Role
from assets.models import NetworkLink, Stakeholder
from assets.scales import SCALES, scale_words
from assets.selectors.network import HEIGHT, WIDTH, network_of
from assets.services.stakeholders import (
    edit_stakeholder,
    record_link,
    record_stakeholder,
    withdraw_link,
    withdraw_stakeholder,
)
from core.errors import NotAllowed, Refused
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.assets import StakeholderFactory
from tests.personas import give_location_role

A_DAY = dt.date(2024, 6, 1)


@pytest.fixture
def named(people):
    """Two groups of three that only the bridge joins, and one whom nobody knows."""
    made = {
        name: StakeholderFactory(
            location=people.location,
            name=name,
            agency=people.police,
            recorded_by=people.coordinator,
        )
        for name in ("a1", "a2", "bridge", "b1", "b2", "alone")
    }
    pairs = (("a1", "a2"), ("a1", "bridge"), ("a2", "bridge"), ("bridge", "b1"), ("bridge", "b2"))
    for source, target in (*pairs, ("b1", "b2")):
        link(people, made, source, target)
    return made


def link(people, made, source, target, kind="works", **fields):
    return record_link(
        source=made[source], target=made[target], kind=kind, by=people.coordinator, **fields
    )


def network(people, user=None):
    return network_of(location=people.location, user=user or people.coordinator)


def names(actors):
    return [actor.stakeholder.name for actor in actors]


def test_the_bridge_connects_people_who_would_not_meet_otherwise(people, named):
    found = network(people)
    assert names(found.connectors) == ["bridge"]
    # Of the six pairs among the four others and alone, four meet only through the bridge; with the
    # five others there are ten pairs: 4 / 10.
    assert found.connectors[0].betweenness == pytest.approx(0.4)
    assert found.connectors[0].words == "Connects people who would not meet otherwise"
    assert names(found.isolated) == ["alone"]
    assert found.isolated[0].words == "No link to anybody yet"
    assert found.separate == []


def test_without_the_bridge_there_are_two_parts(people, named):
    withdraw_stakeholder(stakeholder=named["bridge"], reason="Left", by=people.coordinator)
    found = network(people)
    assert [names(part) for part in found.separate] == [["a1", "a2"], ["b1", "b2"]]
    assert "2 parts" in found.parts_words()
    assert found.connectors == []


def test_a_strained_tie_is_shown_but_connects_nobody(people, named):
    for one in list(NetworkLink.objects.filter(source=named["bridge"])):
        withdraw_link(link=one, by=people.coordinator)
    link(people, named, "bridge", "b1", kind="strained")
    found = network(people)
    assert len(found.links) == 5
    assert len(found.separate) == 2


def test_the_drawing_holds_everybody_in_its_frame_and_is_the_same_each_time(people, named):
    first, second = network(people).elements(), network(people).elements()
    assert first == second
    nodes = [one for one in first if "position" in one]
    assert len(nodes) == 6
    assert all(0 <= one["position"]["x"] <= WIDTH for one in nodes)
    assert all(0 <= one["position"]["y"] <= HEIGHT for one in nodes)
    assert len({tuple(one["position"].values()) for one in nodes}) == 6


def test_an_empty_register_has_an_empty_network(people):
    found = network(people)
    assert (found.actors, found.links, found.elements()) == ([], [], [])


def test_a_tie_of_a_kind_is_kept_once_whichever_way_round(people, named):
    with pytest.raises(Refused, match="already"):
        link(people, named, "a2", "a1")
    link(people, named, "a2", "a1", kind="funds")
    with pytest.raises(Refused, match="different"):
        link(people, named, "a1", "a1")


def test_a_name_is_on_the_register_once_and_figures_go_from_1_to_5(people, named):
    given = {"location": people.location, "sector": "council", "judged_on": A_DAY}
    with pytest.raises(Refused, match="already"):
        record_stakeholder(name="BRIDGE", by=people.coordinator, **given)
    for wrong in (0, 6):
        with pytest.raises(Refused, match="1 to 5"):
            record_stakeholder(name="New", influence=wrong, by=people.coordinator, **given)
    for by in (people.partner, people.leader, people.neighbour):
        with pytest.raises(NotAllowed):
            record_stakeholder(name="New", by=by, **given)


def test_every_figure_has_words():
    for name, words in SCALES.items():
        assert len(set(map(str, words))) == 5
        assert scale_words(name, 5).startswith("5 – ")
    assert scale_words("interest", None) == "Not judged yet"


def test_a_sensitive_stakeholder_of_another_agency_is_in_the_network_without_its_name(
    people, named
):
    worker = UserFactory(agency=AgencyFactory(name="Council"))
    give_location_role(worker, people.location, Role.COORDINATOR)
    Stakeholder.objects.filter(pk=named["bridge"].pk).update(
        marking="official-sensitive", handling="Only us", contact="01568", does="Secret"
    )
    found = network(people, worker)
    assert "bridge" not in str(found.elements())
    assert names(found.connectors) == ["Withheld"]
    assert all("bridge" not in (row.source.name, row.target.name) for row in found.links)
    with pytest.raises(NotAllowed):
        edit_stakeholder(
            stakeholder=Stakeholder.objects.get(pk=named["bridge"].pk),
            version=1,
            by=worker,
            does="",
        )


def test_the_pages_say_it_in_words(client, people, named):
    client.force_login(people.partner)
    text = client.get("/locations/leominster/stakeholders/network/").content.decode()
    assert "Connects people who would not meet otherwise" in text
    assert "bridge – b1" in text
    assert "Add a link" not in text
    client.force_login(people.coordinator)
    page = f"/locations/leominster/stakeholders/{named['alone'].pk}/"
    assert "No link to anybody yet" in client.get(page).content.decode()
    assert "Add a link" in client.get(page).content.decode()
