"""What a whole channel reads holds no private telephone number (requirements 2.5): three digits and four are left."""

import re

MOBILE = re.compile(r"(?<!\d)((?:\+?86[- ]?)?1[3-9]\d)[- ]?\d{4}[- ]?(\d{4})(?!\d)")
CHANNEL = "channel:"


def masked(text: str) -> str:
    """The text with its mobile numbers as 139****5678; whoever has the case reads them in their own card."""
    return MOBILE.sub(r"\1****\2", text)


def is_shared(address: str) -> bool:
    """Whether many read what is sent there."""
    return address.startswith(CHANNEL)
