"""Pages of feeds: made, a file looked at and taken in, categories put into common words."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.choices import JobState
from core.jobs import run_now
from core.models import DataImport, JobRun, LedgerEntry, StoredFile
from incidents.feeds.sending import KEPT, SENT, forget_unsent
from incidents.models import Feed, FeedIncident, FeedMonth
from tests.factories.feeds import FeedFactory, feed_category
from tests.incidents.streets import make_areas

NOISE = (
    "Case ref,Complaint type,Date received,Occurred from,Occurred to,Easting,Northing,"
    "Complainant name,Ward\n"
    "N1,Noise - loud music,15/03/2024,14/03/2024 23:40,15/03/2024 02:10,349611,259021,"
    "Wilhelmina Zappacosta,Secret Ward\n"
    "N2,Fly-tipping,20/03/2024,20/03/2024 08:00,,349700,259100,Quentin Xylander,Secret Ward\n"
    "N4,Fly-tipping,21/03/2024,20/03/2024 09:00,,349700,259100,,\n"
    "N5,Fly-tipping,22/03/2024,20/03/2024 10:00,,349700,259100,,\n"
    "N6,Fly-tipping,23/03/2024,20/03/2024 11:00,,349700,259100,,\n"
    "N3,Fly-tipping,32/03/2024,,,349700,259100,Quentin Xylander,Secret Ward\n"
)


@pytest.fixture
def feed(people):
    make_areas(people.location)
    return FeedFactory(
        programme=people.programme, agency=people.police, salt="5a" * 32, title="Noise"
    )


def page(name, feed, *more):
    return reverse(f"incidents:{name}", args=[feed.programme.slug, feed.slug, *more])


def send(client, feed, text=NOISE, name="noise.csv"):
    file = SimpleUploadedFile(name, text.encode(), content_type="text/csv")
    answer = client.post(page("feed-send", feed), {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def as_sent(client, place, **changes):
    """Return what the page's form would post as it stands."""
    form = client.get(place).context["form"]
    data = {bound.html_name: str(bound.value() or "") for bound in form}
    data.pop("keep_good", None)
    return {**data, **changes}


def test_a_file_is_guessed_shown_and_taken_in_by_a_job(client, people, feed):
    client.force_login(people.analyst)
    place = send(client, feed)
    shown = client.get(place)
    text = shown.content.decode()
    assert "14 March 2024, 23:40 to 15 March 2024, 02:10" in text
    assert "British National Grid" in text
    assert "Kept as a key only: who reported it" in text
    assert "32/03/2024" in text
    found = shown.context["preview"]
    assert (found.rows, found.good, found.wrong) == (6, 5, 1)
    assert not FeedIncident.objects.exists()
    refused = client.post(place, as_sent(client, place, do="take"))
    job = JobRun.objects.get(pk=refused["Location"].rstrip("/").rsplit("/", 1)[-1])
    job.refresh_from_db()
    if job.state == JobState.QUEUED:
        with pytest.raises(Exception, match="32/03/2024"):
            run_now(job)
    assert not FeedIncident.objects.exists()
    good = client.post(place, as_sent(client, place, do="take", keep_good="on"))
    job = JobRun.objects.get(pk=good["Location"].rstrip("/").rsplit("/", 1)[-1])
    done = run_now(job) if job.state == JobState.QUEUED else job
    assert done.result["totals"]["stored"] == 5
    account = client.get(done.result_url).content.decode()
    assert "Download the rows left out" in account
    assert FeedMonth.objects.get(feed=feed).rows == 5
    # The file is gone, and nothing that was not to be kept stands anywhere.
    assert not DataImport.objects.filter(kind=SENT).exists()
    assert not StoredFile.objects.filter(name="noise.csv").exists()
    rejected = client.get(done.result_url + "rejected/").content.decode()
    for name in ("Wilhelmina", "Xylander", "Secret Ward"):
        assert name not in rejected
        assert name not in str(done.result)
        assert name not in account
        assert not LedgerEntry.objects.filter(detail__icontains=name).exists()
    # The next file of the same headings is read the same way.
    assert "as in the last file" in client.get(send(client, feed)).content.decode()


def test_looking_again_keeps_what_was_said(client, people, feed):
    client.force_login(people.analyst)
    place = send(client, feed, "Ref,Occurred\nA,03/04/2024 10:00\n")
    asked = as_sent(client, place, order="mdy", do="look")
    asked.update(first_month="", last_month="")
    again = client.post(place, asked)
    assert again["Location"] == f"{place}#preview"
    shown = client.get(place)
    assert shown.context["preview"].shown[0].words[0].startswith("4 March 2024, 10:00")
    assert shown.context["form"]["order"].value() == "mdy"
    assert shown.context["form"]["first_month"].value() == "March 2024"
    assert not Feed.objects.get(pk=feed.pk).mapping


