"""Internet addresses of the outside world, IPv4 and IPv6.

A public address leads to a household or a person, so it is sensitive. Private, loopback and
link-local addresses (`10.0.0.7`, `127.0.0.1`, `fe80::1`; RFC 1918, RFC 4193), network masks and the
like are the same in a million networks and say nothing to anybody outside: they stay, as
configurations and logs are unreadable without them. Addresses kept for documentation
(`203.0.113.7`, `2001:db8::1`) are written where a public one is meant and count as public.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network

from northloop.core.patterns import lazy
from northloop.stages.data.sensitive.spans import Sensitive, Span

_V4 = lazy(r"(?<![\w.])(?<!\w-)(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d|-[^\W\d])")
_V6 = lazy(
    r"(?<![\w.])(?:[0-9a-f]{0,4}:){2,7}(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{1,4})?(?!\w|:\w)", re.I
)
_DOCUMENTATION = tuple(map(IPv4Network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")))
_DOCUMENTATION_V6 = (IPv6Network("2001:db8::/32"), IPv6Network("3fff::/20"))
_RESOLVERS = frozenset(map(IPv4Address, (
    "8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "149.112.112.112", "208.67.222.222",
    "208.67.220.220", "4.2.2.1", "4.2.2.2")))  # fmt: skip
"""Name servers open to everybody, in the configurations of half the world."""
_UNICAST_V6 = IPv6Network("2000::/3")
_OF_A_TEXT = (
    r"(?:versions?|ver|v|release[ds]?|rel|build|firmware|software|driver|patch|revision|rev|update[ds]?"
    r"|upgrade[ds]?|sections?|sec|chapter|clause|article|paragraph|para|annex|appendix|item|step"
    r"|figure|table|rule|kapitel|abschnitt|§+)"
)
_VERSION_AT = lazy(
    rf"(?:(?<![^\W_]){_OF_A_TEXT}[\s:.#=\"'(-]*(?:(?:is|was|number|no|to|from|of)\b[\s.:]*)*|§\s*"
    r")$",
    re.I,
)
_VERSION_NEAR = lazy(rf"(?<![^\W_]){_OF_A_TEXT}(?![^\W_])", re.I)
_RAISED = lazy(r"\d\.\d+\s*(?:-*>|→|to)\s*$")
_CUE = lazy(
    r"(?<![^\W_])(?:ips?|ipv[46]|address(?:es)?|addr|hosts?|server|client|remote|log(?:ged|ging|s)?"
    r"|login|sign(?:ed)?|peer|gateway|dns|ping|connect\w*|source|src|dst|forwarded|proxy|vpn|https?"
    r"|from|adresse|dirección|indirizzo)(?![^\W_])",
    re.I,
)
_JOINED = lazy(r",?\s(?:to|and|or|->|→|-)\s|,\s?")
"""What joins a version to the one before."""
_NAMED_BEFORE = lazy(r"[A-Za-z]/$")
_PORT = lazy(r":\d{1,5}\b|/\d{1,2}\b")
NEAR_CHARS = 40


def internet_addresses(text: str) -> Iterator[Span]:
    """Yield the public addresses, without their ports; versions and section numbers are none."""
    end, named = 0, False
    for found in _V4.finditer(text) if text.count(".") >= 3 else ():
        joined = named and _JOINED.fullmatch(text, end, found.start()) is not None
        end, named = found.end(), joined or _is_named_version(found)
        if not (named or _is_small(found)) and _is_public_v4(found[0]):
            yield Span(found.start(), found.end(), Sensitive.IP, found[0])
    for found in _V6.finditer(text) if text.count(":") >= 2 else ():
        if _is_public_v6(found[0]):
            yield Span(found.start(), found.end(), Sensitive.IP, found[0])


def _is_public_v4(value: str) -> bool:
    try:
        address = IPv4Address(value)
    except AddressValueError:
        return False
    if address in _RESOLVERS:
        return False
    documentation = any(address in network for network in _DOCUMENTATION)
    return documentation or (address.is_global and not address.is_multicast)


def _is_public_v6(value: str) -> bool:
    """Whether it is a public address: in the unicast range, or in full and of no other range."""
    try:
        address = IPv6Address(value)
    except AddressValueError:
        return False
    if any(address in network for network in _DOCUMENTATION_V6):
        return True
    if address.is_private or address.is_link_local or address.is_multicast:
        return False
    whole = "::" not in value and any(len(group) >= 3 for group in value.split(":"))
    return whole or (address in _UNICAST_V6 and len(value) > 6)


def _is_named_version(found: re.Match[str]) -> bool:
    """Whether the words before four numbers call them a version or a section."""
    before = found.string[max(0, found.start() - NEAR_CHARS) : found.start()]
    glued = _NAMED_BEFORE.search(before) and not _PORT.match(found.string, found.end())
    return bool(glued) or _VERSION_AT.search(before) is not None


def _is_small(found: re.Match[str]) -> bool:
    """Whether all numbers are as small as those of versions, and no word tells of the internet."""
    if any(len(part) > 2 for part in found[0].split(".")):
        return False
    before = found.string[max(0, found.start() - NEAR_CHARS) : found.start()]
    cue = _PORT.match(found.string, found.end()) or _CUE.search(before)
    return cue is None or (_VERSION_NEAR.search(before) or _RAISED.search(before)) is not None
