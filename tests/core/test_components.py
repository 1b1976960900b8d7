"""The tags of ``core.templatetags.govuk``: what they print, escape and refuse."""

import datetime as dt
import gzip
import json
import re

import pytest
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory

from core import screen
from core.compression import CompressTextMiddleware
from core.statuses import STATUSES, status_look

EVIL = "<script>alert(1)</script>\"'"


def render(source: str, path: str = "/", **values) -> str:
    request = RequestFactory().get(path)
    return Template(source).render(Context({"request": request, **values}))


def attribute(html: str, name: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', html)
    assert found is not None, html
    return found.group(1)


ONE_OF_EACH = {
    "page_heading": "{% page_heading evil caption=evil intro=evil %}",
    "button": "{% button evil name=evil value=evil hidden_text=evil id=evil %}",
    "button with href": "{% button evil href=evil %}",
    "post_button": "{% post_button evil action=evil name=evil value=evil %}",
    "tag": "{% tag evil evil %}",
    "status_tag": "{% status_tag evil %}{% status_tag 'late' evil %}",
    "marking": "{% marking evil handling=evil %}",
    "details": "{% details evil %}{{ evil }}{% enddetails %}",
    "panel": "{% panel evil %}{{ evil }}{% endpanel %}",
    "notification_banner": (
        "{% notification_banner title=evil heading=evil %}{% endnotification_banner %}"
    ),
    "error_summary": "{% error_summary errors title=evil %}",
    "empty_state": "{% empty_state evil action=evil href=evil %}{{ evil }}{% endempty_state %}",
    "task_list": "{% task_list things %}",
    "summary_list": "{% summary_list things title=evil %}",
    "summary": (
        "{% summary %}{% summary_row evil change=evil %}"
        "{{ evil }}{% endsummary_row %}{% endsummary %}"
    ),
    "timeline": "{% timeline things %}",
    "breadcrumbs": "{% breadcrumbs errors %}",
    "back_link": "{% back_link evil evil %}",
    "side_navigation": "{% side_navigation errors label=evil %}",
    "tabs": "{% tabs evil %}{% tab evil %}{{ evil }}{% endtab %}{% endtabs %}",
    "accordion": (
        "{% accordion 'a' %}{% accordion_section evil summary=evil %}"
        "{{ evil }}{% endaccordion_section %}{% endaccordion %}"
    ),
    "cards": (
        "{% cards %}{% card evil evil sense=evil tone=evil href=evil unit=evil %}{% endcards %}"
    ),
    "table": "{% table errors rows caption=evil note=evil %}",
    "sort_header": "{% sort_header evil evil %}",
    "progress_bar": "{% progress_bar 3 label=evil words=evil id=evil poll=evil %}",
    "step_track": "{% step_track things label=evil %}",
    "status_grid": "{% status_grid columns grid caption=evil %}",
    "chart_figure": "{% chart_figure chart %}",
    "map_figure": "{% map_figure evil layers %}{{ evil }}{% endmap_figure %}",
    "identity_bar": (
        "{% identity_bar evil caption=evil status=evil %}{{ evil }}{% endidentity_bar %}"
    ),
    "attribution": "{% attribution errors %}",
}


@pytest.mark.parametrize("source", ONE_OF_EACH.values(), ids=ONE_OF_EACH)
def test_texts_are_escaped_wherever_they_are_printed(source):
    thing = dict.fromkeys(
        ("title", "text", "hint", "by", "href", "link_text", "key", "value", "status"), EVIL
    )
    html = render(
        source,
        evil=EVIL,
        errors=[{"text": EVIL, "href": EVIL}],
        things=[{**thing, "actions": [{"text": EVIL, "href": EVIL, "hidden": EVIL}]}],
        rows=[[EVIL]],
        columns=[{"text": EVIL, "href": EVIL}],
        grid=[
            {
                "text": EVIL,
                "href": EVIL,
                "hint": EVIL,
                "cells": [{"status": EVIL, "note": EVIL, "href": EVIL}],
            }
        ],
        chart={
            "title": EVIL,
            "alt": EVIL,
            "src": EVIL,
            "head": [EVIL],
            "rows": [[EVIL]],
            "source": EVIL,
            "note": EVIL,
        },
        layers=[{"slug": EVIL, "label": EVIL, "url": EVIL}],
    )
    assert "<script>alert" not in html
    assert "alert(1)" in html
    assert '=""\'' not in html


def test_markup_in_a_block_stays_markup():
    html = render("{% inset_text %}<strong>{{ name }}</strong>{% endinset_text %}", name="A & B")
    assert "<strong>A &amp; B</strong>" in html


def test_a_status_has_one_colour_and_words_and_an_unknown_one_is_grey():
    assert '<strong class="govuk-tag govuk-tag--red">Late</strong>' in render(
        "{% status_tag 'late' %}"
    )
    assert status_look("hung_parliament") == ("grey", "Hung parliament")
    assert status_look("late", "3 days late") == ("red", "3 days late")
    assert all(str(look.label) for look in STATUSES.values())


def test_a_button_that_changes_something_is_a_form_with_a_token():
    html = render("{% post_button 'Build' action='/x/' %}", csrf_token="t0ken")
    assert '<form method="post" action="/x/"' in html
    assert 'name="csrfmiddlewaretoken" value="t0ken"' in html


def test_a_disabled_button_says_so_to_everyone():
    html = render("{% button 'Save' disabled=True %}")
    assert "disabled aria-disabled" in html


def test_pagination_keeps_the_other_parameters_and_marks_the_page():
    page = Paginator(range(100), 10).page(2)
    html = render("{% pagination page %}", path="/?status=late&page=2", page=page)
    assert 'href="?status=late&amp;page=3" rel="next"' in html
    assert html.count('aria-current="page"') == 1


def test_a_list_of_one_page_has_no_pagination():
    assert render("{% pagination page %}", page=Paginator(range(3), 10).page(1)) == ""


@pytest.mark.parametrize(
    ("path", "state", "href"),
    [
        ("/?page=3", "none", "?sort=name"),
        ("/?sort=name&page=3", "ascending", "?sort=-name"),
        ("/?sort=-name&a=1", "descending", "?sort=name&amp;a=1"),
    ],
)
def test_a_sorted_column_says_which_way_and_offers_the_other(path, state, href):
    html = render("{% sort_header 'Name' 'name' %}", path=path)
    assert attribute(html, "aria-sort") == state
    assert attribute(html, "href") == href


def test_two_sets_of_tabs_on_a_page_keep_their_own_tabs():
    html = render(
        "{% tabs 'A' %}{% tab '2024' %}one{% endtab %}{% endtabs %}"
        "{% tabs 'B' %}{% tab '2023' %}two{% endtab %}{% endtabs %}"
    )
    assert html.count("govuk-tabs__panel") == 2
    assert 'id="tab-2024"' in html  # a bare number is no valid target for the script


def test_a_missing_number_is_not_known_and_never_zero():
    head = ["Month", {"text": "Reports", "numeric": True}]
    html = render("{% table head rows %}", head=head, rows=[["March", None], ["April", 0]])
    assert "not known" in html
    assert '<td class="govuk-table__cell govuk-table__cell--numeric">0</td>' in html


def test_a_row_of_another_length_than_its_head_is_refused():
    with pytest.raises(ValueError, match="longer"):
        render("{% table head rows %}", head=["A", "B"], rows=[["only one"]])


def test_a_grid_row_with_a_cell_too_few_is_refused():
    with pytest.raises(ValueError, match="shorter"):
        render(
            "{% status_grid c r caption='x' %}",
            c=["1", "2"],
            r=[{"text": "L", "cells": [{"status": "done"}]}],
        )


def test_a_grid_cell_names_its_row_and_column_to_screen_readers():
    html = render(
        "{% status_grid c r caption='x' %}",
        c=["Training"],
        r=[{"text": "Leominster", "cells": [{"status": "late", "href": "#"}]}],
    )
    assert ": Leominster, Training</span>" in html
    assert "Late" in html


def test_progress_is_asked_for_again_only_while_there_is_an_address():
    waiting = render("{% progress_bar 4 total=10 poll='/jobs/1/progress/' %}")
    done = render("{% progress_bar 10 total=10 words='Finished' %}")
    assert 'hx-get="/jobs/1/progress/"' in waiting
    assert "40%" in waiting
    assert "hx-" not in done
    assert '<progress class="app-progress__bar" value="10" max="10"' in done
    assert "Finished" in done


def test_a_chart_not_drawn_yet_shows_its_table_open():
    chart = {"title": "Reports", "src": "", "head": ["Month"], "rows": [["March 2024"]]}
    html = render("{% chart_figure chart %}", chart=chart)
    assert "being drawn" in html
    assert 'app-figure__table" open' in html
    assert "<img" not in html


def test_a_drawn_chart_has_words_for_the_picture_and_its_table():
    chart = {
        "title": "Reports",
        "alt": "Falls from 20 to 11",
        "src": "data:image/svg+xml,x",
        "head": ["Month"],
        "rows": [["March 2024"]],
        "source": "data.police.uk",
    }
    html = render("{% chart_figure chart %}", chart=chart)
    assert 'alt="Falls from 20 to 11"' in html
    assert "March 2024" in html
    assert "Source: data.police.uk" in html


def test_two_maps_bring_leaflet_once_and_their_settings_cannot_break_out():
    layers = [{"slug": "a", "label": "</script><b>", "symbol": "point", "url": "/a/"}]
    html = render(
        "{% map_figure 'One' layers %}{% endmap_figure %}"
        "{% map_figure 'Two' layers %}{% endmap_figure %}",
        layers=layers,
    )
    assert html.count("leaflet/leaflet.js") == 1
    assert "</script><b>" not in html
    found = re.search(r'id="map-one-settings" type="application/json">(.*?)</script>', html)
    assert found is not None
    settings = json.loads(found.group(1))
    assert settings["layers"][0]["label"] == "</script><b>"
    assert settings["tiles"] == []


def test_a_layer_with_an_unknown_symbol_is_refused():
    with pytest.raises(ValueError, match="skull"):
        screen.layer({"slug": "a", "label": "A", "symbol": "skull"})


@pytest.mark.parametrize(
    ("value", "filter_name", "words"),
    [
        (dt.date(2024, 3, 12), "day", "12 March 2024"),
        (None, "day", ""),
        (dt.datetime(2024, 7, 12, 15, 4, tzinfo=dt.UTC), "moment", "12 July 2024, 4:04pm"),
        (dt.datetime(2024, 1, 12, 0, 4, tzinfo=dt.UTC), "moment", "12 January 2024, 12:04am"),
        (dt.date(2024, 3, 12), "moment", "12 March 2024"),
        ("2024-03", "month_name", "March 2024"),
        ("not a month", "month_name", "not a month"),
        (12345, "number", "12,345"),
        (0, "number", "0"),
        (12.5, "number", "12.5"),
        (None, "number", "not known"),
        (999, "filesize_words", "999 bytes"),
        (1_234_567, "filesize_words", "1.2 MB"),
        (45_000, "filesize_words", "45 kB"),
    ],
)
def test_dates_and_numbers_are_written_as_people_say_them(value, filter_name, words):
    assert render(f"{{{{ value|{filter_name} }}}}", value=value) == words


def test_the_gallery_shows_and_holds_nothing_inline(client, business_date):
    answer = client.get("/gallery/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert " style=" not in html
    nonces = re.findall(r'nonce="([^"]+)"', html)
    assert len(nonces) == 1
    assert f"'nonce-{nonces[0]}'" in answer["Content-Security-Policy"]
    assert len(re.findall(r'\bid="([^"]+)"', html)) == len(set(re.findall(r'\bid="([^"]+)"', html)))


def test_every_label_description_and_link_within_the_gallery_has_its_target(client, business_date):
    html = client.get("/gallery/").content.decode()
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
        for value in re.findall(rf'\s{name}="([^"]*)"', html):
            assert value.split()
            assert set(value.split()) <= ids, f"{name}={value}"
    summary = html[html.index('id="wrong"') :]
    for target in re.findall(r'<li><a href="#([^"]+)">', summary):
        assert target in ids


def test_a_page_and_its_frame_travel_compressed(client, business_date):
    zipped = {"accept-encoding": "gzip"}
    answer = client.get("/gallery/", headers=zipped)
    assert answer["Content-Encoding"] == "gzip"
    total = len(answer.content)
    for address in set(
        re.findall(
            r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg))"',
            gzip.decompress(answer.content).decode(),
        )
    ):
        if "leaflet" not in address and "map.js" not in address:
            total += len(b"".join(client.get(address, headers=zipped).streaming_content))
    assert 40_000 < total < 100_000


