"""What documents bring to the apps below: documents, their types, series and books as records."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.core.records import Kind
from depesa.documents.models import Books, Document, DocumentType, NumberSeries
from depesa.history.contributions import Vocabulary

PLUG: Final[Plug] = (
    Kind(Document.record_kind, _("document"), "documents:document"),
    Kind(DocumentType.record_kind, _("document type")),
    Kind(NumberSeries.record_kind, _("number series")),
    Kind(Books.record_kind, _("books")),
    Vocabulary(
        app="documents",
        events={
            "documents.entered": (_("entered the document"), "plus"),
            "documents.changed": (_("changed the document"), "pencil"),
            "documents.posted": (_("posted the document"), "stamp"),
            "documents.taken-back": (_("took the posting back"), "undo"),
            "documents.removed": (_("removed the document"), "bin"),
            "documents.issued": (_("issued the document"), "stamp"),
            "documents.issued-again": (_("issued the document anew"), "refresh"),
            "documents.withdrawn": (_("deleted the document and gave its number back"), "bin"),
            "documents.type-added": (_("added the document type"), "plus"),
            "documents.type-changed": (_("changed the document type"), "pencil"),
            "documents.type-removed": (_("removed the document type"), "bin"),
            "documents.template-saved": (_("saved the template of the document"), "pencil"),
            "documents.series-saved": (_("saved the number series"), "list"),
            "documents.rates-taken": (_("took exchange rates"), "money"),
            "documents.books-closed": (_("set until when the books are closed"), "lock"),
            "documents.sales-imported": (_("imported sales documents"), "upload"),
        },
        labels={
            "currency": _("currency"),
            "documents": _("documents"),
            "gross": _("gross"),
            "number": _("number"),
            "revision": _("revision"),
        },
        former={"sales documents imported": "documents.sales-imported"},
    ),
)
