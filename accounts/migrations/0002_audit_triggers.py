from django.db import migrations

from accounts import audit_sql


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(audit_sql.CREATE, audit_sql.DROP)]