@pytest.mark.parametrize(
    ("headers", "status", "encoded"),
    [
        ({"Content-Type": "text/csv"}, 200, True),
        ({"Content-Type": "text/csv", "Content-Disposition": "attachment; filename=a"}, 200, False),
        ({"Content-Type": "application/pdf"}, 200, False),
        ({"Content-Type": "text/html"}, 206, False),
    ],
)
def test_only_whole_answers_of_text_are_compressed(headers, status, encoded):
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip"})
    answer = CompressTextMiddleware(
        lambda _request: HttpResponse(b"x" * 2000, headers=headers, status=status)
    )(request)
    assert answer.has_header("Content-Encoding") is encoded


def test_production_has_no_gallery(client, business_date, settings):
    settings.PRODUCTION = True
    assert client.get("/gallery/").status_code == 404


def test_the_title_names_page_and_product_and_the_frame_its_landmarks(client, business_date):
    html = client.get("/gallery/").content.decode()
    assert "<title>Gallery – Intensive Engagement</title>" in html
    for landmark in ("<header>", "<main ", "<footer ", 'href="#main-content"'):
        assert html.count(landmark) == 1
    assert html.count("<h1") >= 1


def test_a_demonstration_says_so_with_its_business_date(client, business_date, settings):
    settings.DEMONSTRATION = True
    assert "Business date: Tuesday 25 June 2024" in client.get("/gallery/").content.decode()
    settings.DEMONSTRATION = False
    assert "Business date:" not in client.get("/gallery/").content.decode()


