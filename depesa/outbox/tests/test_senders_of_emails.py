"""The sender of a system e-mail is looked at where it is typed, not when the first letter should leave."""

import pytest
from django.urls import reverse
from django.utils import timezone

from depesa.emails.models import SystemEmail
from depesa.outbox.models import Channel, SenderAddress
from depesa.outbox.rules import CATCHER
from depesa.outbox.services.choice import use

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, ada, company, channel):
    """What Ada gets after she typed this sender."""
    Channel.objects.filter(pk=channel.pk).update(sender_domains="vaivorykste.example", name="Main")
    client.force_login(ada)
    return lambda sender: client.post(reverse("emails:email", args=["order-sent"]), {"name": "Sent", "sender": sender})


@pytest.fixture
def confirmed(ada):
    """Make an address one that its owner has confirmed."""
    now = timezone.now()
    return lambda address: SenderAddress.objects.create(
        user=ada, address=address, asked_at=now, asked_by=ada, verified_at=now
    )


def sender():
    return SystemEmail.objects.get(code="order-sent").sender


def test_a_confirmed_one_of_the_channels_domain_is_kept_as_letters_get_it(page, confirmed):
    confirmed("shop@vaivorykste.example")
    assert page("Shop@Vaivorykste.example").status_code == 302
    assert sender() == "shop@vaivorykste.example"
    assert page("").status_code == 302
    assert sender() == ""


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("shop@sviesa.example", "The mail server of channel “Main” may send for vaivorykste.example only."),
        ("new@vaivorykste.example", "Nobody has confirmed the sender address yet."),
        ("a@vaivorykste.example, b@vaivorykste.example", "Only one"),
    ],
)
def test_one_that_no_letter_could_leave_with_is_refused_at_the_field(page, confirmed, typed, sentence):
    confirmed("shop@sviesa.example")
    answer = page(typed)
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors["sender"][0]
    assert typed in answer.text
    assert sender() == ""


def test_while_letters_go_to_the_catcher_the_real_channel_decides(page, ada):
    use(Channel.objects.get(code=CATCHER), by=ada)
    assert "may send for vaivorykste.example only" in page("shop@sviesa.example").text


def test_who_takes_an_address_away_hears_which_system_emails_it_leaves_without_one(page, confirmed, client):
    row = confirmed("shop@vaivorykste.example")
    page("shop@vaivorykste.example")
    text = client.post(reverse("outbox:sender_removal", args=[row.pk]), follow=True).text
    assert "These system e-mails stay unsent until they have another sender: Sent." in text
    again = confirmed("shop@vaivorykste.example")
    page("")
    assert "stay unsent" not in client.post(reverse("outbox:sender_removal", args=[again.pk]), follow=True).text
