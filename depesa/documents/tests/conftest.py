from collections.abc import Iterator

import pytest

from depesa.pdf import Renderer


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    """One for all tests, because starting a process takes longer than printing ten statements."""
    with Renderer(processes=1, timeout=120, users_timeout=2, memory_bytes=1 << 29) as shared:
        yield shared
