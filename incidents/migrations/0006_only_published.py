"""What is not published lives in feeds from here on; incidents are published data."""

from typing import Any

from django.db import migrations


def refuse_restricted(apps: Any, schema_editor: Any) -> None:
    """Stop where incidents of a source that is not published are held.

    No importer of the product ever stored any; rows put there by hand would be shown as published.
    """
    held = apps.get_model("incidents", "ForceMonth").objects.filter(source__restricted=True)
    if held.exists():
        raise RuntimeError(
            "Incidents of sources that are not published are held. Take them out and bring them in "
            "again as a feed (bin/manage import_incidents), then migrate."
        )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0005_outcomes")]

    operations = [
        migrations.RunPython(refuse_restricted, migrations.RunPython.noop),
        migrations.RemoveField(model_name="source", name="restricted"),
    ]
