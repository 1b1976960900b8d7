"""Templates: nothing inline that the CSP refuses, nothing unescaped, every text translatable."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

from core.templatetags import govuk

ROOT = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.html"))
# Documents that stand alone (printed, or downloaded as a file) carry their own style; pages do not.
DOCUMENTS = {
    "layouts/pdf.html": "printed by WeasyPrint",
    "incidents/packages/briefing.html": "a file of the data package, with a policy of its own",
    "reports/report.html": "a file of the progress report, with a policy of its own",
}
PAGES = [name for name in TEMPLATES if name not in DOCUMENTS]
# The only values printed as they are: made by our own templates and code, escaped when made.
TRUSTED = {
    "incidents/packages/briefing.html": ["css|safe"],  # our own static file
    "incidents/package_detail.html": ["briefing|safe"],  # the body of the package's briefing.html
    "reports/report.html": ["css|safe"],  # our own static file
    "reports/report_detail.html": ["body|safe"],  # the body of the report's stored page
}
COMPONENTS = sorted(path.stem for path in (ROOT / "components").glob("*.html"))
DOCUMENTED = (Path(settings.BASE_DIR) / "docs/components.md").read_text()
GALLERY = "".join(path.read_text() for path in (ROOT / "core").glob("gallery*.html"))
# Printed through another tag, or only by layouts and forms.
PRINTED_BY_OTHERS = {
    "phase_banner": "layouts/base.html",
    "field": "layouts/form.html",
    "form_errors": "layouts/form.html",
}


def read(name: str) -> str:
    return (ROOT / name).read_text()


def test_templates_are_found():
    assert len(COMPONENTS) > 30
    assert set(DOCUMENTS) | set(TRUSTED) <= set(TEMPLATES)
    assert "layouts/base.html" in TEMPLATES


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles(name):
    engines["django"].get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_it_has_nothing_inline_that_the_policy_refuses(name):
    text = read(name)
    assert re.findall(r"<[^>]*\sstyle\s*=", text) == []
    assert re.findall(r"<style\b", text) == []
    assert re.findall(r"<[^>]*\s(?:on[a-z]+|hx-on[^=\s]*)\s*=\s*[\"']", text) == []
    assert "javascript:" not in text
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or "nonce=" in tag, tag


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_prints_nothing_unescaped_but_what_is_listed(name):
    text = read(name)
    assert re.findall(r"[\w.]+\s*\|\s*safe\b", text) == TRUSTED.get(name, [])
    assert not re.search(r"autoescape\s+off|\|\s*safeseq\b", text)


@pytest.mark.parametrize("name", [n for n in TEMPLATES if not n.startswith("core/gallery")])
def test_every_text_in_it_can_be_translated(name):
    text = re.sub(r"{% comment.*?endcomment %}", " ", read(name), flags=re.DOTALL)
    attributes = re.findall(r'\s(?:aria-label|alt|title|placeholder)="([A-Za-z][^"]*)"', text)
    assert attributes == []
    text = re.sub(r"{% blocktrans.*?{% endblocktrans(?:late)? %}", " ", text, flags=re.DOTALL)
    text = re.sub(r"{% block style %}.*?{% endblock %}", " ", text, flags=re.DOTALL)
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", " ", text, flags=re.DOTALL)
    text = re.sub(r"<(style|script)\b.*?</\1>", " ", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->|<[^>]*>|&[a-z]+;", " ", text, flags=re.DOTALL)
    assert re.findall(r"[A-Za-z]{2,}", text) == []


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_component_is_reached_by_a_tag_of_its_name(component):
    assert component in govuk.register.tags


@pytest.mark.parametrize("tag", sorted(govuk.register.tags))
def test_every_tag_is_documented_and_shown_in_the_gallery(tag):
    assert f"`{tag}`" in DOCUMENTED
    text = GALLERY + read(PRINTED_BY_OTHERS[tag]) if tag in PRINTED_BY_OTHERS else GALLERY
    assert f"{{% {tag} " in text or f"{{% {tag} %" in text


@pytest.mark.parametrize("filter_name", sorted(set(govuk.register.filters) - {"attr"}))
def test_every_filter_is_documented(filter_name):
    assert f"|{filter_name} }}}}" in DOCUMENTED
