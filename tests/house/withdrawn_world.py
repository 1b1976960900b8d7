"""One resident wherever a resident can stand, and the ways to read what shows them."""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib.gis.geos import Point
from django.core import mail
from django.test import Client, TestCase
from rest_framework.test import APIClient

from assets.services.assets import record_asset
from assets.services.connections import connect_assets
from core.clock import business_date as at
from core.exports import find_export
from core.exports import services as lists
from core.jobs import run_now
from core.models import JobRun
from delivery.selectors.meeting_people import Invitee
from delivery.services import groups, meeting_mail, meeting_people, meetings, members, training
from delivery.services.handover import request_pack
from delivery.services.meeting_minutes import request_minutes
from delivery.services.notices import make_calendar
from delivery.services.reminders import send_digests
from programmes.models import Consent, Location
from programmes.services.consents import record_consent
from reports.quarters import Quarter
from reports.services import request_report
from tests.factories.groups import TrainingCourseFactory
from tests.factories.programmes import SharingAgreementFactory
from tests.personas import People

TODAY = dt.date(2024, 6, 25)
MONDAY = dt.date(2024, 6, 24)
NAME, ADDRESS = "Ann Quillfeather", "ann-q9@example.test"
OFFER, PART = "lends-her-tools-q9", "knows-every-court-q9"
SENTINELS = (NAME, ADDRESS, OFFER, PART)
AT = "/locations/leominster/"
# Who withdrew is kept here, so that nobody asks or lists them again; not how to reach them.
REGISTER = f"{AT}people/"
# Not followed: they end the session or lead out of the product.
LEFT_OUT = re.compile(r"^/(accounts/logout|accounts/.*login|static|demo|api)/")


@dataclass
class World:
    """One resident, everywhere they can be."""

    people: People
    consents: list[Consent]
    asset: Any
    hall: Any
    group: Any
    member: Any
    ahead: Any
    held: Any
    session: Any

    @property
    def location(self) -> Location:
        """Where it all is."""
        return self.people.location


def make_world(people: People) -> World:
    location, who = people.location, people.coordinator
    consents = [
        record_consent(
            location=location,
            name=NAME,
            contact=ADDRESS,
            purpose=purpose,
            wording="You can change your mind.",
            given_on=dt.date(2024, 3, 1),
            given_how="spoken",
            by=who,
            id=uuid4(),
        )
        # The last two stay unused: forms offer them.
        for purpose in ("contact", "group", "contributor", "group", "contributor")
    ]
    _contact, to_group, to_list, *_unused = consents
    # Names in printed minutes open all together: the other agency's need an agreement.
    SharingAgreementFactory(
        programme=people.programme, categories=["people"], signed=[people.police, people.housing]
    )
    group = groups.form_group(
        location=location,
        kind="delivery",
        name="Delivery group",
        formed_on=dt.date(2024, 3, 1),
        by=who,
        id=uuid4(),
    )
    member = members.add_member(
        group=group, joined_on=dt.date(2024, 3, 4), by=who, consent=to_group, id=uuid4()
    )
    members.add_member(group=group, joined_on=dt.date(2024, 3, 4), by=who, user=who, id=uuid4())
    asset = record_asset(
        location=location,
        kind="person",
        name=NAME,
        offers=OFFER,
        role=PART,
        consent=to_list,
        last_checked_on=TODAY,
        by=who,
        id=uuid4(),
    )
    hall = record_asset(
        location=location,
        kind="place",
        name="Grange hall",
        offers="Seats eighty",
        point=Point(-2.739, 52.227, srid=4326),
        last_checked_on=TODAY,
        by=who,
        id=uuid4(),
    )
    connect_assets(source=hall, target=asset, how="Holds the key", by=who, id=uuid4())
    return World(
        people=people,
        consents=consents,
        asset=asset,
        hall=hall,
        group=group,
        member=member,
        ahead=_meeting(people, member, dt.date(2024, 6, 27)),
        held=_held(people, member),
        session=training.record_training(
            location=location,
            course=TrainingCourseFactory(),
            held_on=dt.date(2024, 6, 6),
            by=who,
            heads=[training.Heads(None, 3)],
            members=[member],
            id=uuid4(),
        ),
    )


def _meeting(people: People, member: Any, held_on: dt.date) -> Any:
    return meetings.plan_meeting(
        id=uuid4(),
        location=people.location,
        kind="delivery_group",
        title=f"Meeting of {held_on:%d %B}",
        held_on=held_on,
        invited=[
            Invitee(member=member),
            Invitee(user=people.coordinator),
            Invitee(user=people.partner),
        ],
        by=people.coordinator,
    )


