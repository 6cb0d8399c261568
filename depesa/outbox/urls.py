"""Addresses of letters and channels."""

from django.urls import path

from depesa.outbox.views import (
    channels,
    communication,
    contents,
    decisions,
    decisions_many,
    letters,
    probe,
    repeats,
    timelines,
)

app_name = "outbox"

urlpatterns = [
    path("letters/", letters.letters, name="messages"),
    path("letters/quarantine/", decisions.quarantine, name="quarantine"),
    path("letters/quarantine/ending/", decisions.ending_quarantine, name="ending_quarantine"),
    path("letters/of-customer/<int:pk>/", letters.of_customer, name="of_customer"),
    path("letters/marked/sending-again/", decisions_many.sending_many, name="sending_many"),
    path("letters/marked/leaving/", decisions_many.leaving_many, name="leaving_many"),
    path("letters/marked/trying-again/", decisions_many.trying_many, name="trying_many"),
    path("letters/deliveries/<int:pk>/sending-again/", decisions.sending_again, name="sending_again"),
    path("letters/deliveries/<int:pk>/leaving/", decisions.leaving, name="leaving"),
    path("letters/deliveries/<int:pk>/trying-again/", decisions.trying_again, name="trying_again"),
    path("letters/deliveries/<int:pk>/cancelling/", decisions.cancelling, name="cancelling"),
    path("letters/of-customer/<int:pk>/figures/", timelines.figures_of_customer, name="figures_of_customer"),
    path("timeline/<ref:ref>/", timelines.timeline, name="timeline"),
    path("timeline/<ref:ref>/notes/", timelines.noting, name="noting"),
    path("letters/<int:pk>/", letters.message, name="message"),
    path("letters/<int:pk>/sending-once-more/", repeats.repeating, name="repeating"),
    path("letters/<int:pk>/html/", contents.html, name="html"),
    path("letters/<int:pk>/files/<int:number>/", contents.file, name="file"),
    path("letters/<int:pk>/files/<int:number>/pages/<int:page>/", contents.file_page, name="file_page"),
    path("letters/<int:pk>/source/", contents.source, name="source"),
    path("settings/communication/", communication.communication, name="communication"),
    path("settings/communication/signature/", communication.signature, name="signature"),
    path("settings/communication/senders/", communication.asking, name="asking"),
    path("settings/communication/senders/<int:pk>/removal/", communication.removing, name="removing"),
    path("settings/communication/confirming/<str:token>/", communication.confirming, name="confirming"),
    path("settings/channels/", channels.channels, name="channels"),
    path("settings/channels/new/", channels.new_channel, name="new_channel"),
    path("settings/channels/<int:pk>/", channels.channel, name="channel"),
    path("settings/channels/<int:pk>/pausing/", channels.pausing, name="pausing"),
    path("settings/channels/<int:pk>/resuming/", channels.resuming, name="resuming"),
    path("settings/channels/<int:pk>/choosing/", channels.choosing, name="choosing"),
    path("settings/channels/<int:pk>/testing/", probe.testing, name="testing"),
    path("settings/channels/tests/<int:pk>/", probe.test, name="test"),
    path("settings/channels/tests/of/<slug:code>/<slug:language>/", probe.system_email, name="test_system_email"),
]
