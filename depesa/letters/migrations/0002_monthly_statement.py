"""The letter that goes with the statement of a month, written in each language."""

from django.db import migrations

SUBJECTS = {
    "cs": "{% if revision.number > 1 %}Opravený seznam{% else %}Seznam{% endif %} prodejních dokladů za {{ month.name }}",
    "lt": "{% if revision.number > 1 %}Patikslintas {% endif %}{{ month.name }} sąskaitų sąrašas",
    "en": "{% if revision.number > 1 %}Corrected statement{% else %}Statement{% endif %} for {{ month.name }}",
}

CZECH = """\
{{ customer.salutation }},

{% if revision.number > 1 %}
v příloze zasíláme opravený seznam prodejních dokladů za {{ month.name }}. Nahrazuje seznam, který jste od nás dostali dříve.

Co se změnilo:
{% for change in revision.changes %}
- {{ change }}
{% endfor %}

{% else %}
v příloze zasíláme seznam prodejních dokladů, které jsme Vám vystavili za {{ month.name }}.

{% endif %}
Seznam obsahuje {{ documents.written }} v celkové částce {{ totals }} včetně DPH.

Porovnejte jej prosím se svou evidencí. Pokud se některý údaj neshoduje, odpovězte na tento e-mail{% if company.phone %} nebo nám zavolejte na {{ company.phone }}{% endif %}.

S pozdravem

{% if contact != company.name %}
{{ contact }}
{% endif %}
{{ company.name }}
"""

LITHUANIAN = """\
{{ customer.salutation }},

{% if revision.number > 1 %}
siunčiame patikslintą {{ month.name }} sąskaitų sąrašą. Jis pakeičia anksčiau Jums siųstą sąrašą.

Kas pasikeitė:
{% for change in revision.changes %}
- {{ change }}
{% endfor %}

{% else %}
siunčiame {{ month.name }} Jums išrašytų sąskaitų sąrašą. Jį rasite laiško priede.

{% endif %}
Sąraše – {{ documents.written }}, bendra suma su PVM – {{ totals }}.

Prašome palyginti sąrašą su savo apskaitos duomenimis. Jei kuris nors įrašas nesutampa, atsakykite į šį laišką{% if company.phone %} arba paskambinkite telefonu {{ company.phone }}{% endif %}.

Pagarbiai

{% if contact != company.name %}
{{ contact }}
{% endif %}
{{ company.name }}
"""

ENGLISH = """\
{{ customer.salutation }},

{% if revision.number > 1 %}
Please find attached the corrected statement of your sales documents for {{ month.name }}. It replaces the one that we sent you earlier.

What has changed:
{% for change in revision.changes %}
- {{ change }}
{% endfor %}

{% else %}
Please find attached the statement of the sales documents that we issued to you for {{ month.name }}.

{% endif %}
It lists {{ documents.written }} with a total of {{ totals }}, VAT included.

Please compare it with your own books. If anything differs, reply to this e-mail{% if company.phone %} or call us on {{ company.phone }}{% endif %}.

Kind regards

{% if contact != company.name %}
{{ contact }}
{% endif %}
{{ company.name }}
"""

BODIES = {"cs": CZECH, "lt": LITHUANIAN, "en": ENGLISH}


def write(apps, schema_editor):
    """Add the preset and its three texts."""
    email = apps.get_model("letters", "SystemEmail").objects.create(
        code="monthly-statement", name="Monthly statement", context="monthly-statement", is_preset=True
    )
    text = apps.get_model("letters", "SystemEmailText")
    for language, body in BODIES.items():
        text.objects.create(system_email=email, language=language, subject=SUBJECTS[language], body=body)


class Migration(migrations.Migration):
    dependencies = [("letters", "0001_initial")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
