"""Addresses of operations: changes of state are nouns."""

from django.urls import path

from depesa.operations.views import again, attachments, detail, postings, register, setup

app_name = "operations"

urlpatterns = [
    path("", register.operations, name="operations"),
    path("new/", detail.new, name="new"),
    path("customers/", detail.customers, name="customers"),
    path("posting/", postings.post, name="posting_marked"),
    path("removing/", postings.remove, name="removal_marked"),
    path("documents/", postings.documents, name="documents"),
    path("records/", postings.record, name="record_marked"),
    path("tasks/", setup.tasks, name="tasks"),
    path("tasks/new/", setup.task, name="new_task"),
    path("tasks/<key:pk>/", setup.task, name="task"),
    path("projects/new/", setup.project, name="new_project"),
    path("projects/<key:pk>/", setup.project, name="project"),
    path("<key:pk>/", detail.operation, name="operation"),
    path("<key:pk>/edit/", detail.edit_operation, name="edit"),
    path("<key:pk>/posting/", postings.post, name="posting"),
    path("<key:pk>/sending-again/", again.repeat, name="resend"),
    path("<key:pk>/removing/", postings.remove, name="removal"),
    path("<key:pk>/putting-back/", postings.restore, name="restoration"),
    path("<key:pk>/attachments/", attachments.attach, name="attachments"),
    path("<key:pk>/attachments/<key:attachment>/", attachments.attachment, name="attachment"),
    path("<key:pk>/attachments/<key:attachment>/removing/", attachments.take_off, name="attachment_removal"),
]
