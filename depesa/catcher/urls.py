"""Addresses of the catcher."""

from django.urls import path

from depesa.catcher import views

app_name = "catcher"

urlpatterns = [
    path("", views.letters, name="letters"),
    path("emptying/", views.emptying, name="emptying"),
    path("<key:pk>/", views.letter, name="letter"),
    path("<key:pk>/news/", views.news, name="news"),
    path("<key:pk>/html/", views.html, name="html"),
    path("<key:pk>/files/<key:number>/", views.file, name="file"),
    path("<key:pk>/files/<key:number>/pages/<key:page>/", views.file_page, name="file_page"),
    path("<key:pk>/source/", views.source, name="source"),
]
