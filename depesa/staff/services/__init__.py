"""The verbs of staff: users and what is done to them, sessions, attempts."""

from depesa.staff.services.users import (
    add_user,
    change_profile,
    change_user,
    choose_language,
    forget_sessions,
    give_new_password,
)
