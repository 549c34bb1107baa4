from django.db import migrations

from klantbeeld.foundation.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0001_initial"), ("foundation", "0002_partitions")]
    operations = [append_only("lifecycle_transition")]
