"""What of an e-mail is the message: HTML, quoted replies, signatures, greetings and sign-offs.

Works on text alone, without knowing who wrote it, so it errs on the side of keeping: a line goes
only where the lines around it show what it is.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from northloop.stages.data.wording import any_of

_TAG = re.compile(
    r"</?(?:html|head|body|div|p|br|span|a|b|i|u|em|strong|table|tbody|tr|td|th|ul|ol|li|font|blockquote"
    r"|h[1-6]|img|hr|style|script|meta|pre|code|center|small|title)\b[^<>]*>|<!--|<!DOCTYPE",
    re.I,
)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,5}|#x[0-9a-fA-F]{2,4});")
_DROPPED_TAGS = ["script", "style", "head", "title", "template"]
_BLOCK_TAGS = ("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr",
               "table", "ul", "ol", "pre")  # fmt: skip
_QUOTES = (
    ".gmail_quote", ".gmail_extra", ".yahoo_quoted", ".moz-cite-prefix", "#divRplyFwdMsg",
    "#appendonsend", "#OLK_SRC_BODY_SECTION", ".WordSection1 > div[style*='border-top']",
    "blockquote[type=cite]", "blockquote",
)  # fmt: skip
_SIGNATURES = (".gmail_signature", ".moz-signature", "#Signature", "#signature", ".signature",
               "[data-smartmail=gmail_signature]")  # fmt: skip

_QUOTE_HEADS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"^\s*on\b.{4,200}\bwrote\s*:?\s*$",
        r"^\s*am\b.{4,200}\bschrieb\b.{0,120}:\s*$",
        r"^\s*le\b.{4,200}\ba écrit\s*:\s*$",
        r"^\s*el\b.{4,200}\bescribió\s*:\s*$",
        r"^\s*il\b.{4,200}\bha scritto\s*:\s*$",
        r"^\s*op\b.{4,200}\bschreef\b.{0,120}:\s*$",
        r"^.{3,120}\s<[^<>@\s]+@[^<>\s]+>\s*wrote\s*:?\s*$",
        r"^\s*-{2,}\s*(?:original message|forwarded message|original appointment|forwarded by\b.*"
        r"|ursprüngliche nachricht|message d'origine|mensaje original|reply message)\s*-*\s*$",
        r"^\s*_{10,}\s*$",
        r"^\s*(?:##-|-+ ?)\s*please (?:type|write) your reply above this line.*$",
        r"^\s*\d{4}[-/]\d{1,2}[-/]\d{1,2}\b.{3,120}<[^<>@\s]+@[^<>\s]+>:?\s*$",
    )
)
_ON_WROTE_SPLIT = re.compile(r"^\s*(?:on|am|le|el)\b.{6,}$", re.I)
_WROTE_END = re.compile(r"(?:wrote|schrieb|a écrit|escribió)\s*:\s*$", re.I)
_MAILBOX_INTRODUCES = re.compile(
    r"^\s*\d[\d./-]+,? \d\d:\d\d.{3,120}<\s*[^<>@\s]+@[^<>\s]+\s*>.{0,20}:\s*$"
)
_HEADER_LINE = re.compile(
    r"^\s*\*?(?:from|to|cc|bcc|sent|date|subject|reply-to|von|an|gesendet|betreff|de|para|enviado|asunto"
    r"|objet|envoyé)\s*:\*?\s*\S.*$",
    re.I,
)
_FROM_LINE = re.compile(r"^\s*\*?(?:from|von|de)\s*:\*?\s*\S.*$", re.I)
_QUOTED = re.compile(r"^\s*(?:>|\|\s)")
_QUOTE_MARKS = re.compile(r"(?m)^[ \t]*(?:>[ \t]?)+")

_DELIMITER = re.compile(r"^\s*(?:--|—|__|-{2,}|_{3,}|={3,}|\*{3,}|~{3,})\s*$")
_DEVICE = re.compile(
    r"^\s*"
    + any_of(
        r"""
        (?:sent|posted|composed|written) (?:from|via|using|with) (?:my|the|a)\b.*
        | (?:sent|posted|composed|written) (?:from|via|using|with) (?:yahoo|outlook|mail|gmail)\b.*
        | (?:sent|posted|composed|written) (?:from|via|using|with) (?:samsung|proton|windows)\b.*
        | sent (?:from|via) (?:iphone|ipad|android|blackberry)\b.* | get outlook for .*
        | envoyé de mon .* | von meinem .* gesendet | enviado desde mi .* | gesendet von .*
        """
    )
    + "$",
    re.I,
)
_DISCLAIMER = re.compile(
    r"^\W*"
    + any_of(
        r"""
        this (?:e-?mail|message|communication)\b.{0,80}\b(?:confidential|intended|privileged)
        | (?:confidentiality|legal) (?:notice|disclaimer) | disclaimer\s*:
        | the information (?:contained )?in this (?:e-?mail|message) | unsubscribe\b
        | please consider the environment | think before you print | to unsubscribe
        | if you are not the intended recipient
        """
    ),
    re.I,
)
_FOR_WHAT = any_of("again|so much|very much|a lot|a million|in advance|for your [a-z]+")
_CLOSING_WORDS = any_of(
    rf"""
    (?:with[ ])?(?:(?:many|kind|kindest|best|warm|warmest|sincere|friendly)[ ])?(?:regards|wishes)
    | (?:(?:many|much|kind|with)[ ])?thanks(?:[ ]{_FOR_WHAT})? | thank you(?:[ ]{_FOR_WHAT})?
    | thx | ty | tia | cheers | sincerely(?:[ ]yours)? | yours(?:[ ](?:sincerely|faithfully|truly))?
    | best | all the best | warmly | cordially | respectfully | take care | with appreciation
    | your (?:pal|friend|loyal customer) | talk (?:to you[ ])?soon | speak soon | greetings | love
    | have a [a-z]+ (?:day|one|week|weekend|evening|afternoon)(?:[ ]ahead)? | ciao | br | rgds
    | mit freundlichen grüßen | mfg | (?:viele|liebe|beste) grüße | cordialement | bien à vous
    | saludos | un saludo | atentamente | cordiali saluti | grazie | met vriendelijke groet(?:en)?
    | happy (?:trails|hiking|camping|climbing)
    """
)
_CLOSING = re.compile(rf"^\W*{_CLOSING_WORDS}\W*$", re.I)
_CLOSING_NAME = re.compile(
    rf"^\W*{_CLOSING_WORDS}(?:\s+from)?\s*[,!.;:\-–—]+\s*"
    r"[^\W\d][\w.'’-]*(?:\s+[^\W\d][\w.'’&-]*){0,5}\W*$",
    re.I,
)
_NAME_LINE = re.compile(r"^\W*[^\W\d_][\w.'’-]*(?:\s+(?:[^\W\d_][\w.'’-]*|&|/|\(\w+\))){0,4}\W*$")
_CONTACT_LINE = re.compile(
    any_of(
        r"""
        \b(?:tel|phone|ph|fax|mobile|mob|cell|office|direct|work|home|e-?mail|web)\b\s*[.:#-]
        | \b(?:www|skype|twitter|x)\b\s*[.:#-] | https?:// | www\. | [\w.+-]+@[\w-]+\.\w+
        | \b(?:x|ext)[-.: ]?\d{3,6}\b | \+?\(?\d{2,4}\)?[-. /]?\d{3,4}[-. /]\d{3,4}
        | ^\W*(?:[A-Z]{2}[ ])?x?[-.]?\d?-?\d{4,5}\W*$ | \b[A-Z]{2}\s+\d{5}\b
        | \b(?:street|road|avenue|blvd|suite|floor|p\.?\s?o\.? box)\b
        """
    ),
    re.I,
)
_TITLE_LINE = re.compile(
    r"\b"
    + any_of(
        """
        manager | director | engineer | support | customer (?:care|service|success|support) | team
        | specialist | advisor | adviser | agent | representative | assistant | officer | head of
        | vice president | consultant | department | desk | recruiter | analyst | group | inc | llc
        | ltd | gmbh | corp | company | limited | plc
        """
    )
    + r"\b",
    re.I,
)
MAX_SIGNATURE_LINES = 12
MAX_SIGNATURE_LINE_CHARS = 80
MAX_CLOSING_CHARS = 200
"""`Best regards from all of us, Anna` is short; a longer line is no sign-off and is not read."""
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


def from_html(text: str) -> str:
    """Return HTML as plain text, quoted messages and marked signatures left out.

    Text without a known tag comes back as it is, entities decoded: `5 < 6` is not HTML.
    """
    if _TAG.search(text):
        text = _text_of(text)
    elif not _ENTITY.search(text):
        return text
    return _unescaped(text)


def without_quotes(text: str) -> str:
    """Return a message without the messages it quotes.

    Everything after a line that introduces a quotation goes, and so do lines that begin with `>`.
    If nothing but quotation is there (a message that was forwarded without a word), the quotation
    is the message and comes back without its marks.
    """
    start, lines = 0, text.split("\n")
    while True:
        cut = _quotation_start(lines, start)
        message = _unquoted(lines[start:cut])
        if message or cut == len(lines):
            return message or _QUOTE_MARKS.sub("", "\n".join(lines[start:])).strip()
        if not start:
            lines[cut + 1 :] = [x for x in lines[cut + 1 :] if not _HEADER_LINE.match(x)]
        start = cut + 1


def without_signature(text: str) -> str:
    """Return a message without its signature: sign-off, name, contact lines, device, disclaimer.

    The text comes back whole if it would be nothing without them.
    """
    lines = text.rstrip().split("\n")
    start = _signature_start(lines)
    message = "\n".join(lines[:start]).rstrip()
    return message or text.strip()


def without_sign_off(text: str) -> str:
    """Return a reply without a sign-off that stands on its last line, in the sentence's flow.

    `... within 5 days. Best, Anna from Larkfell` loses its last sentence, so that a model does not
    learn to sign as someone. To be used after `without_signature`.
    """
    head, last = _last_line(text)
    sentences = _SENTENCE_END.split(last)
    for count in range(1, min(3, len(sentences))):
        tail = " ".join(sentences[-count:])
        if _closes(tail) and not (_CLOSING.match(tail) and "thank" in tail.lower()):
            kept = last[: len(last) - len(_tail_of(last, count))].rstrip()
            return (head + kept).rstrip() or text
    return text


def _text_of(html: str) -> str:
    tree = LexborHTMLParser(html)
    tree.strip_tags(_DROPPED_TAGS)
    root = tree.body or tree.root
    if root is None:
        return html
    whole = root.text(separator="").strip()
    for selector in (*_QUOTES, *_SIGNATURES):
        for node in root.css(selector):
            if node.parent is not None:
                node.decompose()
    for tag in _BLOCK_TAGS:
        for node in root.css(tag):
            node.insert_before("\n")
            node.insert_after("\n")
    text = root.text(separator="")
    return text if text.strip() else whole


def _unescaped(text: str) -> str:
    return _ENTITY.sub(lambda m: _entity(m[0]), text)


def _entity(entity: str) -> str:
    node = LexborHTMLParser(entity).body
    return node.text() if node is not None else entity


def _unquoted(lines: list[str]) -> str:
    return "\n".join(line for line in lines if not _QUOTED.match(line)).strip()


def _quotation_start(lines: list[str], first: int) -> int:
    """Return the index, from `first` on, of the first line of a quotation that runs to the end."""
    for index in range(first, len(lines)):
        line = lines[index]
        if len(line) > 300:
            continue
        if any(head.match(line) for head in _QUOTE_HEADS):
            return index
        if _FROM_LINE.match(line) and _is_header_block(lines, index):
            return index
        following = lines[index + 1] if index + 1 < len(lines) else ""
        if len(following) < 120 and _wrote_over_two_lines(line, following):
            return index
    return len(lines)


def _wrote_over_two_lines(line: str, following: str) -> bool:
    """Whether `On <date>, <somebody>` / `wrote:` stands there, in whatever language."""
    if _ON_WROTE_SPLIT.match(line) and _WROTE_END.search(following):
        return True
    return ":" in following and _MAILBOX_INTRODUCES.match(f"{line} {following}") is not None


def _is_header_block(lines: list[str], index: int) -> bool:
    return sum(bool(_HEADER_LINE.match(line)) for line in lines[index : index + 5]) >= 2


def _signature_start(lines: list[str]) -> int:
    """Return the index of the first line of the signature, len(lines) if there is none."""
    end = len(lines)
    first = max(0, end - MAX_SIGNATURE_LINES)
    for index in range(first, end):
        line = lines[index]
        if _DEVICE.match(line) or _DISCLAIMER.match(line):
            end = index
            break
        if _DELIMITER.match(line) and index > 0 and _looks_signed(lines[index + 1 : end]):
            end = index
            break
    return _sign_off_start(_stripped(lines[:end]))


def _stripped(lines: list[str]) -> list[str]:
    while lines and (not lines[-1].strip() or _DELIMITER.match(lines[-1])):
        lines = lines[:-1]
    return lines


def _looks_signed(lines: list[str]) -> bool:
    """Whether the lines after a delimiter are short, as in a signature."""
    return all(len(line) <= MAX_SIGNATURE_LINE_CHARS for line in lines)


def _sign_off_start(lines: list[str]) -> int:
    """Walk up from the end over name, title and contact lines to the sign-off."""
    index = best = len(lines)
    contacts = 0
    while index > max(1, len(lines) - MAX_SIGNATURE_LINES):
        line = lines[index - 1].strip()
        if _closes(line):
            return _above(lines, index - 1)
        if line and not _signature_like(line):
            break
        index -= 1
        contacts += bool(_CONTACT_LINE.search(line))
        if _is_name(line) and (contacts or best < len(lines) or _stands_alone(lines, index)):
            best = index
    return best


def _closes(line: str) -> bool:
    """Whether a line is a sign-off, with a name behind it perhaps."""
    short = len(line) <= MAX_CLOSING_CHARS
    return short and bool(_CLOSING.match(line) or _CLOSING_NAME.match(line))


def _stands_alone(lines: list[str], index: int) -> bool:
    """Whether a line is set off from the text above: by an empty line, or as the very last word."""
    above = lines[index - 1].strip() if index else ""
    last = index == len(lines) - 1 and len(lines[index].split()) <= 2
    return not above or (last and above[-1] in ".?!")


def _above(lines: list[str], index: int) -> int:
    """Return the index of the first sign-off line: `Thanks!` may stand over `Best regards,`."""
    while index > 1:
        above = lines[index - 1].strip()
        if above and not (_closes(above) and _CLOSING.match(above)):
            break
        index -= 1
    return index


def _signature_like(line: str) -> bool:
    if _is_name(line):
        return True
    words = line.split()
    return (
        len(line) <= MAX_SIGNATURE_LINE_CHARS
        and len(words) <= 10
        and bool(_CONTACT_LINE.search(line) or (_TITLE_LINE.search(line) and line[-1] not in ".?!"))
    )


def _is_name(line: str) -> bool:
    words = line.strip(" ,.!-–—").split()
    return bool(
        len(line) <= MAX_SIGNATURE_LINE_CHARS
        and _NAME_LINE.match(line)
        and 1 <= len(words) <= 4
        and line[-1] not in "?!:"
        and all(w[0].isupper() or w in ("van", "de", "von", "der", "la", "and", "&") for w in words)
    )


def _last_line(text: str) -> tuple[str, str]:
    cut = text.rstrip().rfind("\n") + 1
    return text[:cut], text.rstrip()[cut:]


def _tail_of(line: str, sentences: int) -> str:
    borders = [m.end() for m in _SENTENCE_END.finditer(line)]
    return line[borders[-sentences] :]
