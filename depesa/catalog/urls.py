"""Addresses of the catalogue."""

from django.urls import path

from depesa.catalog import views

app_name = "catalog"

urlpatterns = [
    path("", views.products, name="products"),
    path("new/", views.new, name="new"),
    path("<key:pk>/", views.product, name="product"),
    path("<key:pk>/edit/", views.edit, name="edit"),
    path("<key:pk>/picture/", views.picture, name="picture"),
    path("categories/", views.categories, name="categories"),
    path("categories/new/", views.new_category, name="new_category"),
    path("categories/<key:pk>/", views.category, name="category"),
    path("price-lists/", views.price_lists, name="price_lists"),
    path("price-lists/new/", views.new_price_list, name="new_price_list"),
    path("price-lists/<key:pk>/", views.price_list, name="price_list"),
]
