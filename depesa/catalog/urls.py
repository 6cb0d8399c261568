"""Addresses of the catalogue."""

from django.urls import path

from depesa.catalog import views

app_name = "catalog"

urlpatterns = [
    path("", views.products, name="products"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.product, name="product"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/picture/", views.picture, name="picture"),
    path("categories/", views.categories, name="categories"),
    path("categories/new/", views.new_category, name="new_category"),
    path("categories/<int:pk>/", views.category, name="category"),
    path("price-lists/", views.price_lists, name="price_lists"),
    path("price-lists/new/", views.new_price_list, name="new_price_list"),
    path("price-lists/<int:pk>/", views.price_list, name="price_list"),
]
