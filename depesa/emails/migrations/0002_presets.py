"""The system e-mails of orders, accounts, newsletter and contact form, and two to begin one's own with."""

from django.db import migrations

from depesa.emails.presets import PRESETS, draft_of


def write(apps, schema_editor):
    """Add what is not there yet, with its texts in three languages, and bind what is preset to its event."""
    email = apps.get_model("emails", "SystemEmail")
    text = apps.get_model("emails", "SystemEmailText")
    document_type = apps.get_model("documents", "DocumentType")
    for preset in PRESETS.values():
        row, is_new = email.objects.get_or_create(
            code=preset.code,
            defaults={"name": preset.code, "context": preset.context, "is_preset": bool(preset.event)},
        )
        row.event = preset.event
        row.save(update_fields=["event"])
        if not is_new:
            continue
        row.document_types.set(document_type.objects.filter(code__in=preset.attaches))
        for language in ("en", "cs", "lt"):
            draft = draft_of(preset.code, language)
            text.objects.create(
                system_email=row,
                language=language,
                subject=draft.subject,
                body=draft.text,
                html=draft.html,
                editor="visual" if draft.html else "text",
            )


class Migration(migrations.Migration):
    dependencies = [("emails", "0001_initial"), ("documents", "0002_presets")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
