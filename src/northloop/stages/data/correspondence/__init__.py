"""What of an e-mail is the message: HTML, banners, quotations, signatures, greetings, sign-offs."""

from northloop.stages.data.correspondence.armour import without_armour
from northloop.stages.data.correspondence.banners import without_banner
from northloop.stages.data.correspondence.greetings import without_greeting
from northloop.stages.data.correspondence.letterheads import without_letterhead
from northloop.stages.data.correspondence.lines import closes
from northloop.stages.data.correspondence.markup import from_html, nesting
from northloop.stages.data.correspondence.openings import only_opens, without_opening
from northloop.stages.data.correspondence.quotes import without_quotes
from northloop.stages.data.correspondence.signatures import without_sign_off, without_signature

__all__ = [
    "closes",
    "from_html",
    "nesting",
    "only_opens",
    "without_armour",
    "without_banner",
    "without_greeting",
    "without_letterhead",
    "without_opening",
    "without_quotes",
    "without_sign_off",
    "without_signature",
]
