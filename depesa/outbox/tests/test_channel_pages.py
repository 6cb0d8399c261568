"""Settings of channels: what is typed is checked, a password is never shown, the catcher keeps letters in."""

import uuid

import pytest
from django.urls import reverse

from depesa.history.models import Entry
from depesa.outbox import queries
from depesa.outbox.models import Channel, Message, State
from depesa.outbox.services import deliver_due
from depesa.outbox.services.channels import server_of

TYPED = {
    "name": "Provider",
    "host": "smtp.provider.example",
    "port": "587",
    "security": "starttls",
    "username": "desk",
    "password": "s3cret word",
    "from_address": "desk@vaivorykste.example",
    "from_name": "Vaivorykštė",
    "reply_to": "",
    "max_connections": "8",
    "rate_per_minute": "0",
    "megabytes": "20",
}


def url(name, *args):
    return reverse(f"outbox:{name}", args=args)


@pytest.fixture
def manager(client, ada, company):
    client.force_login(ada)
    return client


@pytest.fixture
def provider(manager):
    manager.post(url("new_channel"), TYPED)
    return Channel.objects.get(name="Provider")


def test_a_new_channel_is_kept_with_its_password_locked_away(manager, provider):
    assert (provider.code, provider.max_size, provider.is_default) == ("provider", 20_000_000, False)
    assert "s3cret" not in provider.secret
    assert server_of(provider).password == "s3cret word"
    assert "s3cret" not in str(list(Entry.objects.values_list("before", "after", "note")))
    page = manager.get(url("channel", provider.pk)).text
    assert "s3cret" not in page
    assert "A password is kept and never shown" in page


@pytest.mark.parametrize(
    ("name", "value"), [("host", "evil.example"), ("port", 2525), ("security", "tls"), ("username", "somebody")]
)
def test_a_kept_password_goes_to_no_other_server_or_user(manager, provider, name, value):
    page = manager.post(url("channel", provider.pk), TYPED | {"password": "", "version": provider.version, name: value})
    assert "type the password once more" in page.context["form"].errors["password"][0]
    provider.refresh_from_db()
    assert (provider.host, server_of(provider).password) == (TYPED["host"], "s3cret word")
    typed = TYPED | {"password": "new", "version": provider.version, name: value}
    assert manager.post(url("channel", provider.pk), typed).status_code == 302
    provider.refresh_from_db()
    assert (str(getattr(provider, name)), server_of(provider).password) == (str(value), "new")


@pytest.mark.parametrize(
    ("typed", "password"),
    [({"password": ""}, "s3cret word"), ({"password": "new"}, "new"), ({"password": "", "drop_password": "on"}, "")],
)
def test_a_password_stays_is_replaced_or_dropped(manager, provider, typed, password):
    manager.post(url("channel", provider.pk), {**TYPED, **typed, "version": provider.version})
    provider.refresh_from_db()
    assert server_of(provider).password == password


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("host", "https://smtp.x.example/", "Write the name of the server only"),
        ("host", "smtp.x.example:587", "Write the name of the server only"),
        ("port", "70000", "A port is a number from 1 to 65535."),
        ("from_address", "desk@", "needs a domain"),
        ("from_address", "a@b.example\r\nBcc: x@y.example", "address"),
        ("from_name", "two\r\nlines", "The name must be one line."),
        ("from_address", "a@b.example, c@d.example", "Only one sender address."),
        ("sender_domains", "firma cz", "The part after @ needs a domain"),
        ("reply_to", "a@b.example>, evil@x.example", "address"),
        ("max_connections", "0", "Between 1 and 100"),
        ("security", "none", "A password is never sent unprotected."),
        ("username", "", "A password was typed but no user name."),
        ("megabytes", "0", "greater than or equal to 1"),
    ],
)
def test_what_cannot_work_is_refused_at_its_field(manager, field, value, sentence):
    page = manager.post(url("new_channel"), {**TYPED, field: value})
    assert page.status_code == 422
    assert sentence in " ".join(page.context["form"].errors.get(field, []))
    assert not Channel.objects.filter(name="Provider").exists()


