"""Sample data for the page that shows every part; Czech, Lithuanian and long texts on purpose."""

from datetime import UTC, datetime
from typing import Any

from django import forms

from depesa.ui.parts import (
    Action,
    Attachment,
    Branch,
    Change,
    Entry,
    Figure,
    Ladder,
    Segment,
    Slip,
    Strip,
    Text,
    build_ladder,
)

NOON = datetime(2026, 6, 1, 10, 42, 7, tzinfo=UTC)
PROOFS: dict[str, tuple[datetime | None, Text]] = {
    "formed": (NOON.replace(hour=8, minute=2), "12 documents, 4 310,00 EUR"),
    "approved": (NOON.replace(hour=9, minute=15), "by Ada Vaitkutė"),
    "outbox": (NOON.replace(minute=41), "sealed, SHA-256 9f2c…41ab"),
    "accepted": (NOON, "250 2.0.0 queued as 4F1"),
    "delivered": (NOON.replace(minute=44), "DSN from mx1.vilnius.example: delivered"),
}


def show_ladder(steps: int, branch: Branch | None = None) -> Ladder:
    """A ladder proven as far as `steps`."""
    return build_ladder(dict(list(PROOFS.items())[:steps]), branch)


RETURNED = Branch("returned", "550 5.1.1 no such user, from mx2.kaunas.example", NOON.replace(hour=11))
UNCERTAIN = Branch("uncertain", "the connection broke after the final dot; nobody knows yet", NOON)
REFUSED = Branch("failed", "554 5.7.1 message refused by policy", NOON)
HELD = Branch("held", "no e-mail address")


def ladders() -> list[Ladder]:
    """Every way a ladder can stand."""
    straight = [show_ladder(steps) for steps in range(6)]
    return [
        *straight,
        show_ladder(4, RETURNED),
        show_ladder(3, UNCERTAIN),
        show_ladder(3, REFUSED),
        show_ladder(1, HELD),
    ]


def slips() -> list[Slip]:
    """A Lithuanian letter, and a Czech one with everything long."""
    acts = [
        Action("Open as sent", "#", "letter-open"),
        Action("Send again", "#", "send", "post"),
        Action("Why did this leave?", "#", "question"),
    ]
    return [
        Slip(
            to=["buhalterija@aukstaitijos-statyba.example"],
            subject="2026 m. gegužės mėn. sąskaitų sąrašas",
            first_line="Laba diena, siunčiame gegužės mėnesio pardavimo dokumentų "
            "sąrašą. Prašome patikrinti, ar visi dokumentai Jus pasiekė.",
            ladder=show_ladder(4),
            url="#",
            at=NOON,
            language="lt",
            attachments=[Attachment("saskaitu-sarasas-2026-05.pdf", "#", 48_211)],
            actions=acts,
        ),
        Slip(
            to=["fakturace.prijate.doklady@velkoobchod-severovychodni-cechy.example", "jednatel@velkoobchod.example"],
            subject="Příliš žluťoučký kůň úpěl ďábelské ódy: potvrzení "
            "objednávky č. 2026/000418 s dodáním na dvě místa",
            first_line="Vážený pane Novotný, děkujeme za Vaši objednávku. V příloze posíláme její "
            "potvrzení i zálohovou fakturu; zboží odešleme, "
            "jakmile bude platba připsána na náš účet.",
            ladder=show_ladder(3, UNCERTAIN),
            url="#",
            at=NOON,
            language="cs",
            attachments=[
                Attachment("potvrzeni-objednavky-2026-000418.pdf", "#", 81_920),
                Attachment("zalohova-faktura-20260131-velkoobchod-severovychodni-cechy.pdf", "#", 1_204_224),
            ],
            actions=acts,
        ),
    ]


def strip(is_alive: bool) -> Strip:
    """May of a wholesaler, while it leaves and afterwards."""
    counts = (214, 3, 806, 6, 4, 18) if is_alive else (0, 0, 1023, 6, 4, 18)
    words = [
        ("queued", "waiting", "calm"),
        ("leaving", "leaving", "busy"),
        ("accepted", "accepted", "good"),
        ("unknown", "uncertain", "doubt"),
        ("returned", "returned", "bad"),
        ("unposted", "without an address", "calm"),
    ]
    segments = [
        Segment(key, label, count, tone, f"?state={key}")
        for (key, label, tone), count in zip(words, counts, strict=True)
    ]
    title, ends_at = ("May 2026", NOON.replace(minute=58)) if is_alive else ("April 2026", None)
    return Strip(title, segments, is_alive, 9.4, ends_at)


def timeline() -> list[Entry]:
    """Letters, changes and a note of one case."""
    return [
        Entry(NOON, "sent a letter", "Ben", "by hand", "letter", "good", slip=slips()[0]),
        Entry(
            NOON.replace(hour=9),
            "changed the order",
            "Ben",
            "in bulk",
            "pencil",
            changes=[Change("State", "Payment pending", "Sent"), Change("Paid", "no", "yes")],
        ),
        Entry(
            NOON.replace(day=31, month=5),
            "wrote a note",
            "Ada Vaitkutė",
            icon="note",
            tone="doubt",
            note="The customer asked for two copies until the merger is done.",
        ),
        Entry(
            NOON.replace(day=31, month=5, hour=7),
            "letter came back",
            "",
            "postmaster",
            "returned",
            "bad",
            note="",
            changes=[Change("", "", "550 5.1.1 no such user")],
        ),
    ]


