"""The letter with a statement in English, as it comes."""
# ruff: noqa: E501

from typing import Final

from depesa.emails.presets import PlainDraft

_BODY: Final = """\
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
_SUBJECT: Final = "{% if revision.number > 1 %}Corrected statement{% else %}Statement{% endif %} for {{ month.name }}"

DRAFTS: Final = {"monthly-statement": PlainDraft(_SUBJECT, _BODY)}