def test_input_36_the_channels_own_sender_is_of_a_domain_that_it_may_send_for(manager):
    typed = {**TYPED, "sender_domains": "@Firma.example, sviesa.example"}
    page = manager.post(url("new_channel"), typed)
    sentence = "The mail server of channel “Provider” may send for firma.example, sviesa.example only."
    assert page.context["form"].errors == {"from_address": [sentence]}
    manager.post(url("new_channel"), {**typed, "from_address": "desk@firma.example", "from_name": "Desk: <A>"})
    made = Channel.objects.get(name="Provider")
    assert (made.sender_domains, made.from_name) == ("firma.example sviesa.example", "Desk A")
    assert made.allowed_domains == ["firma.example", "sviesa.example"]


def test_two_people_at_once(manager, provider):
    manager.post(url("channel", provider.pk), {**TYPED, "name": "First", "version": provider.version})
    page = manager.post(url("channel", provider.pk), {**TYPED, "name": "Second", "version": provider.version})
    assert "Somebody else was faster" in page.text
    assert 'value="Second"' in page.text
    provider.refresh_from_db()
    assert provider.name == "First"


def test_pausing_needs_a_reason(manager, provider):
    assert "Say in a few words why" in manager.post(url("pause", provider.pk), {"reason": ""}).text
    manager.post(url("pause", provider.pk), {"reason": "Moving house."})
    assert "Moving house." in manager.get(url("channels")).text
    manager.post(url("resumption", provider.pk))
    provider.refresh_from_db()
    assert not provider.is_paused


def test_the_catcher_keeps_letters_in_and_lets_them_out_again(manager, provider):
    catcher = Channel.objects.get(code="catcher")
    manager.post(url("choice", provider.pk))
    assert Channel.objects.get(is_default=True) == provider
    assert "Letters go to the mail catcher" not in manager.get(url("messages")).text
    manager.post(url("choice", catcher.pk))
    provider.refresh_from_db()
    assert provider.is_paused
    page = manager.get(url("messages")).text
    assert "Letters go to the mail catcher. Nothing reaches a customer." in page
    assert "Use Provider again" in page
    assert "Provider is paused" not in page
    manager.post(url("choice", provider.pk))
    provider.refresh_from_db()
    assert (provider.is_default, provider.is_paused) == (True, False)
    assert queries.catcher_in_use() is None


def test_a_setting_outside_decides_and_the_page_says_so(manager, provider, settings):
    settings.DEPESA_SMTP_URL = "smtp://127.0.0.1:2525"
    assert "DEPESA_SMTP_URL" in manager.get(url("channels")).text
    manager.post(url("choice", provider.pk))
    assert not Channel.objects.get(pk=provider.pk).is_default
    assert "DEPESA_SMTP_URL" in manager.get(url("channels")).text
    default = Channel.objects.get(is_default=True)
    assert "DEPESA_SMTP_URL" in manager.get(url("channel", default.pk)).text
    assert "DEPESA_SMTP_URL" not in manager.get(url("channel", provider.pk)).text


def test_a_test_letter_takes_the_whole_way_once(client, ada, channel):
    client.force_login(ada)
    typed = {"to": "me@vaivorykste.example", "token": str(uuid.uuid4())}
    first = client.post(url("new_test", channel.pk), typed)
    again = client.post(url("new_test", channel.pk), typed)
    assert first.url == again.url
    letter = Message.objects.get(kind="test")
    moving = client.get(first.url, headers={"hx-request": "true"}).text
    assert f'hx-get="{first.url}"' in moving
    assert "<html" not in moving
    deliver_due()
    page = client.get(first.url).text
    assert letter.deliveries.get().state == State.ACCEPTED
    assert "hx-trigger" not in page.split('id="test-state"')[1].split(">")[0]
    assert "250" in page


def test_a_test_letter_to_no_address_says_what_is_wrong(client, ada, channel):
    client.force_login(ada)
    page = client.post(url("new_test", channel.pk), {"to": "me@", "token": str(uuid.uuid4())})
    assert "needs a domain" in page.text
    assert 'value="me@"' in page.text


@pytest.mark.parametrize("name", ["new_channel", "channel", "pause", "resumption", "choice"])
def test_a_clerk_looks_at_channels_and_changes_none(client, ben, channel, name):
    client.force_login(ben)
    args = [] if name == "new_channel" else [channel.pk]
    assert client.post(url(name, *args), TYPED).status_code == 403
    page = client.get(url("channels")).text
    assert url("new_channel") not in page
    assert url("pause", channel.pk) not in page
    assert url("new_test", channel.pk) in page
