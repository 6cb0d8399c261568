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
    path("letters/quarantine/ending/", decisions.lift_quarantine, name="quarantine_end"),
    path("letters/of-customer/<key:pk>/", letters.of_customer, name="of_customer"),
    path("letters/marked/sending-again/", decisions_many.send_marked_again, name="resend_marked"),
    path("letters/marked/leaving/", decisions_many.leave_marked, name="acceptance_marked"),
    path("letters/marked/trying-again/", decisions_many.try_marked_again, name="retry_marked"),
    path("letters/deliveries/<key:pk>/sending-again/", decisions.send_again, name="resend"),
    path("letters/deliveries/<key:pk>/leaving/", decisions.leave, name="acceptance"),
    path("letters/deliveries/<key:pk>/trying-again/", decisions.try_again, name="retry"),
    path("letters/deliveries/<key:pk>/cancelling/", decisions.cancel, name="cancellation"),
    path("letters/of-customer/<key:pk>/figures/", timelines.figures_of_customer, name="figures_of_customer"),
    path("timeline/<ref:ref>/", timelines.timeline, name="timeline"),
    path("timeline/<ref:ref>/notes/", timelines.note, name="notes"),
    path("letters/<key:pk>/", letters.message, name="message"),
    path("letters/<key:pk>/sending-once-more/", repeats.send_once_more, name="repetition"),
    path("letters/<key:pk>/", include(contents.ADDRESSES)),
    path("settings/communication/", communication.communication, name="communication"),
    path("settings/communication/signature/", communication.signature, name="signature"),
    path("settings/communication/senders/", communication.ask, name="senders"),
    path("settings/communication/senders/<key:pk>/removal/", communication.remove, name="sender_removal"),
    path("settings/communication/confirming/<word:token>/", communication.confirm, name="sender_confirmation"),
    path("settings/channels/", channels.channels, name="channels"),
    path("settings/channels/new/", channels.new_channel, name="new_channel"),
    path("settings/channels/<key:pk>/", channels.channel, name="channel"),
    path("settings/channels/<key:pk>/pausing/", channels.pause, name="pause"),
    path("settings/channels/<key:pk>/resuming/", channels.resume, name="resumption"),
    path("settings/channels/<key:pk>/choosing/", channels.choose, name="choice"),
    path("settings/channels/<key:pk>/testing/", probe.write_test, name="new_test"),
    path("settings/channels/tests/<key:pk>/", probe.test, name="test"),
    path("settings/channels/tests/of/<slug:code>/<slug:language>/", probe.system_email, name="test_system_email"),
]
