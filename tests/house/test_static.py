"""Static files: vendored is what we took, nothing comes from outside, pages stay small."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

STATIC = Path(settings.BASE_DIR) / "static"
VENDOR = STATIC / "vendor"
MANIFEST = json.loads((VENDOR / "vendor.json").read_text())
TEMPLATES = Path(settings.BASE_DIR) / "templates"
OUTSIDE = re.compile(r"(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
NAMESPACES = ("http://www.w3.org",)


def listed() -> dict[str, str]:
    return {name: sha for package in MANIFEST["packages"] for name, sha in package["files"].items()}


def read_by_browsers() -> list[Path]:
    return sorted(path for kind in ("css", "js", "svg") for path in STATIC.rglob(f"*.{kind}"))


def test_every_vendored_file_is_the_one_in_the_manifest():
    found = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "vendor.json"
    }
    assert found == listed()


@pytest.mark.parametrize("package", MANIFEST["packages"], ids=lambda package: package["name"])
def test_every_package_names_source_and_licence_and_lies_under_its_version(package):
    root = f"{package['name']}@{package['version']}/"
    assert package["licence"]
    assert package["source"].startswith("https://")
    assert f"{root}LICENSE.txt" in package["files"]
    assert all(name.startswith(root) for name in package["files"])


def test_the_four_faces_of_the_printed_font_are_there():
    faces = {Path(name).name for name in listed() if name.endswith(".ttf")}
    assert faces == {
        f"LiberationSans-{face}.ttf" for face in ("Regular", "Bold", "Italic", "BoldItalic")
    }


@pytest.mark.parametrize("path", read_by_browsers(), ids=lambda path: path.name)
def test_no_file_that_browsers_read_names_an_outside_address(path):
    text = path.read_text()
    outside = [url for url in OUTSIDE.findall(text) if not url.startswith(NAMESPACES)]
    assert outside == []
    assert "sourceMappingURL" not in text
    assert "@import" not in text


def test_the_fonts_and_emblems_of_gov_uk_are_left_out():
    css = (VENDOR / "govuk-frontend@6.6.0/govuk-frontend.min.css").read_text()
    assert "@font-face" not in css
    assert "GDS Transport" not in css
    assert "crest" not in css
    assert "url(" not in css


def test_there_is_one_leaflet_and_it_is_the_packaged_one():
    # map_figure brings it to a page once, from django-leaflet; a second copy would fight with it.
    assert len(finders.find("leaflet/leaflet.js", find_all=True)) == 1
    assert list(STATIC.rglob("*leaflet*")) == []
    version = re.search(r"Leaflet (\d+\.\d+)", Path(finders.find("leaflet/leaflet.js")).read_text())
    assert version is not None
    assert version.group(1) == "1.9"


def test_every_static_file_that_a_template_names_exists():
    named = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"""{% static ["']([^"']+)["']""", path.read_text())
    }
    assert len(named) >= 6
    assert sorted(name for name in named if finders.find(name) is None) == []


def test_the_frame_of_a_page_leaves_room_within_100_kilobytes():
    frame = (
        "vendor/govuk-frontend@6.6.0/govuk-frontend.min.css",
        "vendor/govuk-frontend@6.6.0/govuk-frontend.min.js",
        "vendor/htmx@2.0.11/htmx.min.js",
        "css/app.css",
        "js/app.js",
        "images/mark.svg",
        "images/favicon.svg",
    )
    assert sum(len(gzip.compress((STATIC / name).read_bytes())) for name in frame) < 60_000


def test_public_pages_stay_within_60_kilobytes_without_htmx():
    frame = (
        "vendor/govuk-frontend@6.6.0/govuk-frontend.min.css",
        "vendor/govuk-frontend@6.6.0/govuk-frontend.min.js",
        "css/app.css",
        "js/app.js",
    )
    assert sum(len(gzip.compress((STATIC / name).read_bytes())) for name in frame) < 45_000
    assert "{% block htmx %}{% endblock %}" in (TEMPLATES / "layouts/public.html").read_text()
