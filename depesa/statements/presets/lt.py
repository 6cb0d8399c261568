"""The letter with a statement in Lithuanian, as it comes."""
# ruff: noqa: E501

from typing import Final

from depesa.emails.presets import PlainDraft

_BODY: Final = """\
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
_SUBJECT: Final = "{% if revision.number > 1 %}Patikslintas {% endif %}{{ month.name }} sąskaitų sąrašas"

DRAFTS: Final = {"monthly-statement": PlainDraft(_SUBJECT, _BODY)}
