"""Addresses of operations: changes of state are nouns."""

from django.urls import path

from depesa.operations.views import again, attachments, detail, listing, posting, setup

app_name = "operations"

urlpatterns = [
    path("", listing.operations, name="operations"),
    path("new/", detail.new, name="new"),
    path("customers/", detail.customers, name="customers"),
    path("posting/", posting.posting, name="posting_marked"),
    path("removing/", posting.removing, name="removing_marked"),
    path("documents/", posting.documents, name="documents"),
    path("records/", posting.record, name="record_marked"),
    path("tasks/", setup.tasks, name="tasks"),
    path("tasks/new/", setup.task, name="new_task"),
    path("tasks/<int:pk>/", setup.task, name="task"),
    path("projects/new/", setup.project, name="new_project"),
    path("projects/<int:pk>/", setup.project, name="project"),
    path("<int:pk>/", detail.operation, name="operation"),
    path("<int:pk>/edit/", detail.edit_operation, name="edit"),
    path("<int:pk>/posting/", posting.posting, name="posting"),
    path("<int:pk>/sending-again/", again.sending_again, name="sending_again"),
    path("<int:pk>/removing/", posting.removing, name="removing"),
    path("<int:pk>/putting-back/", posting.putting_back, name="putting_back"),
    path("<int:pk>/attachments/", attachments.attaching, name="attaching"),
    path("<int:pk>/attachments/<int:attachment>/", attachments.attachment, name="attachment"),
    path("<int:pk>/attachments/<int:attachment>/removing/", attachments.detaching, name="detaching"),
]
