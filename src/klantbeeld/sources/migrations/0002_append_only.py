"""What a source said is never changed: the database refuses it for every role."""

from django.db import migrations

from klantbeeld.foundation.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("sources", "0001_initial"), ("foundation", "0002_partitions")]

    operations = [append_only("sources_recordversion")]
