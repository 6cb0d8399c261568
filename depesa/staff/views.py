"""Pages of users: the own profile, and for administrators everybody."""

from allauth.account import views as account
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from depesa.core.languages import codes
from depesa.core.links import page_back
from depesa.staff import queries
from depesa.staff.forms import NewUserForm, ProfileForm, UserForm
from depesa.staff.models import User
from depesa.staff.policy import DeskRequest, acts, asks, grave, shows
from depesa.staff.rules import Right
from depesa.staff.services import add_user, change_profile, change_user, choose_language, give_new_password
from depesa.staff.services.sessions import end
from depesa.ui.answers import at_exit
from depesa.ui.forms import Back, answer_form, refusals_shown, saved

A_YEAR = 365 * 24 * 3600


def _moves_mailbox(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get("email", "") != getattr(request.user, "email", "")


@grave(_moves_mailbox)
@asks(Right.SEE)
def profile(request: DeskRequest) -> HttpResponse:
    """The user's own name, language and look."""
    mine = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=mine)
    if request.method == "POST" and form.is_valid():
        with refusals_shown(form):
            user = change_profile(mine, form.cleaned_data, version=form.seen)
            messages.success(request, _("Saved."))
            response = redirect("staff:profile")
            response.set_cookie("theme", user.theme, max_age=A_YEAR, samesite="Lax", secure=request.is_secure())
            return response
    may_send = request.user.may(Right.SEND)
    back = Back(_("Settings"), "dashboard:settings")
    return answer_form(request, form, _("Your profile"), back, "staff/profile.html", may_send=may_send)


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language of the pages for this user and return to where the person was."""
    chosen = request.POST.get("language", "")
    if chosen in codes() and isinstance(request.user, User):
        choose_language(User.objects.get(pk=request.user.pk), chosen)
    return redirect(page_back(request.POST.get("next")))


@shows(Right.MANAGE_USERS)
def users(request: DeskRequest) -> HttpResponse:
    """Everybody who may sign in, and those who may no more."""
    return render(request, "staff/users.html", {"people": User.objects.order_by("-is_active", "username")})


@grave()
@asks(Right.MANAGE_USERS)
def new_user(request: DeskRequest) -> HttpResponse:
    """A new user; the one-time password is shown once, in the answer."""
    form = NewUserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = add_user(**form.cleaned_data, by=request.user)
        return render(request, "staff/one_time_password.html", {"made": made, "sign_in_url": _sign_in_url(request)})
    button = _("Add and show a one-time password")
    return answer_form(request, form, _("New user"), Back(_("Users"), "staff:users"), button=button)


@grave()
@asks(Right.MANAGE_USERS)
def user(request: DeskRequest, pk: int) -> HttpResponse:
    """One user: role, and whether he may sign in."""
    person = get_object_or_404(User, pk=pk)
    form = UserForm(request.POST or None, instance=person)
    if saved(request, form, lambda: change_user(person, form.cleaned_data, version=form.seen, by=request.user)):
        return redirect("staff:users")
    return answer_form(
        request, form, person.username, Back(_("Users"), "staff:users"), "staff/user.html", **queries.story_of(person)
    )


@grave()
@acts(Right.MANAGE_USERS)
def password(request: DeskRequest, pk: int) -> HttpResponse:
    """A one-time password for a user, shown once, in the answer."""
    made = give_new_password(get_object_or_404(User, pk=pk), by=request.user)
    return render(request, "staff/one_time_password.html", {"made": made, "sign_in_url": _sign_in_url(request)})


@shows(Right.SEE)
def sessions(request: DeskRequest) -> HttpResponse:
    """Where one is signed in: device, machine, last use."""
    shown = {"sessions": request.user.sessions.all(), "current": request.session.session_key}
    return render(request, "staff/sessions.html", shown)


@acts(Right.SEE)
def end_sessions(request: DeskRequest, pk: int = 0) -> HttpResponse:
    """End one of the own sessions, or all but this one."""
    rows = request.user.sessions.select_related("user")
    chosen = [get_object_or_404(rows, pk=pk)] if pk else list(rows.exclude(session_id=request.session.session_key))
    count = end(chosen, by=request.user)
    messages.success(request, ngettext("%(n)s session has ended.", "%(n)s sessions have ended.", count) % {"n": count})
    return redirect("staff:sessions")


@login_not_required
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """The exit: the session ends, and the browser forgets what it kept of the desk."""
    response: HttpResponseBase = account.logout(request)
    return at_exit(response) if request.method == "POST" else response


def _sign_in_url(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("account_login"))
