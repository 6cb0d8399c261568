"""Whom an answer of a mail server is about: the address, the letter, or us; by its enhanced code and its words.

Codes: RFC 3463 and the IANA list of enhanced codes. Words: those of Postfix, Exim, Sendmail, Exchange, Gmail, Amazon
SES and others; the answers that decided are in the tests.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete answer of the server: code, enhanced code (RFC 3463) or "", text."""

    code: int
    enhanced: str = ""
    text: str = ""


class About(Enum):
    """What a refusal says no to."""

    ADDRESS = "address"
    LETTER = "letter"
    US = "us"  # our address, sign-in, computer, reputation or quota
    UNSAID = "unsaid"


def _phrases(text: str) -> re.Pattern[str]:
    return re.compile("|".join(text.split("\n")[1:-1]).replace(" ", r"[\s_-]+"), re.IGNORECASE)


GREYLIST_WORDS: Final = re.compile(r"gr[ae]y.?list", re.IGNORECASE)
_RATE: Final = _phrases(r"""
too many (?:messages|mails|e?mails|connections|concurrent|recipients|sessions|requests)
rate.?limit
throttl
too (?:fast|quickly)
slow down
unusual rate
""")
_LIMIT: Final = re.compile(r"too many|limit (?:exceeded|reached)|exceeded .{0,40}(?:limit|quota)", re.IGNORECASE)
_OF_US: Final = _phrases(r"""
relay(?:ing)? (?:access )?(?:is )?(?:denied|not (?:permitted|allowed)|prohibited|refused|limit)
(?:unable|not (?:allowed|permitted|authori[sz]ed)) to relay
(?:do|does|will) not relay
sender (?:e?mail )?(?:address )?(?:is )?(?:rejected|denied|refused|blocked|not (?:allowed|verified|authori[sz]ed))
sender verify failed
bad outbound sender
not owned by (?:user|auth)
(?:not (?:allowed|permitted|authori[sz]ed)|permissions?) to send
not authori[sz]ed to (?:use|send)
send.?as.?denied
address is not verified
(?:sending|hourly|daily|monthly|outgoing|outbound|messaging)\b.{0,30}(?:limit|quota)s?\b
credits exceeded
spamhaus|spamcop|barracuda|sorbs|abuseat
(?:block|black|deny).?list
blocked using
dnsbl|rbl
client host
(?:your|sending|sender'?s?|source|this|connecting) (?:ip|host|server|network|mail server|domain|account|message rate)
\bip\b.{0,20}(?:blocked|banned|reputation|denied|rejected|refused)
reputation
reverse dns|\bptr\b|rdns
helo
\b(?:spf|dkim|dmarc)\b
auth(?:entication)? (?:is )?(?:required|needed)
not authenticated|authenticate first|unauthenticated
""")
_OF_THE_ADDRESS: Final = _phrases(r"""
(?:user|recipient|address|account|inbox|customer|subscriber|person).{0,40}(?:unknown|not found|not exist|invalid)
(?:unknown|invalid|no such|not a valid|bad) (?:local )?(?:user|recipient|address|account|person|domain|destination)
(?:user|recipient|mailbox|account|inbox|customer).{0,60}(?:full|quota|disabled|inactive|suspended|unavailable|limit|storage)
(?:recipient|destination)(?: address)? (?:is )?(?:rejected|refused|denied)
recipient address
mailbox
(?:doesn.t|does not|do not) (?:exist|have an?)
over.?quota|quota exceeded|disk quota|storage
undeliverable address|unrout(?:e)?able
is receiving mail
""")
_NAMES: Final = re.compile(r"<[^<>]*>|[^\s<>()\[\]:;,\"]+@[^\s<>()\[\]:;,\"]+|https?://\S+")
# 1.7 and 1.8: the sender's address; 1.90, 4.5: our quota (Exchange, Gmail); 7.20 to 7.27: SPF, DKIM, reverse DNS (RFC
# 7372, RFC 7505); 7.3, 7.8, 7.57: sign-in; 7.54, 7.64: relaying; 7.60: the sender; 7.232 and three figures: Exchange.
_US: Final = re.compile(r"[45]\.(?:1\.(?:7|8|90)|4\.5|7\.(?:3|8|2[0-7]|54|57|60|64|23[2-6]|5[01]\d|6[0-5]\d|7[0-5]\d))")
# x.4.z beside congestion is about the way to the address; 7.2, 7.13, 7.17, 7.18 and Exchange's 7.1zz about its owner.
_ADDRESS: Final = re.compile(r"[45]\.(?:[12]\.\d+|4\.[1-9]\d*|7\.(?:2|13|17|18|1[23]\d))")
_SURELY_THE_ADDRESS: Final = re.compile(r"[45]\.(?:1\.(?:[1-6]|10)|2\.[1-4])")
_LETTER: Final = re.compile(r"[45]\.(?:3\.4|6\.\d+)")
_SERVER: Final = re.compile(r"[45]\.(?:[357]\.\d+|4\.5)")


def about(reply: Reply, *, at_recipient: bool = False) -> About:
    """Say what the refusal is about; words of its own count more than a general code, addresses in it do not count."""
    said, code = _NAMES.sub(" ", reply.text), reply.enhanced
    if _US.fullmatch(code) or _OF_US.search(said):
        return About.US
    if _SURELY_THE_ADDRESS.fullmatch(code) or _OF_THE_ADDRESS.search(said) or _ADDRESS.fullmatch(code):
        return About.ADDRESS
    if _LETTER.fullmatch(code):
        return About.LETTER
    # RFC 5321 4.2.3: without a word of their own these say something about the mailbox, when they answer RCPT.
    is_bare = not code and not said.strip()
    if at_recipient and (reply.code in (551, 552) or (is_bare and reply.code in (501, 550, 553))):
        return About.ADDRESS
    return About.UNSAID


def is_rate_limit(reply: Reply, *, at_recipient: bool = False) -> bool:
    """Say whether the server asks us to slow down; a full or busy mailbox does not, nor a limit of who knows what."""
    whom = about(reply)
    if whom is About.ADDRESS:
        return False
    if reply.code == 432 or _RATE.search(reply.text):
        return True
    is_ours = not at_recipient or whom is About.US or _SERVER.fullmatch(reply.enhanced) is not None
    return is_ours and _LIMIT.search(reply.text) is not None
