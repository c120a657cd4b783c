"""A small real server that speaks OpenAI's chat completions, and fails as it is told to."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

MODEL = "small"
"""What it calls its model."""
_PIECE = re.compile(r"\s*\S+")


class ChatServer:
    """Says what `script` makes of the last message; what came in is kept in `bodies`.

    `faults` are HTTP statuses to answer the next completions with, first to last; 0 hangs up
    without a word. `able` are the abilities: "logprobs", "schema", and "adapters", which are loaded
    as vLLM does.
    """

    def __init__(self, script: Callable[[str], str], able: frozenset[str]) -> None:
        self.script = script
        self.able = able
        self.key = ""
        """What a bearer token must be; "" for an open server."""
        self.pause_s = 0.0
        """Between two pieces."""
        self.cut_after: int | None = None
        """Pieces before it hangs up in the middle of an answer."""
        self.faults: list[int] = []
        self.events: list[str] = []
        """What the next answers are, as another server sent them; then `script` again."""
        self.adapters: dict[str, Path] = {}
        """Those that were loaded: name → folder."""
        self.bodies: list[str] = []
        self.sent: list[int] = []
        """Pieces sent of each streamed answer."""
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    @contextmanager
    def running(self) -> Iterator[ChatServer]:
        """Serve for as long as the block lasts."""
        thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self._http.shutdown()
            self._http.server_close()
            thread.join()

    def models(self) -> list[dict[str, Any]]:
        """Return what it serves, as vLLM lists it."""
        loaded = [{"id": name, "parent": MODEL, "max_model_len": None} for name in self.adapters]
        return [{"id": MODEL, "parent": None, "max_model_len": 4096}, *loaded]

    def load(self, request: dict[str, Any]) -> tuple[int, object]:
        """Load an adapter and return status and body."""
        name, folder = request["lora_name"], Path(request["lora_path"])
        if "adapters" not in self.able:
            return 404, {"detail": "Not Found"}
        if name in self.adapters:
            return 400, _error(f"The lora adapter '{name}' has already been loaded.")
        if not {"adapter_config.json", "adapter_model.safetensors"} <= set(_names(folder)):
            return 404, _error(f"Loading lora {name} failed: No adapter found for {folder}")
        self.adapters[name] = folder
        return 200, f"Success: LoRA adapter '{name}' added successfully."

    def answer(self, request: dict[str, Any]) -> list[str]:
        """Return the pieces of an answer."""
        said = self.script(request["messages"][-1]["content"])
        form = request.get("response_format")
        if form and "schema" in self.able:
            choices = form["json_schema"]["schema"]["properties"]["answer"]["enum"]
            said = json.dumps({"answer": said if said in choices else choices[0]})
        return _PIECE.findall(said)[: request["max_tokens"]]


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []


def _error(message: str) -> dict[str, object]:
    return {"error": {"message": message}}


def _handler(server: ChatServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._json(200, {"data": server.models()})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.bodies.append(body.decode())
            if server.key and self.headers["Authorization"] != f"Bearer {server.key}":
                self._json(401, _error("no such key"))
            elif server.faults:
                self._fail(server.faults.pop(0))
            else:
                self._done(json.loads(body))

        def _done(self, request: dict[str, Any]) -> None:
            if self.path.endswith("/load_lora_adapter"):
                self._json(*server.load(request))
            elif request["model"] not in (model["id"] for model in server.models()):
                self._json(404, _error(f"The model `{request['model']}` does not exist."))
            else:
                self._stream(request)

        def _fail(self, status: int) -> None:
            if status:
                self._json(status, _error("as the test wants it"))
            else:
                self.close_connection = True

        def _stream(self, request: dict[str, Any]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            server.sent.append(0)
            at = len(server.sent) - 1
            try:
                if server.events:
                    self._repeat()
                    return
                for number, piece in enumerate(server.answer(request)):
                    if number == server.cut_after:
                        return
                    choice: dict[str, Any] = {"delta": {"content": piece}}
                    if request.get("logprobs") and "logprobs" in server.able:
                        choice["logprobs"] = {"content": [{"token": piece, "logprob": -0.1}]}
                    self._say(json.dumps({"choices": [choice]}))
                    server.sent[at] += 1
                    time.sleep(server.pause_s)
                self._say("[DONE]")
            except OSError:
                return
            finally:
                self.close_connection = True

        def _repeat(self) -> None:
            for line in server.events.pop(0).splitlines():
                self._say(line)

        def _say(self, data: str) -> None:
            self.wfile.write(f"data: {data}\n\n".encode())
            self.wfile.flush()

        def _json(self, status: int, body: object) -> None:
            encoded = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(encoded)))
            self.end_headers()
            self.wfile.write(encoded)

        def log_message(self, *_: object) -> None:
            """Tests say what they need to."""

    return Handler
