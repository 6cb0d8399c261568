"""The demo and other people's data."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from depesa.outbox.models import Channel
from depesa.staff.models import User


def test_the_demo_touches_no_data_but_its_own(company, ben):
    Channel.objects.update(is_default=False)
    with pytest.raises(CommandError, match="Other data than a demo's are here"):
        call_command("demo", "--exit")
    assert not Channel.objects.filter(is_default=True).exists()
    assert list(User.objects.values_list("username", flat=True)) == ["ben"]
    company.refresh_from_db()
    assert company.name == "Vaivorykštė UAB"
