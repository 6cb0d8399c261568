"""A PDF here is bytes that were rendered once from a template and data, archivable and accessible by default.

The renderer keeps Typst warm in processes of its own; they may hang, run out of memory or be killed.
It stores nothing and numbers nothing. A template formats no amount and translates no word: data arrive ready to print.
"""

from depesa.pdf.jobs import Attachment, Job, Rendered, RenderError, RendersJobs
from depesa.pdf.logo import Logo, LogoError
from depesa.pdf.pictures import count_pages, page_picture, page_pictures, pages_in
from depesa.pdf.renderer import Renderer
from depesa.pdf.rows import keep_each, render_rows
from depesa.pdf.shared import Memory, close_shared_renderer, shared_renderer
from depesa.pdf.trials import Preview, Problem, preview_of, problem_of
