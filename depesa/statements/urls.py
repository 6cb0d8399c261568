"""Addresses of the monthly statements: a month is written 2011-06."""

from django.urls import path

from depesa.statements.views import changes, pieces, postings, review, runs, setup

app_name = "statements"

urlpatterns = [
    path("runs/", runs.runs, name="runs"),
    path("runs/<str:month>/", runs.run, name="run"),
    path("runs/<str:month>/live/", runs.live, name="live"),
    path("runs/<str:month>/strip/", runs.strip, name="strip"),
    path("runs/<str:month>/forming/", postings.forming, name="forming"),
    path("runs/<str:month>/posting/", postings.posting, name="posting"),
    path("runs/<str:month>/rendering/", postings.rendering, name="rendering"),
    path("runs/<str:month>/sending/", postings.sending, name="sending"),
    path("runs/<str:month>/withdrawing/", postings.withdrawing, name="withdrawing"),
    path("runs/<str:month>/difference/", review.difference, name="difference"),
    path("runs/<str:month>/coverage/", review.coverage, name="coverage"),
    path("runs/<str:month>/changed/", changes.changed, name="changed"),
    path("runs/<str:month>/changed/count/", changes.changed_count, name="changed_count"),
    path("runs/<str:month>/re-forming/", changes.reforming, name="reforming"),
    path("runs/<str:month>/making-again/", changes.making_again, name="making_again"),
    path("runs/<str:month>/leaving-out/", changes.leaving_out, name="leaving_out"),
    path("runs/<str:month>/left-out/", changes.left_out, name="left_out"),
    path("runs/<str:month>/left-out/<int:pk>/putting-back/", changes.putting_back, name="putting_back"),
    path("statements/of-customer/<int:pk>/", pieces.of_customer, name="of_customer"),
    path("statements/of-document/<int:pk>/", pieces.of_document, name="of_document"),
    path("settings/statements/", setup.settings, name="settings"),
]
