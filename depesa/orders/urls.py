"""Addresses of pages about orders."""

from django.urls import path

from depesa.orders.views import detail, letters, moving, trade

app_name = "orders"
urlpatterns = [
    path("of-customer/<int:pk>/", trade.of_customer, name="of_customer"),
    path("of-customer/<int:pk>/figures/", trade.figures_of_customer, name="figures_of_customer"),
    path("<int:pk>/", detail.order, name="order"),
    path("<int:pk>/customer/", detail.customer, name="customer"),
    path("<int:pk>/communication/", detail.communication, name="communication"),
    path("<int:pk>/history/", detail.history, name="history"),
    path("<int:pk>/state/", moving.moving, name="moving"),
    path("<int:pk>/payment/", moving.paying, name="paying"),
    path("<int:pk>/resolution/", moving.resolving, name="resolving"),
    path("<int:pk>/removal/", moving.removing, name="removing"),
    path("<int:pk>/restoring/", moving.restoring, name="restoring"),
    path("<int:pk>/letters/new/", letters.new_letter, name="new-letter"),
]
