"""The PDF engine of this process, shared by pages and background verbs."""

from functools import cache

from django.conf import settings

from depesa.pdf.renderer import Renderer


@cache
def press() -> Renderer:
    """The renderer of this process; its workers start with the first job and live as long as the process."""
    return Renderer(settings.DEPESA_RENDERERS)


def close_press() -> None:
    """End its workers, if any have started; the next job would start new ones."""
    if press.cache_info().currsize:
        press().close()
        press.cache_clear()
