"""Requests that nobody should send, as bytes; the same ones for the same seed."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

CHAT = "/v1/chat/completions"
FIELDS = (
    *("messages", "model", "stream", "stream_options", "user", "safety_identifier"),
    *("conversation_id", "max_tokens", "max_completion_tokens", "temperature", "top_p", "n"),
    *("frequency_penalty", "presence_penalty", "seed", "logprobs", "stop", "tools", "store"),
    *("response_format", "tool_choice", "functions", "metadata", "logit_bias", "modalities"),
)
TEXTS = (
    *("", " ", "\0", "a\0b", "\x1b[2J", "\r\n\r\n", "\u202e", "\ufeff", "𝟘" * 50, "é" * 3_000),
    *("a" * 4_001, "a" * 100_000, "' OR 1=1 --", "../../etc/passwd", "{{7*7}}", "<|im_end|>"),
    *("${jndi:ldap://x}", "%00", "%s%n%d", "[NAME]", "[ORDER:3f2a91]", "\u0007" * 40, "?" * 3_999),
)
VALUES: tuple[object, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, 2**64, -(2**63) - 1, 10**400, 1e308, -0.0, 0.5),
    *([], {}, [[]], [None], {"": None}, [{}] * 300, {"a": {"b": {"c": []}}}, ["a"] * 1_000),
)


def request(
    method: str, path: str, body: bytes = b"", headers: tuple[tuple[str, str], ...] = ()
) -> bytes:
    """Return a well-formed request over a connection of its own."""
    lines = [f"{method} {path} HTTP/1.1", "host: localhost", "connection: close"]
    if body or method == "POST":
        lines += [f"content-length: {len(body)}", "content-type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + body


def asked(**more: object) -> dict[str, object]:
    return {"messages": [{"role": "user", "content": "How long can I return a tent?"}], **more}


def _value(rng: Random) -> object:
    return rng.choice([*VALUES, *TEXTS])


def _chat(body: object) -> bytes:
    return request("POST", CHAT, json.dumps(body).encode())


def _broken(rng: Random) -> bytes:
    body = bytearray(json.dumps(asked(user="ada", stream=True)).encode())
    match rng.randrange(5):
        case 0:
            del body[rng.randrange(len(body)) :]
        case 1:
            for _ in range(rng.randint(1, 5)):
                body[rng.randrange(len(body))] = rng.randrange(256)
        case 2:
            body += rng.choice([b"}", b"\0", b"{}", b",", b"\xff", b"]" * 100])
        case 3:
            body = bytearray(rng.choice([b"\xef\xbb\xbf{}", b"NaN", b"[NaN]", b"Infinity", b"-"]))
        case _:
            body = bytearray(rng.randbytes(rng.randint(1, 200)))
    return request("POST", CHAT, bytes(body))


def _mistyped(rng: Random) -> bytes:
    return _chat(asked(**{rng.choice(FIELDS): _value(rng) for _ in range(rng.randint(1, 3))}))


def _misspoken(rng: Random) -> bytes:
    one = _value(rng)
    message: dict[str, object] = {
        "role": rng.choice(["user", "system", "assistant", "tool", "wizard", _value(rng)]),
        "content": rng.choice([one, [{"type": "text", "text": one}], [one], {"text": one}]),
    }
    if rng.random() < 0.3:
        message[rng.choice(["name", "tool_calls", "function_call", "refusal"])] = _value(rng)
    short = [{"role": "user", "content": "a"}]
    return _chat({"messages": rng.choice([[message], [message], short * 201, [*short, message]])})


def _nested(rng: Random) -> bytes:
    depth = rng.choice([10, 200, 1_500, 20_000])
    deep = rng.choice(["[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth])
    body = json.dumps(asked(metadata="HERE")).replace('"HERE"', deep)
    return request("POST", CHAT, rng.choice([body, deep, "[" * depth]).encode())


def _undecodable(rng: Random) -> bytes:
    odd = rng.choice(
        [b"\\ud800", b"\\udfff\\ud800", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\\u0000", b"\0"]
    )
    where = rng.choice(["content", "user", "conversation_id", "key"])
    body = asked(user="x", conversation_id="y")
    text = json.dumps({**body, "KEY": 1}).encode()
    places = {
        "content": b"How long",
        "user": b'"user": "x',
        "conversation_id": b'"conversation_id": "y',
        "key": b'"KEY',
    }
    place = places[where]
    return request("POST", CHAT, text.replace(place, place + odd))


def _numeric(rng: Random) -> bytes:
    number = rng.choice(["1" + "0" * 5_000, "1e999", "-1e999", "0x10", "01", "1.", "-", "9" * 20])
    body = json.dumps(asked(seed="HERE")).replace('"HERE"', number)
    return request("POST", CHAT, body.replace("seed", rng.choice(FIELDS)).encode())


def _too_large(rng: Random) -> bytes:
    return _chat(asked(user="a" * rng.randint(256 * 1024, 400_000)))


def _headers(rng: Random) -> bytes:
    body = json.dumps(asked()).encode()
    long = "x" * rng.choice([201, 5_000, 100_000])
    given = [
        (("authorization", rng.choice(["Bearer", "Bearer ", "Basic Og==", "Bearer \xff", long])),),
        (("idempotency-key", long),),
        (("idempotency-key", "a"), ("idempotency-key", "b")),
        (("x-customer-id", rng.choice([long, "\xe9\x80", "\t", "a,b"])),),
        (("x-conversation-id", rng.choice([long, "../..", "%00"])),),
        (("range", "bytes=0-1,5-9,-1"),),
        (("range", "bytes=99999999999999999999-"), ("if-range", '"x"')),
        (("content-encoding", rng.choice(["gzip", "br", "chaos"])),),
        (("content-type", rng.choice(["text/plain", "multipart/form-data", "\xff", ""])),),
        (("accept", rng.choice(["", "*/*;q=x", "text/event-stream", ",,,;;", "\xff"])),),
        (("expect", rng.choice(["100-continue", "200-ok"])),),
        (("transfer-encoding", "gzip"),),
        (("content-length", rng.choice(["7", "-1", "1e3", "99999999999999999999", "0x1f"])),),
        (("host", "evil.example"),),
        (("upgrade", "websocket"), ("connection", "upgrade"), ("sec-websocket-version", "13")),
        (("upgrade", "h2c"),),
        (("x-forwarded-for", "127.0.0.1, ' OR 1=1"), ("x-forwarded-proto", "gopher")),
        (("origin", rng.choice(["null", "https://evil.example", "\xff", "http://["])),),
        (("cookie", long),),
        (("x\x00y", "z"),),
        (("x", "a\x00b"),),
        (("x", "a\nb"),),
        tuple((f"x-{number}", "y") for number in range(rng.choice([50, 300]))),
    ]
    return request("POST", CHAT, body, rng.choice(given))


def _addressed(rng: Random) -> bytes:
    odd = rng.choice(
        ["%00", "%ff%fe", "%2e%2e%2f", "a" * 300, "a" * 9_000, "%F0%9F", "é", "*", "'--", "%0d%0a"]
    )
    path = rng.choice(
        [
            *(f"/v1/interactions/{odd}", f"/v1/models/{odd}", f"/v1/conversations/{odd}/outcome"),
            *(
                f"/{odd}",
                f"/v1/{odd}",
                f"//v1/models/{odd}",
                "/v1",
                "/v1/",
                "/v1//models",
                "/?",
                "*",
            ),
            *(f"/v1/models?{odd}", "http://evil.example/v1/models", "/v1/../metrics"),
        ]
    )
    method = rng.choice(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO", "get"])
    body = b'{"resolved": true}' if method == "POST" else b""
    return request(method, path, body)


def _method(rng: Random) -> bytes:
    path = rng.choice(
        [CHAT, "/v1/models", "/v1/feedback", "/healthz", "/readyz", "/metrics", "/openapi.json"]
    )
    return request(rng.choice(["PUT", "DELETE", "TRACE", "CONNECT", "PATCH", "X" * 50]), path)


def _told(rng: Random) -> bytes:
    feedback = {"interaction_id": _value(rng), "rating": _value(rng), "comment": _value(rng)}
    outcome = {"resolved": _value(rng), "csat": _value(rng), "resolution_minutes": _value(rng)}
    path, body = rng.choice(
        [("/v1/feedback", feedback), ("/v1/conversations/c/outcome", outcome), ("/v1/feedback", 7)]
    )
    return request("POST", path, json.dumps(body).encode())


def _no_http(rng: Random) -> bytes:
    post = b"POST /v1/feedback HTTP/1.1\r\nhost: localhost\r\n"
    return rng.choice(
        [
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
            b"GET /healthz\r\n\r\n",
            b"GET /healthz HTTP/3.0\r\nhost: localhost\r\n\r\n",
            b"GET  /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n",
            b"GET /healthz HTTP/1.1\r\n host: localhost\r\n\r\n",
            b"GET /healthz HTTP/1.1\r\n\r\n",
            b"GET /healthz HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
            post + b"transfer-encoding: chunked\r\n\r\nZZ\r\n",
            post + b"content-length: 1\r\ncontent-length: 2\r\n\r\n{}",
            b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
            rng.randbytes(40) + b"\r\n\r\n",
        ]
    )


KINDS: tuple[Callable[[Random], bytes], ...] = (
    *(_broken, _mistyped, _misspoken, _nested, _undecodable, _numeric, _too_large, _headers),
    *(_addressed, _method, _told, _no_http),
)


def requests(count: int, seed: int) -> list[bytes]:
    """Return so many requests, of each kind about as many."""
    rng = Random(seed)
    return [KINDS[number % len(KINDS)](rng) for number in range(count)]
