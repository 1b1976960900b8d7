"""What comes by itself: reminders, the weekly mail, the calendar."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client

from accounts.leaving import suspend
from core.due import run_due
from core.errors import NotAllowed
from core.models import BusinessDate
from delivery.models import SentNotice
from delivery.services import actions, answers, notices, reminders
from tests.factories.actions import ActionFactory

TODAY = dt.date(2024, 6, 25)
SOON = dt.date(2024, 7, 2)
SECRET = re.compile(r"http://localhost:8000(/accounts/link/\S+)")


def sent(action):
    return [key.rsplit(":", 1)[1] for key in keys() if str(action.pk) in key]


def keys():
    return list(SentNotice.objects.order_by("created_at").values_list("key", flat=True))


def test_reminders_go_once_at_their_days(people):
    action = ActionFactory(
        location=people.location,
        owner=people.partner,
        asked_by=people.coordinator,
        asked_on=dt.date(2024, 6, 1),
        due_on=dt.date(2024, 6, 20),
    )
    day = dt.date(2024, 6, 1)
    told = {}
    while day <= dt.date(2024, 7, 3):
        for _ in range(2):  # harmless to repeat
            if reminders.send_reminders(day):
                told[day] = sent(action)[-1]
        day += dt.timedelta(days=1)
    assert told == {
        dt.date(2024, 6, 13): "week",
        dt.date(2024, 6, 20): "day",
        dt.date(2024, 6, 23): "late-3",
        dt.date(2024, 6, 30): "late-10",
    }


def test_a_day_that_was_missed_is_made_up_for_once(people):
    ActionFactory(
        location=people.location,
        owner=people.partner,
        asked_by=people.coordinator,
        due_on=dt.date(2024, 6, 10),
    )
    assert reminders.send_reminders(TODAY) == 1
    assert keys()[0].endswith("late-10")
    assert reminders.send_reminders(TODAY) == 0


def test_what_was_asked_this_week_needs_no_reminder_that_it_is_near(ask):
    ask(due_on=TODAY + dt.timedelta(days=3))
    assert reminders.send_reminders(TODAY) == 0


def test_done_and_freshly_blocked_actions_are_left_in_peace(people):
    action = ActionFactory(
        location=people.location,
        owner=people.partner,
        asked_by=people.coordinator,
        due_on=dt.date(2024, 6, 20),
    )
    answers.block_action(action=action, reason="No lamps", by=people.partner)
    assert reminders.send_reminders(TODAY) == 0
    assert reminders.send_reminders(TODAY + dt.timedelta(days=13)) == 0
    assert reminders.send_reminders(TODAY + dt.timedelta(days=14)) == 1
    answers.finish_action(action=action, note="x", by=people.partner)
    assert reminders.send_reminders(TODAY + dt.timedelta(days=30)) == 0


def test_a_reminder_holds_a_link_to_the_owners_page(people, django_capture_on_commit_callbacks):
    ActionFactory(
        location=people.location,
        owner=people.partner,
        asked_by=people.coordinator,
        due_on=TODAY,
    )
    with django_capture_on_commit_callbacks(execute=True):
        reminders.send_reminders(TODAY)
    assert "Due today" in mail.outbox[0].subject
    assert SECRET.search(mail.outbox[0].body)


MONDAY = dt.date(2024, 6, 24)


def test_the_weekly_mail_comes_on_monday_once_and_names_nobody_else(
    ask,
    people,
    django_capture_on_commit_callbacks,
):
    action = ask()
    answers.block_action(action=action, reason="No lamps", by=people.partner)
    BusinessDate.objects.update(date=MONDAY)
    with django_capture_on_commit_callbacks(execute=True):
        assert reminders.send_digests(MONDAY) == 2
        assert reminders.send_digests(MONDAY) == 0
        assert reminders.send_digests(MONDAY + dt.timedelta(days=1)) == 0
    letters = {one.to[0]: one.body for one in mail.outbox if "Your week" in one.subject}
    assert set(letters) == {people.partner.email, people.coordinator.email}
    assert "Repair the light" in letters[people.partner.email]
    coordinators = letters[people.coordinator.email]
    assert "Blocked: Repair the light" in coordinators
    assert "Partner" not in coordinators
    assert "Coordinator" not in letters[people.partner.email]


def test_a_monday_without_service_is_made_up_for_once(
    ask, people, django_capture_on_commit_callbacks
):
    ask()
    tuesday = MONDAY + dt.timedelta(days=1)
    BusinessDate.objects.update(date=tuesday)
    with django_capture_on_commit_callbacks(execute=True):
        assert reminders.send_digests(tuesday) == 1
        assert reminders.send_digests(tuesday + dt.timedelta(days=1)) == 0


def test_it_can_be_switched_off(ask, people, client):
    ask()
    client.force_login(people.partner)
    assert "checked" in client.get("/notices/").text
    client.post("/notices/", {})
    assert "checked" not in client.get("/notices/").text
    assert people.partner.email not in [one.email for one in reminders._readers(MONDAY)]
    client.post("/notices/", {"weekly_digest": "on"})
    assert people.partner.email in [one.email for one in reminders._readers(MONDAY)]


def test_the_calendar_holds_own_dates_and_stops_when_it_is_renewed_or_ended(
    ask,
    people,
    client,
):
    ask(title="My own date")
    ActionFactory(
        title="Not mine",
        location=people.location,
        owner=people.coordinator,
        asked_by=people.manager,
    )
    client.force_login(people.partner)
    page = client.post("/notices/", {"do": "make"})
    path = re.search(r"http://localhost:8000(/calendar/\S+?\.ics)", page.text)[1]
    feed = Client().get(path)
    assert feed["Content-Type"].startswith("text/calendar")
    text = feed.content.decode()
    assert "My own date" in text
    assert "Not mine" not in text
    assert "DTSTART;VALUE=DATE:20240702" in text
    assert path not in client.get("/notices/").text, "it is shown once"
    client.post("/notices/", {"do": "make"})
    assert Client().get(path).status_code == 404
    secret = notices.make_calendar(user=people.partner, by=people.partner)
    assert Client().get(f"/calendar/{secret}.ics").status_code == 200
    client.post("/notices/", {"do": "end"})
    assert Client().get(f"/calendar/{secret}.ics").status_code == 404


def test_a_suspended_persons_calendar_is_dead_for_good(people):
    secret = notices.make_calendar(user=people.partner, by=people.partner)
    suspend(user=people.partner, by=people.admin, reason="Away")
    assert notices.feed_of(secret) is None
    people.partner.refresh_from_db()
    people.partner.is_active = True
    people.partner.save()
    assert notices.feed_of(secret) is None


def test_nobody_makes_anothers_calendar(people):
    with pytest.raises(NotAllowed):
        notices.make_calendar(user=people.partner, by=people.admin)
    with pytest.raises(NotAllowed):
        notices.choose_mail(user=people.partner, weekly_digest=False, by=people.manager)


def test_an_action_at_a_place_one_sees_no_more_is_in_no_calendar(ask, people):
    from accounts.grants import end_role
    from delivery.calendar import calendar_of
    from programmes.models import LocationMembership

    ask(title="My own date")
    assert b"My own date" in calendar_of(people.partner)
    row = LocationMembership.objects.get(user=people.partner)
    end_role(membership=row, ends_on=TODAY - dt.timedelta(days=1), by=None, reason="Left")
    assert b"My own date" not in calendar_of(people.partner)


def test_mail_about_an_answer_reaches_the_coordinators_when_the_asker_left(
    ask,
    people,
    django_capture_on_commit_callbacks,
):
    action = ask(by=people.manager)
    suspend(user=people.manager, by=people.admin, reason="Away")
    with django_capture_on_commit_callbacks(execute=True):
        answers.block_action(action=action, reason="No lamps", by=people.partner)
    assert mail.outbox[-1].to == [people.coordinator.email]


def test_a_hand_over_asks_the_new_owner(ask, people, django_capture_on_commit_callbacks):
    action = ask()
    with django_capture_on_commit_callbacks(execute=True):
        actions.hand_over_action(action=action, owner=people.community, by=people.coordinator)
    assert mail.outbox[-1].to == [people.community.email]


def test_reminders_and_the_weekly_mail_hang_on_the_business_date(people):
    ActionFactory(
        location=people.location,
        owner=people.partner,
        asked_by=people.coordinator,
        due_on=MONDAY,
    )
    said = {one.name: one.outcome for one in run_due(MONDAY)}
    assert said["action-reminders"] == "1 reminders sent"
    assert said["weekly-digest"] == "1 weekly mails sent"
    assert "action-reminders" not in {one.name for one in run_due(MONDAY)}, "done for that day"