def _held(people: People, member: Any) -> Any:
    meeting = _meeting(people, member, dt.date(2024, 6, 20))
    for row in meeting.attendance.all():
        meeting_people.mark_attendance(attendance=row, state="present", by=people.coordinator)
    return meetings.close_meeting(meeting=meeting, version=meeting.version, by=people.coordinator)


# --- Ways to read an output ------------------------------------------------------------------


def pdf_text(data: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def text_of(answer: Any) -> str:
    """Return what an answer says, whatever its form."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "")
    if data.startswith(b"PK"):
        return unzipped(data)
    return pdf_text(data) if "pdf" in kind else data.decode(errors="replace")


def unzipped(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(path: str, who: str = "coordinator") -> Callable[[World], str]:
    """Read a page, or what it says where it is no more; braces hold ids of the world."""
    return lambda w: text_of(_fetched(w, path, who))


def standing(path: str, who: str = "coordinator") -> Callable[[World], str]:
    """Read a page that is there before and after."""

    def read(w: World) -> str:
        answer = _fetched(w, path, who)
        assert answer.status_code == 200, path
        return text_of(answer)

    return read


def _fetched(w: World, path: str, who: str) -> Any:
    return signed_in(getattr(w.people, who)).get(path.format(w=w), follow=True)


def api(path: str, who: str = "coordinator") -> Callable[[World], str]:
    def read(w: World) -> str:
        client = APIClient()
        client.force_authenticate(getattr(w.people, who))
        return text_of(client.get(f"/api/v1/{path.format(w=w)}"))

    return read


def listed(key: str, form: str = "csv") -> Callable[[World], str]:
    """Take a list anew and read its file."""
    return lambda w: file_of(w, take(w, key, form))


def take(w: World, key: str, form: str) -> JobRun:
    found = find_export(key)
    assert found is not None
    run = lists.request_export(
        export=found,
        scope=w.location,
        form=form,
        reason="For the quarterly board",
        by=w.people.manager,
    )
    run_now(run)
    return run


def file_of(w: World, run: JobRun) -> str:
    """Read a file as its page hands it out: what is refused says so."""
    return text_of(signed_in(w.people.manager).get(f"/exports/{run.pk}/file/"))


def printed_pack(w: World) -> str:
    run_now(request_pack(location=w.location, by=w.people.manager, deliver=False))
    return page(f"{AT}handover/file/", "manager")(w)


def printed_minutes(w: World) -> str:
    run_now(request_minutes(meeting=w.held, by=w.people.coordinator, deliver=False))
    return page(f"{AT}meetings/{{w.held.pk}}/minutes/pdf/")(w)


def invitations(w: World) -> str:
    """Change the meeting that lies ahead, mail it, and read all of the mail with its calendar."""
    mail.outbox.clear()
    w.ahead.refresh_from_db()
    with TestCase.captureOnCommitCallbacks(execute=True):
        meetings.change_meeting(
            meeting=w.ahead,
            version=w.ahead.version,
            by=w.people.coordinator,
            where=f"Room {uuid4()}",
        )
        w.ahead.refresh_from_db()
        meeting_mail.send_invitations(meeting=w.ahead, by=w.people.coordinator)
    return "\n".join(_letter(one) for one in mail.outbox)


def _letter(letter: Any) -> str:
    words = letter.message()
    parts = [part.get_payload(decode=True) for part in words.walk() if not part.is_multipart()]
    # Long lines of a calendar are folded: a line break and a space.
    text = b"\n".join(parts).decode().replace("\r\n ", "")
    return f"{letter.to} {letter.subject}\n{text}"


def digests(w: World) -> str:
    mail.outbox.clear()
    with at(MONDAY), TestCase.captureOnCommitCallbacks(execute=True):
        send_digests(MONDAY)
    return "\n".join(_letter(one) for one in mail.outbox)


def calendar_feed(w: World) -> str:
    who = w.people.coordinator
    return text_of(Client().get(f"/calendar/{make_calendar(user=who, by=who)}.ics"))


def draft_report(kind: str) -> Callable[[World], str]:
    """Build the draft of this quarter and read it as page and PDF."""

    def read(w: World) -> str:
        subject = w.location if kind == "location" else w.people.programme
        run = run_now(
            request_report(
                subject=subject,
                quarter=Quarter.parse("2024-25-Q1"),
                by=w.people.leader,
                deliver=False,
            )
        )
        client = signed_in(w.people.leader)
        path = f"/reports/{run.result['report']}/"
        return text_of(client.get(path)) + text_of(client.get(f"{path}pdf/"))

    return read
