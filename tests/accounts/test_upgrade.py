"""An upgrade that changes what roles allow reaches those who hold them."""

from django.apps import apps
from django.db.models.signals import post_migrate

from accounts import door
from accounts.permissions import Permission
from programmes.models import LocationUserPermission


def migrated(plan):
    config = apps.get_app_config("core")
    post_migrate.send(
        sender=config, app_config=config, using="default", plan=plan, verbosity=0, interactive=False
    )


def may_read_people(people):
    return LocationUserPermission.objects.filter(
        user=people.coordinator, permission__codename=Permission.PEOPLE_READ
    )


def test_after_migrations_grants_follow_the_catalogue_of_the_new_release(people):
    with door.opened():
        may_read_people(people).delete()  # as before the permission existed
    migrated(plan=[("programmes.0002_sharing", False)])
    assert may_read_people(people).count() == 1


def test_a_start_without_migrations_leaves_the_grants_alone(people):
    with door.opened():
        may_read_people(people).delete()
    migrated(plan=[])
    assert may_read_people(people).count() == 0
