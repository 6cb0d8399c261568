"""German as somebody would add it: a language that the tests speak for a while and nobody ships."""

from depesa.core.languages import NO_BREAK, Language

GERMAN = Language(
    code="de",
    name="Deutsch",
    label="German",
    locale="de",
    percent=f"{NO_BREAK}%",
    day="d. MMMM y",
    greeting="Guten Tag",
    address="Guten Tag, {name}",
    counts={"documents": {"one": "Beleg", "other": "Belege"}},
    words={
        "order": {"customer": "Kunde", "issued-on": "Ausstellungsdatum", "total": "Gesamt {currency}"},
        "remarks": {"reverse-charge": "Steuerschuldnerschaft des Leistungsempfängers."},
        "statement": {"title": "Verkaufsbelege für {period}", "invoice": "Rechnung", "file": "Belege"},
    },
    formats={"SHORT_DATE_FORMAT": "d.m.Y"},
)
CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Settings"
msgstr "Einstellungen"

msgid "Cart"
msgstr "Warenkorb"
"""
