"""A PDF here is bytes that were rendered once from a template and data, archivable and accessible by default.

The renderer keeps Typst warm in processes of its own; they may hang, run out of memory or be killed.
It stores nothing and numbers nothing. A template formats no amount and translates no word: data arrive ready to print.
"""

from depesa.documents.pdf.inspection import active_content
from depesa.documents.pdf.jobs import Attachment, Job, Rendered, RenderError, RendererUnavailableError
from depesa.documents.pdf.logo import Logo, LogoError
from depesa.documents.pdf.orders import builtin_source, data_of, order_job
from depesa.documents.pdf.pictures import count_pages, page_picture, page_pictures, page_texts, pages_in
from depesa.documents.pdf.press import close_press, press
from depesa.documents.pdf.renderer import Renderer
from depesa.documents.pdf.sheet import CurrencyTotal, Figures, Revision, SheetRow, StatementSheet

__all__ = [
    "Attachment",
    "CurrencyTotal",
    "Figures",
    "Job",
    "Logo",
    "LogoError",
    "RenderError",
    "Rendered",
    "Renderer",
    "RendererUnavailableError",
    "Revision",
    "SheetRow",
    "StatementSheet",
    "active_content",
    "builtin_source",
    "close_press",
    "count_pages",
    "data_of",
    "order_job",
    "page_picture",
    "page_pictures",
    "page_texts",
    "pages_in",
    "press",
]
