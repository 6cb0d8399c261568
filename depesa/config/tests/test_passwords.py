"""Passwords: few hashes at a time, in little memory, and none that anybody would guess."""

import os
import subprocess
import sys
import threading
import time

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from depesa.config.passwords import AT_ONCE, BoundedArgon2


@pytest.fixture
def real_hashers(settings):
    settings.PASSWORD_HASHERS = ["depesa.config.passwords.BoundedArgon2"]


def test_a_hash_takes_19_mib_and_is_argon2id(real_hashers):
    assert make_password("correct horse").startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password("correct horse", make_password("correct horse"))


def test_a_hash_of_more_memory_still_opens_and_is_made_anew(real_hashers):
    old, kept = Argon2PasswordHasher().encode("correct horse", "somesaltsomesalt"), []
    assert check_password("correct horse", old, setter=kept.append)
    assert kept == ["correct horse"]


def test_two_at_a_time_are_hashed_however_many_sign_in(real_hashers, monkeypatch):
    now, most, lock = 0, 0, threading.Lock()

    def slow(_self, _password, _encoded):
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.01)
        with lock:
            now -= 1
        return True

    monkeypatch.setattr(Argon2PasswordHasher, "verify", slow)
    hasher = BoundedArgon2()
    threads = [threading.Thread(target=hasher.verify, args=("x", "y")) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == AT_ONCE


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password",
    [
        "123456789012",
        "abcdefghijkl",
        "qwertzuiopas",
        "aaaaaaaaaaaa",
        "abababababab",
        "            ",
        "depesadepesa",
        "Vaivorykštė1",
        "vaivoryksteuab",
        "adaadaadaada",
        "password1234",
        "Depesa2026!",
        "vaivoryksteuab2011",
    ],
)
def test_what_anybody_would_guess_is_refused(company, ada, password):
    with pytest.raises(ValidationError):
        validate_password(password, ada)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password", ["correct horse battery", "tři zelené stolky", "Kv7!pq0-zzT4", "ŽluťoučkýKůň9!", "38104759265012847365"]
)
def test_a_good_one_is_taken(company, ada, password):
    validate_password(password, ada)


def test_fifty_sign_ins_at_once_take_little_memory():
    """Measured in a process of its own: what it held at the most, against what one hash took."""
    script = (
        "import resource, threading, django; django.setup()\n"
        "from depesa.config.passwords import BoundedArgon2; hasher = BoundedArgon2()\n"
        "known = hasher.encode('x y z', 'somesaltsomesalt')\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "threads = [threading.Thread(target=hasher.verify, args=('x y z', known)) for _ in range(50)]\n"
        "[thread.start() for thread in threads]; [thread.join() for thread in threads]\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "depesa.config.settings"}
    added = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True).stdout
    assert int(added) / 1024 < 100, "MiB"
