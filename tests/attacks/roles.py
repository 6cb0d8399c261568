"""Who asks for what is not his: every address by every role, without the token of forms, and others' records."""

from collections.abc import Iterator

from django.forms import model_to_dict

from depesa.customers.services import agree_by_name
from depesa.orders.models import OrderDocument
from depesa.orders.models.letters import LetterDraft
from depesa.outbox.models import Message
from depesa.shop.models import Account
from depesa.staff.rules import may
from tests.attacks.stand import ROLES, Browser, Stand, attack
from tests.test_policy import ALL, BY_TOKEN, DOOR, OURS

CHANGING = ("POST", "PUT", "PATCH", "DELETE")


@attack
def every_address_by_every_role(stand: Stand) -> Iterator[str]:
    """Every address of the desk by every role, read and sent."""
    people: dict[str, Browser] = {"anonymous": stand.stranger(), "customer": stand.shopper("ada@azuolas.example")}
    people |= {role: stand.browser(name) for name, role in ROLES.items()}
    for who, browser in people.items():
        for each in OURS:
            for method in ("GET", "POST", "HEAD", "PUT", "DELETE"):
                is_allowed = who in ROLES.values() and may(who, each.right)
                if is_allowed and method in CHANGING:
                    continue  # that it may do
                answer = (
                    browser.post(each.url) if method == "POST" else browser.ask(method, each.url, **_token(browser))
                )
                is_led = answer.status == 302 and answer.location.startswith(DOOR)
                is_refused = is_led if who in ("anonymous", "customer") else answer.status == 403
                if answer.status >= 500 or is_refused is is_allowed:
                    yield f"{who} {method} {each.url}: {answer.status}"


@attack
def what_changes_without_the_token(stand: Stand) -> Iterator[str]:
    """Everything that changes, without the token of forms and from foreign pages."""
    browsers = [stand.browser("admin"), stand.shopper("ben@azuolas.example")]
    foreign = [{}, {"Origin": "https://evil.example"}, {"Origin": "null", "Sec_Fetch_Site": "cross-site"}]
    for browser in browsers:
        for each in ALL:
            if each in BY_TOKEN or each.name == "shop:payment":  # signed, or with a token that no browser sends
                continue
            for method in CHANGING:
                for headers in foreign:
                    token = _token(browser) if "Origin" in headers else {}
                    answer = browser.ask(method, each.url, b"", **token, **headers)
                    if answer.status not in (403, 405) and not answer.location.startswith(DOOR):
                        yield f"{method} {each.url} {headers}: {answer.status}"


@attack
def programs_without_their_token(stand: Stand) -> Iterator[str]:
    """Addresses of programs without a token, with garbled ones, and with a session instead."""
    admin = stand.browser("admin")
    keys = ["", "Bearer", "Bearer x", "Bearer " + "x" * 5000, "Basic YWRtaW46YWRtaW4=", "Bearer \xff"]
    for each in BY_TOKEN:
        if each.name == "api:description":
            continue
        for method in ("GET", *CHANGING):
            answers = [stand.stranger().ask(method, each.url, b"{}", Authorization=key) for key in keys]
            answers.append(admin.ask(method, each.url, b"{}", Content_Type="text/plain", **_token(admin)))
            answers.append(admin.ask(method, f"{each.url}?token=x&access_token=x", b"{}"))
            yield from (f"{method} {each.url}: {it.status}" for it in answers if it.status not in (401, 404, 405))


@attack
def records_of_other_customers(stand: Stand) -> Iterator[str]:
    """Orders, documents, addresses and consents of another customer of the shop."""
    owner, other = stand.shopper("cleo@azuolas.example"), stand.shopper("dan@azuolas.example")
    card = Account.objects.get(email="cleo@azuolas.example").customer
    owner.post("/shop/en/account/addresses/", {"street": "Uosto g. 1", "city": "Vilnius"})
    consent = agree_by_name(card, name="Catalogue", source="fair", valid_until=None, by=None)
    document = OrderDocument.objects.first()
    for number in range(1, 40):
        other.post("/shop/en/account/consents/", {"wish": number})
        other.post("/shop/en/account/addresses/", {"remove": number})
        unknown = f"00000000-0000-4000-8000-{number:012}"
        for path in (f"/shop/en/orders/{unknown}/", f"/shop/en/orders/{unknown}/documents/{document.pk}/"):
            if (status := other.get(path).status) != 404:
                yield f"{path}: {status}"
    if not card.delivery_addresses.exists():
        yield "the address of another customer was taken away"
    consent.refresh_from_db()
    if consent.withdrawn_at:
        yield "the consent of another customer was taken back"


@attack
def letters_that_others_are_writing(stand: Stand) -> Iterator[str]:
    """A manager's letter that is being written, with its file: seen, changed and sent by others."""
    draft = LetterDraft.objects.get()
    file, before = draft.files.get(), (model_to_dict(draft), Message.objects.count())
    fields = {"token": str(draft.token), "draft": draft.pk, "to": "x@evil.example", "subject": "x", "body": "x"}
    ours = [each for each in OURS if each.name.startswith("orders:") and "/letters/new/" in each.url]
    for who in ("ben", "cleo", "dan"):
        for each in ours:
            url = each.url.replace("/orders/1/", f"/orders/{draft.order_id}/").replace(
                "/files/1/", f"/files/{file.pk}/"
            )
            browser = stand.browser(who)
            answers = [
                browser.get(url, fields),
                browser.post(url, fields) if "sending" not in url else browser.get(url),
            ]
            yield from (f"{who} {url}: {it.status}" for it in answers if it.status >= 500 or file.name in it.text)
    draft.refresh_from_db()
    if (model_to_dict(draft), Message.objects.count()) != before or not draft.files.exists():
        yield "the letter was changed or sent by somebody else"


def _token(browser: Browser) -> dict[str, str]:
    return {"X_CSRFToken": browser.cookies["csrftoken"]} if "csrftoken" in browser.cookies else {}
