"""Addresses of users and of the own profile."""

from django.urls import path

from depesa.staff import views

app_name = "staff"

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/ending/", views.end_sessions, name="sessions_end"),
    path("sessions/<key:pk>/ending/", views.end_sessions, name="session_end"),
    path("users/", views.users, name="users"),
    path("users/new/", views.new_user, name="new_user"),
    path("users/<key:pk>/", views.user, name="user"),
    path("users/<key:pk>/password/", views.password, name="password"),
]
