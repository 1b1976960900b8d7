"""Headers that keep browsers careful, and requests with a forged address refused."""

import pytest

from core.middleware import PERMISSIONS_POLICY

FORGED = (
    {"Host": "evil.example"},
    {"Host": "testserver.evil.example"},
    {"Host": "testserver@evil.example"},
    {"Host": "evil.example:80"},
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Host": "testserver, evil.example"},
    {"X-Forwarded-Host": ""},
    {"X-Original-Host": "evil.example"},
    {"X-Host": "evil.example"},
    {"X-Forwarded-Proto": "javascript"},
    {"X-Forwarded-Proto": ""},
    {"X-Forwarded-Port": "80@evil.example"},
    {"X-Original-URL": "/people/"},
    {"X-Rewrite-URL": "/people/"},
)
EXPECTED = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": PERMISSIONS_POLICY,
}
PAGES = ("/accounts/login/", "/no-such-page/", "/api/v1/schema/", "/api/v1/me/", "/healthz")


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_every_answer_bears_the_headers(client, path):
    answer = client.get(path)
    for name, value in EXPECTED.items():
        assert answer.headers.get(name) == value, (path, name)
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe-inline" not in answer["Content-Security-Policy"]


def test_refused_answers_and_static_files_bear_them_too(client, db):
    refused = client.get("/accounts/login/", headers={"host": "evil.example"})
    static = client.get("/static/css/app.css")
    static.close()
    b"".join(static.streaming_content)
    static.close()
    for answer in (refused, static):
        assert answer["Permissions-Policy"] == PERMISSIONS_POLICY
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_pages_may_use_no_camera_microphone_position_payment_or_usb():
    for feature in ("camera", "microphone", "geolocation", "payment", "usb"):
        assert f"{feature}=()" in PERMISSIONS_POLICY


@pytest.mark.django_db
@pytest.mark.parametrize("headers", FORGED, ids=str)
@pytest.mark.parametrize("path", ["/accounts/login/", "/api/v1/me/"])
def test_a_forged_address_is_refused(client, path, headers, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    answer = client.get(path, headers=headers)
    assert answer.status_code == 400
    assert b"evil.example" not in answer.content


@pytest.mark.django_db
def test_an_honest_proxy_is_served(client):
    headers = {
        "X-Forwarded-Host": "testserver",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Port": "443",
        "X-Forwarded-For": "192.0.2.1",
    }
    assert client.get("/accounts/login/", headers=headers).status_code == 200


@pytest.mark.django_db
def test_the_sign_in_and_what_people_see_is_never_cached(client, people):
    client.force_login(people.coordinator)
    assert client.get("/locations/leominster/")["Cache-Control"] == "no-store, private"
