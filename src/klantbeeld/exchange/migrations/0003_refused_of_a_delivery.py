from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_superseded")]

    operations = [
        migrations.AddField("bulkdelivery", "refused", models.IntegerField(default=0)),
        migrations.AddField("bulkdelivery", "refusals", models.JSONField(default=list)),
    ]
