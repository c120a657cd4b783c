"""A reverse proxy in a process of its own: ends TLS for others, one request a connection.

python forwarder.py <port of the server> <host it asks for> [https]
"""

from __future__ import annotations

import asyncio
import sys


async def main(port: int, host: str, scheme: str) -> None:
    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip("\r\n").split("\r\n")
        kept = [
            line
            for line in lines
            if line.split(":")[0].lower() not in ("host", "connection", "x-forwarded-proto")
        ]
        added = [f"Host: {host}", "Connection: close", f"X-Forwarded-Proto: {scheme}"]
        length = next((int(k.split(":")[1]) for k in kept if k.lower().startswith("content-l")), 0)
        behind_reader, behind = await asyncio.open_connection("127.0.0.1", port)
        body = await reader.readexactly(length)
        behind.write("\r\n".join([first, *kept, *added, "", ""]).encode("latin-1") + body)
        writer.write(await behind_reader.read())
        await writer.drain()
        for end in (writer, behind):
            end.close()

    server = await asyncio.start_server(forward, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
