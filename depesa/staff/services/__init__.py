"""The verbs of staff: users and what is done to them, who came in and left, sessions, attempts."""

from depesa.staff.services.door import note_entrance, note_exit, note_saved_list
from depesa.staff.services.sessions import begin, forget_sessions, go_on, is_proved, note_proof
from depesa.staff.services.users import (
    add_user,
    change_profile,
    change_user,
    choose_language,
    choose_password,
    give_new_password,
)
