"""Templates from elsewhere: the placeholders of Latte ({$x}, {if $x}…{/if}) as ours, the unknown ones told by line."""

import re
from dataclasses import dataclass
from typing import Final

from depesa.core.reasons import gettext as _
from depesa.emails.placeholders import AnyContext, Kind, context_of, contexts
from depesa.emails.rules import nearest, position

_PIECE: Final = re.compile(
    r"\{\*"
    r"|\{!?\$(?P<name>[^{}|]*+)(?P<filters>(?:\|[^{}]*+)?+)\}"
    r"|\{(?P<tag>/?[a-z]+)(?P<rest>(?:\s[^{}]*+)?+)\}",
    re.DOTALL,
)
_NAME: Final = re.compile(r"\$?([A-Za-z_]\w*(?:(?:->|\.|\[')\w+(?:'\])?)*)")
_NEGATED: Final = re.compile(r"!\s*|not\s+|empty\(")
_LEFT_OUT: Final = ("foreach", "include", "var", "default", "link", "block", "switch", "capture", "for", "while")
_TAGS: Final = ("if", "ifset", "elseif", "elseifset", "else")

# What other shops call it, as one word: their names are written with _, -, -> or capitals.
KNOWN: Final = {
    "company.email": "systememail shopemail eshopemail",
    "company.name": "shopname eshopname sitename websitename companyname",
    "company.phone": "shopphone eshopphone companyphone",
    "company.website": "shopurl eshopurl siteurl website web baseurl",
    "company.address": "billingaddress companyaddress shopaddress",
    "customer.name": "customername username name fullname",
    "customer.email": "email customeremail useremail",
    "customer.code": "customercode customerid userid",
    "customer.salutation": "salutation greeting",
    "account.email": "login loginemail accountemail",
    "order.number": "ordernumber number orderid ordercode code",
    "order.placed_on": "orderdate date created orderdatetime confirmationtime",
    "order.state": "status orderstatus state orderstate",
    "order.total": "total ordertotal price totalprice pricetotal",
    "order.net": "totalwithoutvat pricewithoutvat",
    "order.table": "products items ordercontent orderitems orderproducts",
    "order.shipping": "shipping delivery deliveryservice transport shippingname shippingmethod",
    "order.payment": "payment paymentname paymentmethod billingmethod",
    "order.payment_is_transfer": "istransfer isbanktransfer banktransfer",
    "order.variable_symbol": "variablesymbol varsymbol vs",
    "order.bank_account": "bankaccount accountnumber account iban",
    "order.due_on": "duedate due expiration",
    "order.note": "note customernote customernotes ordernote",
    "order.tracking_link": "trackingurl trackinglink packageurl trackurl",
    "order.link": "orderurl orderlink orderdetailurl detailurl",
    "order.billing_address": "invoiceaddress customerbillingaddress",
    "order.delivery_address": "deliveryaddress shippingaddress",
    "documents.invoice.number": "invoicenumber invoiceid",
    "link": "link url activationlink activationurl confirmlink confirmurl passwordlink reseturl",
    "valid_until": "validuntil expires",
    "subscriber.email": "email subscriberemail",
    "message.text": "message text question",
    "message.name": "name sendername",
    "message.email": "email senderemail",
    "message.reply": "reply answer",
    "greeting": "salutation greeting",
}


@dataclass(frozen=True, slots=True)
class Note:
    """Something that could not be taken over: where it stands in the pasted template, and what about it."""

    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class Converted:
    """The template with our placeholders, and what a person still has to do."""

    source: str
    notes: tuple[Note, ...]
    count: int = 0


def convert(source: str, context: str) -> Converted:
    """Take a Latte template over. What is not known stays as it was typed and is noted with its line."""
    occasion, typed = context_of(context), source.replace("\r\n", "\n")
    names, notes, parts, at, count = _names(occasion), list[Note](), list[str](), 0, 0
    last = typed.rfind("*}")
    for found in _PIECE.finditer(typed):
        if found.start() < at or (found[0] == "{*" and found.end() > last):
            continue
        parts.append(typed[at : found.start()])
        at = typed.index("*}", found.end()) + 2 if found[0] == "{*" else found.end()
        ours, problem = _taken_over(found, names)
        count += ours is not None
        parts.append(found[0] if ours is None else ours)
        if problem:
            notes.append(Note(*position(typed, found.start()), problem))
    return Converted("".join([*parts, typed[at:]]), tuple(notes), count)


def _names(context: AnyContext) -> dict[str, str]:
    """Our name for each word of others that means something here; our own names are known, too."""
    found = {_bare_name(name): name for name in context.by_name}
    for ours, others in KNOWN.items():
        if ours in context.by_name:
            found |= {other: ours for other in others.split() if other not in found}
    return found


def _bare_name(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _taken_over(found: re.Match[str], names: dict[str, str]) -> tuple[str | None, str]:
    """What stands instead, or nothing; and what is to be told about it."""
    if found[0].startswith("{*"):
        return "", ""
    if found["name"] is not None:
        ours = names.get(_bare_name(found["name"]))
        if ours is None:
            return None, _unknown(found["name"], names)
        lost = _("The filter “%(filter)s” was left out.") % {"filter": found["filters"]} if found["filters"] else ""
        return f"{{{{ {ours} }}}}", lost
    return _tag(found["tag"], found["rest"].strip(), names)


def _tag(tag: str, rest: str, names: dict[str, str]) -> tuple[str | None, str]:
    if tag in ("/if", "/ifset"):
        return "{% endif %}", ""
    if tag == "else":
        return "{% else %}", ""
    if tag not in _TAGS:
        is_tag = tag.lstrip("/") in _LEFT_OUT
        return None, _("“{%(tag)s}” is not taken over. Write it anew.") % {"tag": tag} if is_tag else ""
    if "&&" in rest and "||" in rest:
        return None, _("The condition “%(what)s” is not taken over. Write it anew.") % {"what": rest}
    conditions = [_condition(part, names) for part in re.split(r"&&|\|\|", rest)]
    if unknown := next((problem for ours, problem in conditions if problem), ""):
        return None, unknown
    joints = [" and " if joint == "&&" else " or " for joint in re.findall(r"&&|\|\|", rest)]
    written = "".join(ours + joint for (ours, _no), joint in zip(conditions, [*joints, ""], strict=True))
    return f"{{% {'elsif' if tag.startswith('else') else 'if'} {written} %}}", ""


def _condition(part: str, names: dict[str, str]) -> tuple[str, str]:
    """One condition as ours; only "is there" and "is not there" are taken over."""
    bare = _NEGATED.sub("", part.strip()).rstrip(")").strip()
    found = _NAME.fullmatch(bare)
    if found is None:
        return "", _("The condition “%(what)s” is not taken over. Write it anew.") % {"what": part}
    ours = names.get(_bare_name(found[1]))
    if ours is None:
        return "", _unknown(found[1], names)
    # Not there, or there and no.
    return (f"{ours} != true" if _is_yes_no(ours) else f"{ours} == nil") if _NEGATED.match(part.strip()) else ours, ""


def _is_yes_no(name: str) -> bool:
    return any(name in each.by_name and each.by_name[name].kind is Kind.YES_NO for each in contexts())


def _unknown(name: str, names: dict[str, str]) -> str:
    meant = nearest(_bare_name(name), names)
    question = " " + _("Did you mean “%(meant)s”?") % {"meant": names[meant]} if meant else ""
    return _("“$%(name)s” is not known here.") % {"name": name.strip()} + question
