"""Pages of the catalogue."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from depesa.catalog import services
from depesa.catalog.models import Category, Price, PriceList, Product

pytestmark = pytest.mark.django_db

TYPED = {
    "code": "47566",
    "names_en": "Party bunting",
    "names_cs": "Girlanda",
    "names_lt": "",
    "price": "4.95",
    "vat_rate": "21",
    "stock": "",
    "position": "0",
    "is_active": "on",
}


@pytest.fixture
def desk(client, company, ben):
    client.force_login(ben)
    return client


def a_product(**values):
    return services.create({"code": "A", "names": {"en": "Apple bag"}, "price": Decimal("2.5"), **values}, by=None)


def test_a_vat_rate_below_one_is_asked_about(desk):
    answer = desk.post(reverse("catalog:new"), TYPED | {"vat_rate": "0.21"})
    assert "VAT rate: 0.21 is less than 1 %. Write it in per cent: 21." in answer.text
    assert not Product.objects.exists()


def test_a_product_is_entered_and_shown(desk):
    answer = desk.post(reverse("catalog:new"), TYPED, follow=True)
    assert "Party bunting" in answer.text
    product = Product.objects.get()
    assert (product.price, product.stock, product.names) == (
        Decimal("4.95"),
        None,
        {"en": "Party bunting", "cs": "Girlanda"},
    )


def test_wrong_input_is_answered_at_its_field_and_kept(desk):
    answer = desk.post(reverse("catalog:new"), {**TYPED, "names_en": "", "names_cs": " ", "unit": "pc"})
    assert answer.status_code == 422
    assert "Write the name in at least one language." in str(answer.context["form"].errors["names_en"])
    assert 'value="pc"' in answer.text


def test_a_product_keeps_what_it_costs_in_other_lists(desk):
    services.ensure_default_list()
    partners = services.save_price_list(PriceList(), {"code": "p", "name": "Partners", "currency": "EUR"}, by=None)
    product = a_product()
    desk.post(reverse("catalog:edit", args=[product.pk]), {**TYPED, "version": "1", f"price_{partners.pk}": "3"})
    assert Price.objects.get().price == Decimal(3)
    shown = desk.get(reverse("catalog:product", args=[product.pk])).text
    assert "Partners" in shown
    assert "3.00" in shown


def test_whoever_is_second_is_told_and_loses_nothing(desk):
    product = a_product()
    desk.post(reverse("catalog:edit", args=[product.pk]), {**TYPED, "version": "1"})
    answer = desk.post(reverse("catalog:edit", args=[product.pk]), {**TYPED, "version": "1", "names_en": "Mine"})
    assert answer.status_code == 422
    assert "Somebody else was faster" in answer.text
    assert 'value="Mine"' in answer.text


def test_the_list_is_searched_filtered_and_written_to_a_file(desk):
    bags = services.save_category(Category(), {"code": "bags", "names": {"en": "Bags"}}, by=None)
    a_product(category=bags)
    a_product(code="B", names={"en": "Zinc tub"}, stock=Decimal(0))
    url = reverse("catalog:products")
    assert "Zinc tub" not in desk.get(url, {"category": "bags"}).text
    assert "Apple bag" not in desk.get(url, {"sold-out": "yes"}).text
    assert "Zinc tub" in desk.get(url, {"q": "zin"}).text
    assert b"Zinc tub" in b"".join(desk.get(url, {"file": "csv"}).streaming_content)


def test_the_list_asks_the_same_for_many(desk, django_assert_max_num_queries):
    bags = services.save_category(Category(), {"code": "bags", "names": {"en": "Bags"}}, by=None)
    for number in range(30):
        a_product(code=f"N{number}", category=bags)
    with django_assert_max_num_queries(10):
        desk.get(reverse("catalog:products"))


def test_a_picture_is_shown_as_it_was_uploaded(desk, tmp_path):
    drawn = BytesIO()
    Image.new("RGB", (4, 4), "red").save(drawn, "PNG")
    drawn.seek(0)
    drawn.name = "red.png"
    product = a_product()
    desk.post(reverse("catalog:edit", args=[product.pk]), {**TYPED, "version": "1", "new_image": drawn})
    answer = desk.get(reverse("catalog:picture", args=[product.pk]))
    assert answer.headers["Content-Type"] == "image/png"
    desk.post(reverse("catalog:edit", args=[product.pk]), {**TYPED, "version": "2", "drop_image": "on"})
    assert desk.get(reverse("catalog:picture", args=[product.pk])).status_code == 404


def test_categories_are_entered_and_changed(desk):
    desk.post(reverse("catalog:new_category"), {"code": "bags", "names_en": "Bags", "position": "1", "is_active": "on"})
    category = Category.objects.get()
    page = reverse("catalog:category", args=[category.pk])
    desk.post(page, {"code": "bags", "names_en": "Bags", "names_lt": "Krepšiai", "position": "1"})
    category.refresh_from_db()
    assert category.names == {"en": "Bags", "lt": "Krepšiai"}
    assert not category.is_active
    assert "Bags" in desk.get(reverse("catalog:categories")).text


def test_another_list_becomes_the_default_one(client, company, ada):
    client.force_login(ada)
    usual = services.ensure_default_list()
    typed = {"code": "net", "name": "Net", "currency": "EUR", "is_default": "on"}
    assert client.post(reverse("catalog:new_price_list"), typed).status_code == 302
    usual.refresh_from_db()
    assert not usual.is_default
    answer = client.post(
        reverse("catalog:price_list", args=[PriceList.objects.get(code="net").pk]), {**typed, "is_default": ""}
    )
    assert answer.status_code == 422
    assert "make another list the default instead" in answer.text