class SampleForm(forms.Form):
    """One field of each kind."""

    subject = forms.CharField(
        label="Subject",
        help_text="The customer reads it first; placeholders are allowed.",
        initial="2026 m. birželio mėn. sąskaitų sąrašas",
    )
    email = forms.EmailField(label="E-mail", help_text="Several addresses: separate them with a comma.")
    starts_on = forms.DateField(label="Planned start", widget=forms.DateInput(attrs={"type": "date"}))
    amount = forms.DecimalField(label="Amount", required=False)
    task = forms.ChoiceField(
        label="Task",
        choices=[
            ("form", "Form the list of customers to be sent a list of invoices"),
            ("send", "Send the list of invoices"),
        ],
    )
    text = forms.CharField(
        label="Letter text", widget=forms.Textarea, initial="Dobrý den,\n\nposíláme přehled dokladů za červen."
    )
    wants_copy = forms.BooleanField(
        label="Attach the machine-readable twin", required=False, help_text="A CSV file with the same rows."
    )
    language = forms.ChoiceField(
        label="Language",
        choices=[("cs", "Čeština"), ("lt", "Lietuvių"), ("en", "English")],
        widget=forms.RadioSelect,
        initial="lt",
    )
    logo = forms.FileField(label="Logo", required=False)


def operations() -> list[dict[str, Any]]:
    """Rows of the operations list."""
    names = [
        ("UAB „Aukštaitijos statyba ir prekyba“", "4 310,00", "posted", show_ladder(4)),
        (
            "Velkoobchod severovýchodní Čechy, spol. s r. o., odštěpný závod Rychnov nad Kněžnou",
            "128 940,50",
            "not_posted",
            show_ladder(1),
        ),
        ("UAB „Žuvėdra“", "−212,40", "posted", show_ladder(5)),
        ("Železářství U Ježka", "18 022,00", "corrected", show_ladder(3, UNCERTAIN)),
        ("MB Ąžuolas", "96,10", "late", show_ladder(1, HELD)),
        ("Pekárna U Lípy", "7 415,00", "posted", show_ladder(4, RETURNED)),
        ("UAB „Girios takas“", "1 050,00", "stale", show_ladder(3, REFUSED)),
    ]
    return [
        {
            "id": number,
            "customer": name,
            "amount": amount,
            "currency": "EUR",
            "state": state,
            "ladder": ladder,
            "on": NOON,
        }
        for number, (name, amount, state, ladder) in enumerate(names, start=1041)
    ]


def months() -> list[tuple[str, int]]:
    """Trade of a year."""
    names = ("7", "8", "9", "10", "11", "12", "1", "2", "3", "4", "5", "6")
    return list(zip(names, (42, 38, 51, 64, 88, 97, -12, 44, 49, 53, 131, 57), strict=True))


def words() -> dict[str, Any]:
    """Samples of the parts that are made of words alone."""
    return {
        "tabs": [
            {"label": "Description", "url": "#", "is_current": True},
            {"label": "Customer", "url": "#"},
            {"label": "Communication", "url": "#", "count": 14},
            {"label": "History", "url": "#", "count": 1208},
        ],
        "odd": [
            {"count": 2, "text": "customers have no e-mail address and stay not posted", "url": "#"},
            {"count": 14, "text": "sums differ by more than 40 % from last month", "url": "#"},
        ],
    }


STATES = [
    "not_posted",
    "posted",
    "corrected",
    "late",
    "stale",
    "queued",
    "leased",
    "accepted",
    "delivered",
    "unknown",
    "returned",
    "rejected",
    "held",
    "expired",
    "cancelled",
    "paid",
    "unpaid",
    "running",
    "finished",
    "blocked",
]


def frame() -> dict[str, Any]:
    """What the frame of a page is given."""
    navigation = [
        ("Start", "start"),
        ("Operations", "operations"),
        ("Documents", "documents"),
        ("Customers", "customers"),
        ("Letters", "letter"),
    ]
    return {
        "navigation": [
            {"name": name, "url": "#", "icon": icon, "is_current": name == "Operations"} for name, icon in navigation
        ],
        "navigation_below": [{"name": "Settings", "url": "#", "icon": "settings"}],
        "search_url": "#",
    }


def numbers() -> dict[str, Any]:
    """Plots, key figures and a progress."""
    return {
        "values": [value for _, value in months()],
        "labels": [label for label, _ in months()],
        "odd_months": [6, 10],
        "figures": [
            Figure("Letters", "1 051", "#"),
            Figure("Customers", "1 049"),
            Figure("Sum", "482 910,35 EUR", hint="and 91 204,00 CZK"),
            Figure("Uncertain", "6", "#", "needs a person", "doubt"),
            Figure("Returned", "4", "#", "needs a person", "bad"),
        ],
        "progress": {
            "id": "sending",
            "title": "Sending May 2026",
            "done": 806,
            "total": 1051,
            "rate": 9.4,
            "ends_at": NOON.replace(minute=58),
            "pause": Action("Pause", "#", "pause", "post"),
            "failures": [
                {"count": 4, "reason": "address does not exist", "url": "#"},
                {"count": 2, "reason": "mailbox is full", "url": "#"},
            ],
        },
    }


def wrong_form() -> SampleForm:
    """A form with something wrong in most fields."""
    return SampleForm(
        {
            "subject": "",
            "email": "cleo(at)sviesa",
            "starts_on": "31.6.2026",
            "task": "form",
            "text": "x",
            "language": "lt",
        }
    )


def everything() -> dict[str, Any]:
    """All samples under the names that the page uses."""
    return {
        **words(),
        **frame(),
        **numbers(),
        "ladders": ladders(),
        "slips": slips(),
        "alive": strip(True),
        "finished": strip(False),
        "timeline": timeline(),
        "operations": operations(),
        "months": months(),
        "form": SampleForm(),
        "wrong_form": wrong_form(),
        "next_step": Action("New operation", "#", "plus", is_primary=True),
        "post_action": Action("Post", "#", "stamp", "post", "p", is_primary=True),
        "states": STATES,
    }
