"""Addresses of letters and channels."""

from django.urls import include, path

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
    path("letters/of-customer/<key:pk>/", letters.of_customer, name="of_customer"),
    path("letters/marked/sending-again/", decisions_many.sending_many, name="sending_many"),
    path("letters/marked/leaving/", decisions_many.leaving_many, name="leaving_many"),
    path("letters/marked/trying-again/", decisions_many.trying_many, name="trying_many"),
    path("letters/deliveries/<key:pk>/sending-again/", decisions.sending_again, name="sending_again"),
    path("letters/deliveries/<key:pk>/leaving/", decisions.leaving, name="leaving"),
    path("letters/deliveries/<key:pk>/trying-again/", decisions.trying_again, name="trying_again"),
    path("letters/deliveries/<key:pk>/cancelling/", decisions.cancelling, name="cancelling"),
    path("letters/of-customer/<key:pk>/figures/", timelines.figures_of_customer, name="figures_of_customer"),
    path("timeline/<ref:ref>/", timelines.timeline, name="timeline"),
    path("timeline/<ref:ref>/notes/", timelines.noting, name="noting"),
    path("letters/<key:pk>/", letters.message, name="message"),
    path("letters/<key:pk>/sending-once-more/", repeats.repeating, name="repeating"),
    path("letters/<key:pk>/", include(contents.ADDRESSES)),
    path("settings/communication/", communication.communication, name="communication"),
    path("settings/communication/signature/", communication.signature, name="signature"),
    path("settings/communication/senders/", communication.asking, name="asking"),
    path("settings/communication/senders/<key:pk>/removal/", communication.removing, name="removing"),
    path("settings/communication/confirming/<word:token>/", communication.confirming, name="confirming"),
    path("settings/channels/", channels.channels, name="channels"),
    path("settings/channels/new/", channels.new_channel, name="new_channel"),
    path("settings/channels/<key:pk>/", channels.channel, name="channel"),
    path("settings/channels/<key:pk>/pausing/", channels.pausing, name="pausing"),
    path("settings/channels/<key:pk>/resuming/", channels.resuming, name="resuming"),
    path("settings/channels/<key:pk>/choosing/", channels.choosing, name="choosing"),
    path("settings/channels/<key:pk>/testing/", probe.testing, name="testing"),
    path("settings/channels/tests/<key:pk>/", probe.test, name="test"),
    path("settings/channels/tests/of/<slug:code>/<slug:language>/", probe.system_email, name="test_system_email"),
]
