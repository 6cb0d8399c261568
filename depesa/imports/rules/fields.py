"""What a sales file can tell about a document, and what its columns are called in three languages."""

import re
from dataclasses import dataclass

from depesa.core.texts import fold
from depesa.imports.rules.refusals import gettext_noop

INVOICE, WAYBILL, RETURN, CREDIT_NOTE = "invoice", "waybill", "return", "credit-note"
KINDS = (INVOICE, WAYBILL, RETURN, CREDIT_NOTE)
REVERSALS = frozenset({RETURN, CREDIT_NOTE})


@dataclass(frozen=True)
class Field:
    "One thing a column can hold; `names` are headers that mean it (without case, accents and"

    " signs)."

    name: str
    label: str
    names: str

    @property
    def headers(self) -> frozenset[str]:
        """The headers that mean this field, in the form `fold` gives."""
        return frozenset(self.names.split())


FIELDS = (
    Field(
        "type",
        gettext_noop("type"),
        "type documenttype doctype kind typ typdokladu druh tipas dokumentotipas rusis",
    ),
    Field(
        "number",
        gettext_noop("number"),
        "number invoiceno invoicenumber invoice documentnumber documentno docno no cislo"
        " cislodokladu cislofaktury"
        " faktura doklad numeris dokumentonumeris dokumentonr saskaitosnumeris saskaitosnr saskaita nr",
    ),
    Field(
        "date",
        gettext_noop("date"),
        "date invoicedate documentdate docdate issued issuedon issuedate datum datumvystaveni"
        " vystaveno datumdokladu"
        " data dokumentodata saskaitosdata israsymodata",
    ),
    Field(
        "customer_code",
        gettext_noop("customer code"),
        "customercode customerid customer customerno customernumber clientcode kodzakaznika"
        " zakaznik cislozakaznika"
        " kododberatele odberatel klientokodas klientas pirkejokodas pirkejas kodas",
    ),
    Field(
        "customer_name",
        gettext_noop("customer name"),
        "customername name company clientname jmenozakaznika nazevzakaznika jmeno nazev firma"
        " nazevodberatele"
        " klientopavadinimas pirkejopavadinimas pavadinimas klientovardas imone",
    ),
    Field(
        "email",
        gettext_noop("e-mail"),
        "email emailaddress mail customeremail emailzakaznika elpastas epastas pastas klientoelpastas",
    ),
    Field("language", gettext_noop("language"), "language lang locale jazyk kalba"),
    Field("country", gettext_noop("country"), "country countrycode zeme stat kodzeme salis valstybe saliskodas"),
    Field("currency", gettext_noop("currency"), "currency currencycode mena kodmeny valiuta valiutoskodas"),
    Field(
        "item_code",
        gettext_noop("item code"),
        "itemcode stockcode sku productcode kodzbozi kodproduktu kodpolozky prekeskodas",
    ),
    Field(
        "description",
        gettext_noop("description"),
        "description item product itemname productname text popis polozka zbozi nazevzbozi"
        " nazevpolozky aprasymas preke"
        " prekespavadinimas",
    ),
    Field(
        "quantity",
        gettext_noop("quantity"),
        "quantity qty pieces mnozstvi pocet pocetkusu kusu ks kiekis vnt",
    ),
    Field(
        "unit_price",
        gettext_noop("unit price"),
        "unitprice price netprice pricenet cena jednotkovacena cenazakus cenabezdph"
        " cenazajednotku kaina vienetokaina"
        " kainabepvm",
    ),
    Field(
        "net",
        gettext_noop("net"),
        "net netamount amountnet subtotal zaklad zakladdane bezdph castkabezdph celkembezdph sumabepvm bepvm neto",
    ),
    Field(
        "vat_rate",
        gettext_noop("VAT rate"),
        "vatrate vatpercent taxrate vat% sazbadph sazba dph% pvmtarifas pvm% pvmprocentas tarifas",
    ),
    Field("vat", gettext_noop("VAT"), "vat vatamount tax taxamount dph castkadph dan pvm pvmsuma"),
    Field(
        "gross",
        gettext_noop("gross"),
        "gross grossamount amountgross amount sdph castkasdph celkemsdph castka sumasupvm supvm bruto suma",
    ),
    Field(
        "total",
        gettext_noop("document total"),
        "total documenttotal invoicetotal grandtotal celkem celkemdoklad kuhrade isviso viso apmoketi",
    ),
)
BY_NAME = {field.name: field for field in FIELDS}
LABELS = {field.name: field.label for field in FIELDS}

TYPE_WORDS = {
    INVOICE: "invoice faktura danovydoklad saskaita pvmsaskaitafaktura saskaitafaktura pvmsaskaita inv",
    WAYBILL: "waybill deliverynote dodacilist vaztarastis krovinio wb",
    RETURN: "return vratka vraceni grazinimas grazinta ret",
    CREDIT_NOTE: "creditnote credit dobropis opravnydanovydoklad kreditinesaskaita kreditine cn"
    " kreditinesaskaitafaktura kreditinepvmsaskaitafaktura",
}


def bare(text: str) -> str:
    """A header or a word without case, accents, blanks and signs: "Číslo dokladu" is "cislodokladu"."""
    return re.sub(r"[^a-z0-9%]", "", fold(text))


def guess_columns(header: tuple[str, ...]) -> dict[str, str]:
    "Field to column for every header whose meaning is known; each column once, fields in"
    " their order."
    folded = {column: bare(column) for column in header}
    guessed: dict[str, str] = {}
    for field in FIELDS:
        for column, name in folded.items():
            if name in field.headers and column not in guessed.values():
                guessed[field.name] = column
                break
    return guessed


def read_kind(text: str) -> str | None:
    """The kind of document a word of the type column means, None where it is unknown."""
    word = bare(text)
    if not word:
        return None
    return next((kind for kind, words in TYPE_WORDS.items() if word == bare(kind) or word in words.split()), None)