@pytest.mark.parametrize("name", ["400", "403", "404", "500", "csrf"])
def test_error_pages_say_what_happened_without_a_request(name):
    html = Template(f'{{% include "errors/{name}.html" %}}').render(Context({}))
    assert "<h1" in html
    assert "Intensive Engagement</title>" in html


def test_pages_under_headings_open_where_we_are_and_stand_in_one_menu_for_phones():
    items = [
        {"text": "Overview", "href": "#o"},
        {"heading": "Work", "text": "Actions", "href": "#a"},
        {"text": "Log", "href": "#l", "current": True},
        {"heading": "People", "text": "Group", "href": "#g"},
    ]
    html = render("{% side_navigation items label='Pages' %}", items=items)
    menu, _, beside = html.partition("</details>")
    assert menu.count("<li") == 4
    assert menu.count('aria-current="page"') == beside.count('aria-current="page"') == 1
    assert '<details class="app-side-navigation__group" open>' in beside
    assert beside.count("<details") == 2
    plain = render("{% side_navigation items %}", items=items[:1])
    assert "<details" not in plain


def test_the_cells_of_a_stacked_table_name_their_column():
    html = render(
        "{% table_block 'Towns' stacked=True %}<thead><tr><th>Town</th><th>Open</th>"
        "<th><a href='#'>Led by</a></th></tr></thead><tbody><tr><th>Teme</th><td>3</td>"
        "<td>Ada</td></tr></tbody>{% endtable_block %}"
    )
    assert '<td data-label="Open">3</td>' in html
    assert '<td data-label="Led by">Ada</td>' in html
    assert "<th>Teme</th>" in html
    rows = render("{% table head rows stacked=True %}", head=["Town", "Open"], rows=[["Teme", 3]])
    assert 'data-label="Open"' in rows
    assert "data-label=" in rows
    unstacked = render("{% table head rows %}", head=["Town", "Open"], rows=[["Teme", 3]])
    assert 'data-label="Open"' not in unstacked
    hostile = "<th>{{ evil }}</th></thead><tr><td>1</td></tr>"
    rows = render(
        f"{{% table_block 'T' stacked=True %}}{hostile}{{% endtable_block %}}", evil='"<b>'
    )
    assert '<td data-label="&quot;&lt;b&gt;">1' in rows
