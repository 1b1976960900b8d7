import django.contrib.gis.db.models.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0004_feeds'),
    ]

    operations = [
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('month', models.DateField()),
                ('occurrence', models.PositiveIntegerField(default=1)),
                ('crime_id', models.CharField(max_length=64)),
                ('outcome_type', models.CharField(max_length=200)),
                ('reported_by', models.CharField(max_length=100)),
                ('falls_within', models.CharField(max_length=100)),
                ('point', django.contrib.gis.db.models.fields.PointField(null=True, spatial_index=False, srid=4326)),
                ('street', models.CharField(max_length=200)),
                ('lsoa_code', models.CharField(blank=True, max_length=9)),
                ('lsoa_name', models.CharField(blank=True, max_length=100)),
                ('force_month', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='outcomes', to='incidents.forcemonth')),
            ],
            options={
                'indexes': [models.Index(fields=['crime_id'], name='outcome_crime'), models.Index(fields=['lsoa_code', 'month'], name='outcome_lsoa_month')],
            },
        ),
    ]
