"""Addresses of the catcher."""

from django.urls import include, path

from depesa.catcher import views

app_name = "catcher"

urlpatterns = [
    path("", views.letters, name="letters"),
    path("emptying/", views.throw_away, name="removal"),
    path("<key:pk>/", views.letter, name="letter"),
    path("<key:pk>/news/", views.news, name="news"),
    path("<key:pk>/", include(views.ADDRESSES)),
]