def test_a_column_cannot_be_two_and_a_field_needs_its_own(client, people, feed):
    client.force_login(people.analyst)
    place = send(client, feed, "Ref,When\nA,03/04/2024\n")
    answer = client.post(place, as_sent(client, place, column_0="from", column_1="from", do="take"))
    assert answer.status_code == 422
    assert "is the column “Ref” already" in answer.content.decode()
    answer = client.post(place, as_sent(client, place, column_0="to_time", column_1="", do="take"))
    assert "Say which column tells when it happened" in answer.content.decode()
    assert not JobRun.objects.filter(kind="incidents.feed").exists()


def test_months_that_are_held_are_said_to_be_replaced(client, people, feed):
    client.force_login(people.analyst)
    place = send(client, feed, "Ref,When\nA,03/04/2024\n")
    answer = client.post(place, as_sent(client, place, do="take"))
    job = JobRun.objects.get(pk=answer["Location"].rstrip("/").rsplit("/", 1)[-1])
    if job.state == JobState.QUEUED:
        run_now(job)
    place = send(client, feed, "Ref,When\nB,13/04/2024\n")
    assert "April 2024 (1 row)" in client.get(place).content.decode()


def test_a_file_is_its_senders_alone(client, people, feed):
    client.force_login(people.analyst)
    place = send(client, feed)
    client.force_login(people.manager)
    assert client.get(page("feed-send", feed)).status_code == 200
    assert client.get(place).status_code == 404
    assert client.post(place, {"do": "take"}).status_code == 404


def test_a_file_nobody_takes_in_is_forgotten(client, people, feed):
    client.force_login(people.analyst)
    place = send(client, feed)
    assert forget_unsent() == 0
    sent = DataImport.objects.get(kind=SENT)
    DataImport.objects.filter(pk=sent.pk).update(created_at=sent.created_at - KEPT * 1.1)
    assert forget_unsent() == 1
    assert not StoredFile.objects.filter(name="noise.csv").exists()
    assert client.get(place).status_code == 404


def test_a_feed_is_made_changed_and_listed(client, people):
    client.force_login(people.analyst)
    new = reverse("incidents:feed-new", args=[people.programme.slug])
    empty = client.get(reverse("incidents:feeds", args=[people.programme.slug])).content.decode()
    assert "Agree with an agency what it supplies" in empty
    said = {
        "id": client.get(new).context["form"]["id"].value(),
        "agency": str(people.police.pk),
        "title": "ASB incidents of the force",
        "kind": "force",
        "grain": "incident",
        "terms": "Agreement of May 2023",
    }
    made = client.post(new, said)
    assert client.post(new, said)["Location"] == made["Location"]
    feed = Feed.objects.get()
    assert feed.slug == "asb-incidents-of-the-force"
    assert len(feed.salt) == 64
    answer = client.post(
        page("feed-edit", feed),
        {"version": 1, "title": "Force", "kind": "force", "terms": "New", "public_figures": "on"},
    )
    assert answer.status_code == 302
    feed.refresh_from_db()
    assert (feed.title, feed.terms, feed.public_figures) == ("Force", "New", True)
    assert feed.agency == people.police
    listed = client.get(reverse("incidents:feeds", args=[people.programme.slug])).content.decode()
    assert "Force" in listed
    assert feed.salt not in listed + client.get(feed.get_absolute_url()).content.decode()


def test_categories_are_mapped_in_one_go_with_a_guess(client, people, feed):
    client.force_login(people.analyst)
    tipping, other = feed_category(feed, "Flytipping - sofa"), feed_category(feed, "Zzz")
    place = page("feed-categories", feed)
    form = client.get(place).context["form"]
    assert form[f"theme_{tipping.pk}"].value() == "fly_tipping"
    assert form[f"theme_{other.pk}"].value() == ""
    client.post(
        place,
        {
            f"asb_{tipping.pk}": "on",
            f"theme_{tipping.pk}": "fly_tipping",
            f"qualifier_{tipping.pk}": "environmental",
            f"theme_{other.pk}": "other",
        },
    )
    tipping.refresh_from_db()
    other.refresh_from_db()
    assert (tipping.is_asb, tipping.theme, tipping.qualifier) == (
        True,
        "fly_tipping",
        "environmental",
    )
    assert (other.is_asb, other.theme, other.qualifier) == (False, "other", "")


def test_another_agencys_feed_does_not_exist_without_an_agreement(client, people):
    feed = FeedFactory(programme=people.programme, agency=people.housing)
    client.force_login(people.analyst)
    assert client.get(feed.get_absolute_url()).status_code == 404
    assert client.get(page("feed-send", feed)).status_code == 404
