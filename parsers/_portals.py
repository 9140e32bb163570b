"""Mail that only a portal opens: the message is a wrapper or a notice, its words lie elsewhere.

Known by the names that the products give their wrappers, and by a notice that links to the portal.
A reply that quotes such a notice is a message of its own and is not taken for one.
"""

from __future__ import annotations

import re

PORTAL = (
    "The message's own words open only on a secure mail portal and are not in evidence. A copy \
that its recipient opened and saved would help."
)

# Cisco Secure Email, Proofpoint, Microsoft Purview, Egress, Trend Micro, Totemo, Zix.
_WRAPPER = re.compile(
    r"(?:securedoc[_\d][\w.-]{0,60}\.html?|securemessageatt\.html?|message_v\d\.rpmsg"
    r"|[^/\\]{1,200}\.switch|encrypted_message\.html?|securemail\.html?|zixencrypted\.html?)\Z",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:switch\.egress\.com|\begress\.com/(?:view|read|open)|mimecast\.com/[^\s]{0,80}secure"
    r"|securemsg[\w.-]{0,40}\.mimecast|zixmessagecenter\.com|zixmail\.net"
    r"|encrypt\.barracudanetworks\.com|office365\.com/encryption|office\.com/encryption"
    r"|securemail\.[\w.-]{1,60}proofpoint|pphosted\.com/[^\s]{0,80}securereader)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\b(?:secure|encrypted|protected) (?:e-?mail|message)", re.IGNORECASE)
_QUOTED = re.compile(r"^(?:>|On .{5,200}wrote:|-{2,} ?Original Message|From: )", re.MULTILINE)
_LONGEST = 4_000  # characters: a notice is short


def is_wrapper(name: str) -> bool:
    """Whether an attachment is a product's wrapper around the message, by its name."""
    return _WRAPPER.match(name.strip()) is not None


def is_notice(text: str) -> bool:
    """Whether a text only says where a secure message can be read."""
    if len(text) > _LONGEST or _LINK.search(text) is None:
        return False
    return _WORDS.search(text) is not None and _QUOTED.search(text) is None
