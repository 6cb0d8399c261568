"""Addresses of the shop: of the storefront here, of the desk's own pages in `desk`."""

from django.urls import include, path, register_converter

from depesa.core.languages import codes
from depesa.shop.views import accounts, cart, catalogue, contact, gateway


class LanguageConverter:
    """One of the shop's languages."""

    regex = "[a-z]{2}"

    def to_python(self, value: str) -> str:
        """The language as the address says it; ValueError, so not found, for one that is not ours."""
        if value not in codes():
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LanguageConverter, "language")

app_name = "shop"

_in_language = [
    path("", catalogue.home, name="home"),
    path("products/<key:pk>/", catalogue.product, name="product"),
    path("terms/", catalogue.terms, name="terms"),
    path("cart/", cart.cart, name="cart"),
    path("checkout/", cart.checkout, name="checkout"),
    path("orders/<uuid:token>/", cart.order_page, name="order_page"),
    path("orders/<uuid:token>/documents/<key:pk>/", cart.document, name="document"),
    path("registration/", accounts.register, name="register"),
    path("activation/<word:token>/", accounts.activation, name="activation"),
    path("sign-in/", accounts.sign_in, name="sign_in"),
    path("sign-out/", accounts.sign_out, name="sign_out"),
    path("forgotten/", accounts.forgotten, name="forgotten"),
    path("new-password/<word:token>/", accounts.new_password, name="new_password"),
    path("account/", accounts.account, name="account"),
    path("account/details/", accounts.details, name="details"),
    path("account/password/", accounts.password, name="password"),
    path("account/addresses/", accounts.address, name="address"),
    path("account/consents/", accounts.consents, name="consents"),
    path("newsletter/", contact.newsletter_form, name="newsletter"),
    path("newsletter/<word:token>/", contact.newsletter_link, name="newsletter_link"),
    path("contact/", contact.contact, name="contact"),
    path("<path:rest>", catalogue.nowhere, name="nowhere"),
]

urlpatterns = [
    path("", catalogue.door, name="door"),
    path("payments/", gateway.payment, name="payment"),
    path("pictures/<key:pk>/", catalogue.picture, name="picture"),
    path("orders/<uuid:token>/", cart.order, name="order"),
    path("<language:language>/", include(_in_language)),
]
