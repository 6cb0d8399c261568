"""The letter with the statement of a month, as it came."""
# ruff: noqa: E501

from dataclasses import dataclass
from typing import Final, override

from depesa.emails.presets.blocks import Draft


@dataclass(frozen=True, slots=True)
class _Plain(Draft):
    """A letter without HTML of its own: it is made from the text part."""

    body: str = ""

    @property
    @override
    def text(self) -> str:
        return self.body

    @property
    @override
    def html(self) -> str:
        return ""


_SUBJECTS: Final = {
    "cs": "{% if revision.number > 1 %}Opravený seznam{% else %}Seznam{% endif %} prodejních dokladů za {{ month.name }}",
    "lt": "{% if revision.number > 1 %}Patikslintas {% endif %}{{ month.name }} sąskaitų sąrašas",
    "en": "{% if revision.number > 1 %}Corrected statement{% else %}Statement{% endif %} for {{ month.name }}",
}

_CZECH: Final = """\
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

_LITHUANIAN: Final = """\
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

_ENGLISH: Final = """\
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

_BODIES: Final = {"cs": _CZECH, "lt": _LITHUANIAN, "en": _ENGLISH}
DRAFTS: Final = {language: _Plain(_SUBJECTS[language], (), body) for language, body in _BODIES.items()}
