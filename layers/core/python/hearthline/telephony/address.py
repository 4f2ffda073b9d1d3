"""Where an agent's sound may come by: a telephone number, or a SIP address (RFC 3261, section 19.1). Pure.

Numbers are held to the plan of callbacks. Of a SIP address only what a person has is taken: scheme, user, host by name,
port, transport; no headers, no escapes, nothing that a gateway or a log could read as something else.
"""

import re
from typing import Final, Literal

from hearthline.telephony.model import e164, mask_number, may_be_called

MAX_ADDRESS: Final = 255
"""Characters."""
_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
SIP: Final = re.compile(
    rf"(?P<scheme>sips?):(?P<user>[A-Za-z0-9._+-]{{1,64}})@(?P<host>({_LABEL}\.)+[a-z]([a-z0-9-]{{0,61}}[a-z0-9]))"
    r"(:(?P<port>[1-9][0-9]{0,4}))?(;transport=(udp|tcp|tls))?"
)
By = Literal["headset", "phone", "sip"]


def by_of(address: str) -> By:
    """What kind of address it is; '' is the headset."""
    if not address:
        return "headset"
    return "phone" if address.startswith("+") else "sip"


def agent_address(typed: str, ours: frozenset[str]) -> str:
    """The form in which the carrier dials what a person typed; '' for what it is not to dial."""
    text = typed.strip()
    if not text.lower().startswith(("sip:", "sips:")):
        number = e164(text)
        return number if may_be_called(number, ours) else ""
    scheme, _, rest = text.partition(":")
    user, at, host = rest.partition("@")
    address = f"{scheme.lower()}:{user}{at}{host.lower()}"
    found = SIP.fullmatch(address) if len(address) <= MAX_ADDRESS else None
    return address if found and int(found["port"] or 1) < 2**16 else ""


def mask_address(address: str) -> str:
    """What a screen shows of it: enough for its owner to know it again."""
    if by_of(address) != "sip":
        return mask_number(address)
    scheme, _, rest = address.partition(":")
    user, _, host = rest.partition("@")
    return f"{scheme}:{user[:1]}***@{host}"
