"""A visitor's way through the pages, from the catalogue to the account."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from depesa.catalog import services as catalog
from depesa.catalog.models import PriceList
from depesa.company.queries import current
from depesa.core.blobs import keep
from depesa.customers.models import Customer
from depesa.customers.services import change
from depesa.documents.models import Paper
from depesa.orders.models import Order, OrderDocument
from depesa.orders.services import invoice, mark_paid
from depesa.shop.models import Account, Message, ShippingMethod
from depesa.shop.services import newsletter
from depesa.shop.tests.conftest import PASSWORD, events, token_of_last

pytestmark = pytest.mark.django_db

TYPED = {
    "name": "Jan Novák",
    "email": "jan@sroub.example",
    "street": "Dlouhá 12",
    "city": "Praha",
    "shipping": "post",
    "payment": "cash-on-delivery",
    "agrees": "on",
}


def page(name, *args, language="cs"):
    return reverse(f"shop:{name}", args=[language, *args])


def add(client, product, quantity=1, language="cs"):
    client.post(page("cart", language=language), {"add": product.pk, "quantity": quantity})


def check_out(client, *, language="cs", between=None, **typed):
    key = re.search(r'name="key" value="(\w+)"', client.get(page("checkout", language=language)).text)[1]
    values = {**TYPED, "key": key, **typed}
    review = client.post(page("checkout", language=language), values)
    if shown := re.search(r'name="reviewed" value="([^"]+)"', review.text):
        values["reviewed"] = shown[1]
    if between:
        between()
    return client.post(page("checkout", language=language), {**values, "step": "order"}), review, values


def test_the_door_leads_to_the_language_of_the_browser(client, shop):
    assert client.get("/shop/", headers={"accept-language": "lt"}).url == "/shop/lt/"
    assert client.get("/shop/").url == "/shop/en/"


def test_a_session_of_the_shop_ends_when_nobody_uses_it_and_after_a_week(client, account, clock):
    client.post(page("sign_in"), {"email": account.email, "password": PASSWORD})
    for hours in (11, 11, 13):
        assert client.get(page("account")).status_code == 200
        clock.shift(dt.timedelta(hours=hours))
    assert client.get(page("account")).url == page("sign_in")
    client.post(page("sign_in"), {"email": account.email, "password": PASSWORD})
    for _turn in range(17):
        assert client.get(page("account")).status_code == 200
        clock.shift(dt.timedelta(hours=10))
    assert client.get(page("account")).url == page("sign_in")


def test_at_the_exit_of_the_shop_the_browser_forgets(client, account):
    client.post(page("sign_in"), {"email": account.email, "password": PASSWORD})
    assert client.post(page("sign_out")).headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get(page("account")).url == page("sign_in")


def test_a_closed_shop_says_so(client, company):
    assert client.get(page("home")).status_code == 404


def test_the_catalogue_is_searched_in_the_language_of_the_page(client, bunting, rare):
    found = client.get(page("home"), {"q": "girl"})
    assert "Girlanda" in found.text
    assert "Rare teapot" not in found.text
    assert 'lang="cs"' in found.text
    assert found.headers["Content-Language"] == "cs"


def test_the_catalogue_asks_the_same_for_many(client, bunting, django_assert_max_num_queries):
    client.get(page("home"))
    values = [{"code": f"N{n}", "names": {"en": f"Thing {n}"}, "price": Decimal(n)} for n in range(30)]
    catalog.create_many(values, by=None)
    with django_assert_max_num_queries(9):
        shown = client.get(page("home", language="en"))
    assert shown.text.count('class="card"') == 24


def test_the_language_is_switched_on_the_same_page(client, bunting):
    assert page("product", bunting.pk, language="lt") in client.get(page("product", bunting.pk)).text


def test_the_cart_counts_and_forgets(client, bunting, rare):
    add(client, bunting, 2)
    add(client, bunting)
    add(client, rare)
    client.post(page("cart"), {f"quantity_{bunting.pk}": "5", f"quantity_{rare.pk}": "1"})
    assert "24,75" in client.get(page("cart")).text
    client.post(page("cart"), {f"quantity_{bunting.pk}": "5", "remove": str(rare.pk)})
    shown = client.get(page("cart")).text
    assert "Rare teapot" not in shown
    client.post(page("cart"), {f"quantity_{bunting.pk}": "0"})
    assert client.get(page("checkout")).url == page("cart")


def test_more_than_there_is_cannot_be_ordered(client, rare):
    add(client, rare, 3, language="en")
    assert "There are only 2 left. Take fewer." in client.get(page("cart", language="en")).text
    assert client.get(page("checkout", language="en")).url == page("cart", language="en")


def test_a_guest_sees_the_whole_sum_and_orders(client, bunting):
    add(client, bunting, 2)
    answer, review, _values = check_out(client)
    assert "14,40" in review.text  # 2 x 4.95, post 3.50, cash on delivery 1.00
    order = Order.objects.get()
    assert answer.url == page("order_page", order.token)
    assert (order.language, order.origin, order.gross, order.has_account) == ("cs", "shop", Decimal("14.40"), False)
    assert (order.shipping_name, order.payment_name) == ("Pošta", "Dobírka")
    assert order.items.first().text == "Girlanda"
    assert events() == [("order-placed", "order-received-guest", "cs")]
    assert "Přijatá" in client.get(answer.url).text
    assert client.get(page("cart")).text.count("Girlanda") == 0


def test_an_order_that_is_sent_twice_is_one(client, bunting):
    add(client, bunting)
    first, _review, values = check_out(client)
    second = client.post(page("checkout"), {**values, "step": "order"})
    assert first.url == second.url
    assert Order.objects.count() == 1


def _dearer(bunting, client):
    catalog.change(bunting, {"price": Decimal(999)}, version=None, by=None)


def _renamed_way(bunting, client):
    ShippingMethod.objects.filter(code="post").update(price=Decimal(9))


def _grown(bunting, client):
    add(client, bunting, 3)


def _withdrawn(bunting, client):
    catalog.change(bunting, {"is_active": False}, version=None, by=None)


def _without_vat(bunting, client):
    PriceList.objects.update(includes_vat=False)


@pytest.mark.parametrize("change", [_dearer, _renamed_way, _grown, _withdrawn, _without_vat])
def test_nothing_is_ordered_but_what_the_page_of_the_whole_sum_said(client, bunting, rare, change):
    add(client, bunting)
    add(client, rare)
    answer, _review, values = check_out(client, between=lambda: change(bunting, client))
    assert (answer.status_code, Order.objects.count()) == (409, 0)
    assert answer.context["differences"]
    again = {**values, "reviewed": re.search(r'name="reviewed" value="([^"]+)"', answer.text)[1], "step": "order"}
    assert client.post(page("checkout"), again).status_code == 302
    assert Order.objects.get().gross == answer.context["review"].total


def test_without_having_seen_the_whole_sum_nothing_is_ordered(client, bunting):
    add(client, bunting)
    for token in ("", "made up"):
        answer = client.post(page("checkout"), {**TYPED, "key": "k", "step": "order", "reviewed": token})
        assert "reviewed" in answer.text
    assert not Order.objects.exists()


def test_an_old_page_sent_again_leaves_the_new_cart(client, bunting):
    add(client, bunting)
    first, _review, values = check_out(client)
    add(client, bunting, 2)
    assert client.post(page("checkout"), {**values, "step": "order"}).url == first.url
    assert "9,90" in client.get(page("cart")).text
    assert Order.objects.count() == 1


@pytest.mark.parametrize("wish", [{"wants_newsletter": "on"}, {"wants_account": "on", "password": PASSWORD}])
def test_a_wish_beside_it_never_loses_the_order(client, bunting, wish):
    for _n in range(5):
        newsletter.ask(TYPED["email"], language="cs", machine="elsewhere")
    before = len(events())
    add(client, bunting, language="en")
    answer, _review, _values = check_out(client, language="en", **wish)
    order = Order.objects.get()
    assert answer.url == page("order_page", order.token, language="en")
    assert "too many letters were asked for" in client.get(answer.url).text
    assert [name for name, *_more in events()[before:]] == ["order-placed"]
    assert not order.has_account


def test_goods_go_to_one_of_the_addresses_of_the_account(client, account, bunting):
    client.post(page("sign_in"), {"email": account.email, "password": PASSWORD})
    client.post(page("address"), {"name": "Sklad", "street": "Krátká 1", "postcode": "602 00", "city": "Brno"})
    add(client, bunting)
    assert "Sklad, Krátká 1, 602 00 Brno" in client.get(page("checkout")).text
    mine = account.customer.delivery_addresses.get()
    check_out(client, email=account.email, is_elsewhere="on", address=mine.pk)
    order = Order.objects.get()
    assert (order.delivery_name, order.delivery_street, order.delivery_city) == ("Sklad", "Krátká 1", "Brno")


def test_nothing_typed_is_lost(client, bunting):
    add(client, bunting, language="en")
    typed = {**TYPED, "email": "jan@@sroub", "agrees": "", "note": "Ring twice", "key": "k", "street": ""}
    answer = client.post(page("checkout", language="en"), typed)
    assert answer.status_code == 422
    assert "Ring twice" in answer.text
    assert set(answer.context["form"].errors) >= {"agrees", "street"}
    back = client.post(page("checkout", language="en"), {**TYPED, "key": "k", "step": "change"})
    assert back.status_code == 200
    assert 'value="Jan Novák"' in back.text


def test_individual_shipping_waits_for_its_price(client, bunting):
    add(client, bunting, language="lt")
    check_out(client, language="lt", shipping="individual", payment="transfer")
    order = Order.objects.get()
    assert (order.state.type, order.is_individual_shipping) == ("unresolved", True)
    assert events() == [("order-placed", "order-summary", "lt")]


def test_an_account_comes_with_the_order(client, bunting):
    add(client, bunting)
    check_out(client, wants_account="on", password=PASSWORD, payment="transfer")
    assert events() == [
        ("order-placed", "order-received-transfer", "cs"),
        ("registered-after-order", "registration-after-order", "cs"),
    ]
    order, account = Order.objects.get(), Account.objects.get()
    assert order.has_account
    assert account.customer == order.customer
    client.post(page("activation", token_of_last("activation")), {"password": PASSWORD})
    assert order.number in client.get(page("account")).text


def test_a_guest_makes_an_account_of_the_order_afterwards(client, bunting):
    add(client, bunting)
    answer, _review, _values = check_out(client)
    client.post(answer.url, {"password": PASSWORD})
    assert events()[-1] == ("registered-after-order", "registration-after-order", "cs")


def test_whoever_has_an_account_orders_with_it(client, account, bunting):
    client.post(page("sign_in"), {"email": account.email, "password": PASSWORD})
    add(client, bunting)
    assert f'value="{account.email}"' in client.get(page("checkout")).text
    before = len(events())
    check_out(client, email=account.email)
    assert Order.objects.get().customer == account.customer
    assert events()[before:] == [("order-placed", "order-received", "cs")]


def test_a_blocked_customer_is_refused(client, bunting):
    Customer.objects.create(code="X", name="X", email="jan@sroub.example", is_blocked=True)
    add(client, bunting)
    answer, _review, _values = check_out(client)
    assert answer.status_code == 422
    assert not Order.objects.exists()


def test_a_way_that_is_not_offered_cannot_be_chosen(client, bunting):
    ShippingMethod.objects.filter(code="post").update(is_active=False)
    add(client, bunting)
    answer, _review, _values = check_out(client)
    assert answer.status_code == 422


def test_the_newsletter_is_asked_for_with_the_order(client, bunting):
    add(client, bunting)
    check_out(client, wants_newsletter="on")
    assert events()[-1] == ("newsletter-asked", "newsletter-opt-in", "cs")


def test_an_order_is_shown_to_whoever_has_its_link_in_its_own_language(client, bunting):
    add(client, bunting)
    check_out(client)
    order = Order.objects.get()
    assert client.get(reverse("shop:order", args=[order.token])).url == page("order_page", order.token)
    mark_paid([order.pk], is_paid=True, by=None, origin="gateway")
    assert "Přijatá" in client.get(page("order_page", order.token, language="lt")).text


def test_the_desk_and_the_shop_do_not_know_each_others_sign_in(client, account, ada):
    client.post(page("sign_in"), {"email": account.email, "password": PASSWORD})
    assert client.get(reverse("dashboard:start")).status_code == 302
    client.force_login(ada)
    client.post(page("sign_out"))
    assert client.get(reverse("dashboard:start")).status_code == 200
    assert client.get(page("account")).url == page("sign_in")


def test_a_new_password_elsewhere_ends_this_session(client, account):
    client.post(page("sign_in"), {"email": account.email, "password": PASSWORD})
    Account.objects.update(epoch=99)
    assert client.get(page("account")).url == page("sign_in")


def test_unknown_and_known_addresses_get_the_same_answer(client, account):
    pages = [client.post(page("forgotten"), {"email": email}).text for email in (account.email, "no@sroub.example")]
    assert pages[0].replace(account.email, "no@sroub.example") == pages[1]


def test_a_machine_that_fills_in_everything_writes_nothing(client, shop):
    client.post(page("contact"), {"email": "bot@spam.example", "text": "Buy", "website": "https://spam.example"})
    assert not Message.objects.exists()


def test_details_addresses_and_consents_are_the_customers_own(client, account):
    client.post(page("sign_in"), {"email": account.email, "password": PASSWORD})
    client.post(page("details"), {"name": "Ada Nováková", "language": "lt"})
    client.post(page("address"), {"street": "Krátká 1", "city": "Brno"})
    client.post(page("consents"), {"wish": "newsletter"})
    customer = Customer.objects.get(pk=account.customer_id)
    assert (customer.name, customer.language, customer.newsletter) == ("Ada Nováková", "lt", "yes")
    assert [each.city for each in customer.delivery_addresses.all()] == ["Brno"]
    client.post(page("address"), {"remove": customer.delivery_addresses.get().pk})
    client.post(page("consents"), {"wish": "no-newsletter"})
    customer.refresh_from_db()
    assert customer.newsletter == "no"
    assert not customer.delivery_addresses.exists()
    assert not customer.consents.filter(withdrawn_at=None).exists()


def test_an_older_page_of_details_writes_nothing_over_what_the_desk_changed(client, account, ada):
    client.post(page("sign_in"), {"email": account.email, "password": PASSWORD})
    card = Customer.objects.get(pk=account.customer_id)
    old = {"name": card.name, "language": "cs", "city": "Brno", "version": card.version}
    change(card, {"city": "Kladno", "street": "Krátká 7"}, version=card.version, by=ada)
    answer = client.post(page("details"), old | {f"initial-{name}": getattr(card, name) for name in ("name", "city")})
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "Krátká 7" in said
    assert "Ada" not in said.replace(card.name, "")
    assert Customer.objects.get(pk=card.pk).city == "Kladno"


def test_the_password_is_changed_by_who_knows_the_old_one(client, account):
    client.post(page("sign_in"), {"email": account.email, "password": PASSWORD})
    wrong = client.post(page("password"), {"old_password": "x", "password": "a brand new password"})
    assert wrong.status_code == 422
    client.post(page("password"), {"old_password": PASSWORD, "password": "a brand new password"})
    assert client.get(page("account")).status_code == 200  # this session goes on


def test_a_document_is_downloaded_by_whoever_has_the_orders_link(client, order):
    [made] = invoice([order.pk], by=None).made
    shown = page("order_page", order.token)
    assert made.number in client.get(shown).text
    url = page("document", order.token, made.pk)
    assert client.get(url).status_code == 404  # until the PDF is made
    row = OrderDocument.objects.get(pk=made.pk)
    row.paper = Paper.objects.create(customer=row.customer, blob=keep(b"%PDF-1.7"), name="Faktura.pdf")
    row.save()
    assert url in client.get(shown).text
    answer = client.get(url)
    assert answer.content == b"%PDF-1.7"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_document_of_another_order_is_not_given(client, order, bunting):
    [made] = invoice([order.pk], by=None).made
    add(client, bunting)
    check_out(client)
    other = Order.objects.latest("pk")
    assert client.get(page("document", other.token, made.pk)).status_code == 404


def test_countries_are_chosen_and_codes_are_checked_for_them(client, bunting):
    add(client, bunting, language="en")
    asked = client.get(page("checkout", language="en"))
    assert asked.context["form"]["country"].value() == current().country
    key = re.search(r'name="key" value="(\w+)"', asked.text)[1]
    typed = {**TYPED, "key": key, "country": "CZ", "company_code": "123", "vat_code": "CZ12345678"}
    answer = client.post(page("checkout", language="en"), typed)
    assert set(answer.context["form"].errors) >= {"company_code", "vat_code"}
    answer = client.post(page("checkout", language="en"), typed | {"country": "Nowhere"})
    assert "country" in answer.context["form"].errors
