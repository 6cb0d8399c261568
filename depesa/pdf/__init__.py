"""A PDF here is bytes that were rendered once from a template and data, archivable and accessible by default.

The renderer keeps Typst warm in processes of its own; they may hang, run out of memory or be killed.
It stores nothing and numbers nothing. A template formats no amount and translates no word: data arrive ready to print.
"""

from depesa.pdf.inspection import active_content
from depesa.pdf.jobs import Attachment, Job, Rendered, RenderError, RendererUnavailableError
from depesa.pdf.logo import Logo, LogoError
from depesa.pdf.pictures import count_pages, page_picture, page_pictures, page_texts, pages_in
from depesa.pdf.press import Memory, close_press, press
from depesa.pdf.renderer import Renderer

__all__ = [
    "Attachment",
    "Job",
    "Logo",
    "LogoError",
    "Memory",
    "RenderError",
    "Rendered",
    "Renderer",
    "RendererUnavailableError",
    "active_content",
    "close_press",
    "count_pages",
    "page_picture",
    "page_pictures",
    "page_texts",
    "pages_in",
    "press",
]
