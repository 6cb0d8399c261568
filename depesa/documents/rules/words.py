"""The fixed words of papers in English, Czech and Lithuanian.

They stand here and not in the catalogues of the pages, because the law prescribes some of them (the tax date, the
reverse charge, the name of a correcting document) and a paper must read the same in ten years.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

LANGUAGES: Final = ("en", "cs", "lt")

WORDS: Final[Mapping[str, tuple[str, str, str]]] = {
    "supplier": ("Supplier", "Dodavatel", "Pardavėjas"),
    "customer": ("Customer", "Odběratel", "Pirkėjas"),
    "delivery": ("Delivery address", "Dodací adresa", "Pristatymo adresas"),
    "company-code": ("Company code", "IČO", "Įmonės kodas"),
    "vat-code": ("VAT code", "DIČ", "PVM mokėtojo kodas"),
    "issued-on": ("Date of issue", "Datum vystavení", "Išrašymo data"),
    "tax-on": (
        "Date of taxable supply",
        "Datum uskutečnění zdanitelného plnění",
        "Prekių tiekimo ar paslaugų suteikimo data",
    ),
    "due-on": ("Due date", "Datum splatnosti", "Apmokėti iki"),
    "order": ("Order", "Objednávka", "Užsakymas"),
    "variable-symbol": ("Payment reference", "Variabilní symbol", "Mokėjimo nuoroda"),
    "payment": ("Payment", "Způsob platby", "Mokėjimo būdas"),
    "shipping": ("Shipping", "Doprava", "Pristatymas"),
    "related": ("Corrects invoice", "Opravuje doklad", "Tikslinama sąskaita faktūra"),
    "number-of-day": ("{number} of {day}", "{number} ze dne {day}", "{number}, {day}"),
    "text": ("Description", "Popis", "Pavadinimas"),
    "quantity": ("Quantity", "Množství", "Kiekis"),
    "price": ("Unit price", "Jedn. cena", "Vieneto kaina"),
    "price-with-vat": ("Unit price with VAT", "Jedn. cena s DPH", "Vieneto kaina su PVM"),
    "rate-short": ("VAT %", "DPH %", "PVM %"),
    "net": ("Net", "Bez DPH", "Be PVM"),
    "vat": ("VAT", "DPH", "PVM"),
    "gross": ("With VAT", "S DPH", "Su PVM"),
    "sum": ("Total", "Celkem", "Iš viso"),
    "summary": ("VAT summary", "Rekapitulace DPH", "PVM suvestinė"),
    "rate": ("VAT rate", "Sazba DPH", "PVM tarifas"),
    "base": ("Taxable amount", "Základ daně", "Apmokestinamoji vertė"),
    "home-vat": ("VAT in {currency}", "DPH v {currency}", "PVM {currency}"),
    "home-rate": ("rate {rate}", "kurz {rate}", "kursas {rate}"),
    "total": ("Total {currency}", "Celkem {currency}", "Iš viso {currency}"),
    "total-net": ("Total without VAT", "Celkem bez DPH", "Iš viso be PVM"),
    "rounding": ("Rounding", "Zaokrouhlení", "Apvalinimas"),
    "to-pay": ("To pay", "K úhradě", "Mokėti"),
    "to-return": ("To be returned", "K vrácení", "Grąžinti"),
    "paid": ("Paid", "Uhrazeno", "Apmokėta"),
    "paid-on": ("Paid on {day}", "Uhrazeno dne {day}", "Apmokėta {day}"),
    "pay": ("Payment details", "Platební údaje", "Mokėjimo duomenys"),
    "account": ("Bank account", "Číslo účtu", "Banko sąskaita"),
    "amount": ("Amount", "Částka", "Suma"),
    "qr": ("Scan to pay", "QR kód pro platbu", "QR kodas mokėti"),
    "qr-spd": ("QR Platba", "QR Platba", "QR Platba"),
    "qr-text": (
        "QR code for paying {amount} to the account {account}",
        "QR kód pro platbu {amount} na účet {account}",
        "QR kodas sumokėti {amount} į sąskaitą {account}",
    ),
    "note": ("Customer's note", "Poznámka zákazníka", "Pirkėjo pastaba"),
    "page": ("Page {page} of {pages}", "Strana {page} z {pages}", "{page} puslapis iš {pages}"),
    "phone": ("Phone", "Telefon", "Telefonas"),
    "email": ("E-mail", "E-mail", "El. paštas"),
}

# What the law asks a paper to say, by what it is about; who issues the paper chooses.
REMARKS: Final[Mapping[str, tuple[str, str, str]]] = {
    "tax-document": ("", "Daňový doklad", ""),
    "correcting-tax-document": ("", "Opravný daňový doklad", ""),
    "no-tax-document": (
        "This is not a tax document.",
        "Tento doklad není daňovým dokladem.",
        "Tai nėra PVM sąskaita faktūra.",
    ),
    "no-vat-payer": (
        "The supplier is not registered for VAT.",
        "Dodavatel není plátcem DPH.",
        "Pardavėjas nėra PVM mokėtojas.",
    ),
    "reverse-charge": (
        "Reverse charge: VAT is accounted for by the customer.",
        "Daň odvede zákazník (přenesení daňové povinnosti).",
        "Atvirkštinis apmokestinimas: PVM apskaičiuoja ir sumoka pirkėjas.",
    ),
    "intra-community": (
        "Intra-Community supply of goods, exempt from VAT.",
        "Dodání zboží do jiného členského státu, osvobozeno od daně (§ 64 zákona o DPH).",
        "Prekių tiekimas į kitą valstybę narę, taikomas 0 % PVM tarifas (PVMĮ 49 str.).",
    ),
    "export": (
        "Export of goods, exempt from VAT.",
        "Vývoz zboží, osvobozeno od daně (§ 66 zákona o DPH).",
        "Prekių eksportas, taikomas 0 % PVM tarifas (PVMĮ 41 str.).",
    ),
}


@lru_cache(maxsize=8)
def words(language: str) -> Mapping[str, str]:
    """The fixed words of papers in a language; English for one that is not ours."""
    place = place_of(language)
    return {name: texts[place] for name, texts in WORDS.items()}


def remark(code: str, language: str) -> str:
    """What the law asks to say, such as the reverse charge, in the language of the paper; may be empty."""
    return REMARKS[code][place_of(language)]


def place_of(language: str) -> int:
    """Where the language stands in each entry; English for one that is not ours."""
    code = language[:2]
    return LANGUAGES.index(code) if code in LANGUAGES else 0
