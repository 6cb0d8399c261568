"""Addresses of statements: a period is written 2011-06, 2011-Q2, 2011 or 2011-06-05..2011-06-20."""

from django.urls import path

from depesa.statements.views import changes, pieces, postings, review, runs, setup

app_name = "statements"

urlpatterns = [
    path("runs/", runs.runs, name="runs"),
    path("runs/<str:period>/", runs.run, name="run"),
    path("runs/<str:period>/live/", runs.live, name="live"),
    path("runs/<str:period>/strip/", runs.strip, name="strip"),
    path("runs/<str:period>/forming/", postings.form_period, name="formation"),
    path("runs/<str:period>/posting/", postings.post_letters, name="posting"),
    path("runs/<str:period>/rendering/", postings.pause_rendering, name="rendering_pause"),
    path("runs/<str:period>/sending/", postings.pause_sending, name="sending_pause"),
    path("runs/<str:period>/withdrawing/", postings.withdraw_letters, name="withdrawal"),
    path("runs/<str:period>/difference/", review.difference, name="difference"),
    path("runs/<str:period>/coverage/", review.coverage, name="coverage"),
    path("runs/<str:period>/changed/", changes.changed, name="changed"),
    path("runs/<str:period>/changed/count/", changes.changed_count, name="changed_count"),
    path("runs/<str:period>/re-forming/", changes.renew, name="renewal"),
    path("runs/<str:period>/making-again/", changes.make_again, name="retry"),
    path("runs/<str:period>/leaving-out/", changes.leave_out, name="omission"),
    path("runs/<str:period>/left-out/", changes.left_out, name="left_out"),
    path("runs/<str:period>/left-out/<key:pk>/putting-back/", changes.restore, name="restoration"),
    path("statements/of-customer/<key:pk>/", pieces.of_customer, name="of_customer"),
    path("statements/of-document/<key:pk>/", pieces.of_document, name="of_document"),
    path("settings/statements/", setup.settings, name="settings"),
]
