"""Addresses of the shop at the desk: its settings, and what visitors wrote."""

from django.urls import path

from depesa.shop.views import desk

app_name = "shop_desk"

urlpatterns = [
    path("settings/shop/", desk.settings, name="settings"),
    path("settings/shop/secret/", desk.secret, name="secret"),
    path("settings/shop/shipping/new/", desk.new_shipping, name="new_shipping"),
    path("settings/shop/shipping/<key:pk>/", desk.shipping, name="shipping"),
    path("settings/shop/payment/new/", desk.new_payment, name="new_payment"),
    path("settings/shop/payment/<key:pk>/", desk.payment, name="payment"),
    path("messages/", desk.messages_list, name="messages"),
    path("messages/<key:pk>/", desk.message, name="message"),
    path("messages/<key:pk>/closing/", desk.close, name="closure"),
]
