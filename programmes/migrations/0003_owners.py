"""Says whose information existing programmes and evidence are, as far as it follows from people."""

from django.db import migrations


def fill(apps, schema_editor):
    Programme = apps.get_model("programmes", "Programme")
    Membership = apps.get_model("programmes", "ProgrammeMembership")
    Evidence = apps.get_model("programmes", "Evidence")
    for programme in Programme.objects.filter(lead_agency__isnull=True):
        first = (
            Membership.objects.filter(
                anchor=programme, role="programme_manager", user__agency__isnull=False
            )
            .order_by("starts_on", "created_at")
            .values_list("user__agency_id", flat=True)
            .first()
        )
        if first is not None:
            Programme.objects.filter(pk=programme.pk).update(lead_agency_id=first)
    agencies = (
        Evidence.objects.filter(agency__isnull=True, recorded_by__agency__isnull=False)
        .order_by()
        .values_list("recorded_by__agency_id", flat=True)
        .distinct()
    )
    for agency in list(agencies):
        Evidence.objects.filter(agency__isnull=True, recorded_by__agency_id=agency).update(
            agency_id=agency
        )


class Migration(migrations.Migration):
    dependencies = [("programmes", "0002_sharing")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
