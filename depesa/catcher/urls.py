"""Addresses of the catcher."""

from django.urls import path

from depesa.catcher import views

app_name = "catcher"

urlpatterns = [
    path("", views.letters, name="letters"),
    path("emptying/", views.emptying, name="emptying"),
    path("<int:pk>/", views.letter, name="letter"),
    path("<int:pk>/news/", views.news, name="news"),
    path("<int:pk>/html/", views.html, name="html"),
    path("<int:pk>/files/<int:number>/", views.file, name="file"),
    path("<int:pk>/files/<int:number>/pages/<int:page>/", views.file_page, name="file_page"),
    path("<int:pk>/source/", views.source, name="source"),
]
