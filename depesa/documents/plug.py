"""What documents bring to the apps below: documents, their types, series and books as records."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.core.records import Kind
from depesa.documents.models import Books, Document, DocumentType, NumberSeries

PLUG: Final[Plug] = (
    Kind(Document.record_kind, _("document"), "documents:document"),
    Kind(DocumentType.record_kind, _("document type")),
    Kind(NumberSeries.record_kind, _("number series")),
    Kind(Books.record_kind, _("books")),
)
