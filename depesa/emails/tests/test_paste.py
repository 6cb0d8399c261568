"""Templates of other shops are taken over: what is known becomes ours, what is not is named with its line."""

import pytest
from django.urls import reverse

from depesa.emails.models import SystemEmail, SystemEmailText
from depesa.emails.services import check, convert, fill_text
from depesa.orders.placeholders import ORDER

LATTE = """\
<p>Dobrý den {$customer_name},</p>
<p>objednávka {$order_number} ze dne {$orderDate|date:'j. n. Y'} je {!$order->status}.</p>
{* poznámka pro kolegy *}
{if $note}<p>{$note}</p>{else}<p>bez poznámky</p>{/if}
{if !$tracking_url}<p>bez sledování</p>{/if}
{if $note && $due_date}<p>obojí</p>{elseif $due_date}<p>{$due_date}</p>{/if}
<p>{!$billing_address}, {$system_email}</p>
"""
OURS = """\
<p>Dobrý den {{ customer.name }},</p>
<p>objednávka {{ order.number }} ze dne {{ order.placed_on }} je {{ order.state }}.</p>

{% if order.note %}<p>{{ order.note }}</p>{% else %}<p>bez poznámky</p>{% endif %}
{% if order.tracking_link == nil %}<p>bez sledování</p>{% endif %}
{% if order.note and order.due_on %}<p>obojí</p>{% elsif order.due_on %}<p>{{ order.due_on }}</p>{% endif %}
<p>{{ company.address }}, {{ company.email }}</p>
"""


def test_what_is_known_becomes_ours_and_can_be_saved():
    converted = convert(LATTE, "order")
    assert converted.source == OURS
    assert [(note.line, note.message) for note in converted.notes] == [
        (2, "The filter “|date:'j. n. Y'” was left out.")
    ]
    assert check("order", "s", "b", converted.source) == []


@pytest.mark.parametrize(("is_transfer", "said"), [(True, "bank"), (False, "cash"), (None, "cash")])
def test_not_means_no_as_well_as_not_there(is_transfer, said):
    source = convert("{if !$isTransfer}cash{else}bank{/if}", "order").source
    assert check("order", "s", source) == []
    values = ORDER.samples("en")
    values["order"]["payment_is_transfer"] = is_transfer
    text = SystemEmailText(system_email=SystemEmail(context="order"), subject="s", body=source, language="en")
    assert fill_text(text, values).text == f"{said}\n"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("{$qwxz}", "“$qwxz” is not known here."),
        ("{$order_nubmer}", "“$order_nubmer” is not known here. Did you mean “order.number”?"),
        ("{if $voucher}x{/if}", "“$voucher” is not known here."),
        ("{if $total > 100}x{/if}", "The condition “$total > 100” is not taken over. Write it anew."),
        (
            "{if $note && $trackingUrl || $number}x{/if}",
            "The condition “$note && $trackingUrl || $number” is not taken over. Write it anew.",
        ),
        ("{foreach $items as $item}{/foreach}", "“{foreach}” is not taken over. Write it anew."),
        ("{include 'footer.latte'}", "“{include}” is not taken over. Write it anew."),
    ],
)
def test_what_is_not_known_stays_and_is_named_with_its_line(typed, said):
    converted = convert(f"a\nb {typed}", "order")
    assert converted.source.startswith(f"a\nb {typed.split('}')[0]}")
    first = converted.notes[0]
    assert (first.line, first.column, first.message) == (2, 3, said)


def test_what_only_looks_like_it_stays_silently():
    for text in ("p { color: red }", "{}", "{ $x }", "{a:b}", "{'x': 1}", "{abc}"):
        assert convert(text, "order").source == text
        assert convert(text, "order").notes == ()


def test_names_mean_what_the_occasion_says():
    assert convert("{$email}", "order").source == "{{ customer.email }}"
    assert convert("{$email}", "newsletter").source == "{{ subscriber.email }}"
    assert convert("{$order_number}", "newsletter").notes


def test_nothing_that_is_pasted_runs():
    source = "{$x->system('id')}{php echo 1}{= 7*7}{$customer_name|noescape}"
    converted = convert(source, "order")
    assert "{{ customer.name }}" in converted.source
    assert "49" not in converted.source
    assert len(converted.notes) == 2


@pytest.mark.django_db
def test_page(client, ada, company):
    client.force_login(ada)
    page = client.post(reverse("emails:paste"), {"context": "order", "source": "<b>{$order_number}</b> {$nothing}"})
    assert "&lt;b&gt;{{ order.number }}&lt;/b&gt;" in page.text
    assert "“$nothing” is not known here." in page.text
    assert client.post(reverse("emails:paste"), {"context": "x", "source": ""}).status_code == 422
