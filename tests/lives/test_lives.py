"""A few steps of each life in every run, always the same ones; `make lives` takes many at random."""

import pytest

from tests.lives.documents import DocumentLife
from tests.lives.orders import OrderLife
from tests.lives.stage import live

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.mark.parametrize("life", [OrderLife, DocumentLife])
def test_it_lives_as_the_model_says(life):
    live(life)
