"""The letter with a statement in Czech, as it comes."""
# ruff: noqa: E501

from typing import Final

from depesa.emails.presets import PlainDraft

_BODY: Final = """\
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
_SUBJECT: Final = (
    "{% if revision.number > 1 %}Opravený seznam{% else %}Seznam{% endif %} prodejních dokladů za {{ month.name }}"
)

DRAFTS: Final = {"monthly-statement": PlainDraft(_SUBJECT, _BODY)}
