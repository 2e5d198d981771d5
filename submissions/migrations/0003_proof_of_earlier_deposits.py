"""Deposits from before there were receipts get theirs, and their look inside."""

from django.db import migrations

from submissions.receipts import new_code, signature_of


def prove(apps, schema_editor):
    Submission = apps.get_model("submissions", "Submission")
    Receipt = apps.get_model("submissions", "Receipt")
    Inspection = apps.get_model("submissions", "Inspection")
    for submission in Submission.objects.filter(receipt=None):
        code = new_code()
        signature = signature_of(submission, code)
        Receipt.objects.create(submission=submission, code=code, signature=signature)
    for submission in Submission.objects.filter(inspection=None):
        Inspection.objects.create(submission=submission)


class Migration(migrations.Migration):
    dependencies = [("submissions", "0002_transfers_and_proofs")]

    operations = [migrations.RunPython(prove, migrations.RunPython.noop)]
