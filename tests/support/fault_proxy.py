"""A proxy that spoils answers, on purpose and by seed: the worst of the internet on loopback.

Run as a process; prints its port. What happens to a request follows from the seed, its body, and how often
this body came by, so it does not depend on what else is under way.
"""

import argparse
import asyncio
import email.utils
import hashlib
import itertools
import os
import random
import socket
import struct
import sys
import time
from collections import Counter
from pathlib import Path


def response(status, body, headers=(), length=None):
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body) if length is None else length}", "Connection: close"]
    kinds = [] if any(line.startswith("Content-Type") for line in headers) else ["Content-Type: application/json"]
    return "\r\n".join([*lines, *kinds, *headers, "", ""]).encode() + body


def in_a_second():
    return f"Retry-After: {email.utils.formatdate(time.time() + 1, usegmt=True)}"


HTML = ["Content-Type: text/html; charset=utf-8"]
SPOILED = {
    "too many, seconds": lambda _: response(429, b'{"error": {"message": "slow down"}}', ["Retry-After: 0.1"]),
    "too many, date": lambda _: response(429, b"{}", [in_a_second()]),
    "server error": lambda _: response(500, b"<h1>Internal Server Error</h1>", HTML),
    "overloaded": lambda _: response(503, b"overloaded"),
    "cut": lambda body: response(200, body[: len(body) // 2], length=len(body)),
    "cut JSON": lambda body: response(200, body[: len(body) // 2]),
    "no JSON": lambda _: response(200, b"\xff\xfe{{{"),
    "no choices": lambda _: response(200, b'{"id": "x", "object": "chat.completion", "choices": []}'),
    "other type": lambda _: response(200, b"<html>Please log in</html>", HTML),
    "empty": lambda _: response(200, b""),
}
"""What stands for the answer."""

FAULTS = ["hang", "endless", "reset", "closed", *SPOILED]


class Proxy:
    def __init__(self, options):
        self.options = options
        self.seen = Counter()
        self.requests = itertools.count(1)

    async def serve(self):
        self.server = await asyncio.start_server(self.handle, "127.0.0.1", self.options.port, backlog=128)
        self.options.port = self.server.sockets[0].getsockname()[1]

    def fault_of(self, body):
        key = hashlib.sha256(body).hexdigest()
        self.seen[key] += 1
        chance = random.Random(f"{self.options.seed} {key} {self.seen[key]}")
        return chance.choice(FAULTS) if chance.random() < self.options.share else ""

    async def handle(self, reader, writer):
        try:
            await self.pass_on(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has had enough
        finally:
            writer.close()

    async def pass_on(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        fields = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:] if line)
        body = await reader.readexactly(int(fields.get("content-length", 0)))
        if next(self.requests) == self.options.down_at:
            asyncio.get_running_loop().create_task(self.go_down())
        fault = self.fault_of(body) if body else ""
        whole = await self.asked(head, body)
        self.note(fault or "good")
        if fault == "hang":
            await reader.read()  # until the client leaves
        elif fault == "endless":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
            while not reader.at_eof():
                writer.write(b"1\r\n \r\n")
                await writer.drain()
                await asyncio.sleep(0.05)
        elif fault == "reset":
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif fault != "closed":
            writer.write(SPOILED[fault](whole.partition(b"\r\n\r\n")[2]) if fault else whole)
            await writer.drain()

    async def asked(self, head, body):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.options.target)
        line, *fields = head.decode().split("\r\n")
        kept = [field for field in fields if field and not field.lower().startswith("connection:")]
        writer.write("\r\n".join([line, *kept, "Connection: close", "", ""]).encode() + body)
        whole = await reader.read()
        writer.close()
        return whole

    async def go_down(self):
        self.note("down")
        self.server.close()
        await asyncio.sleep(self.options.down_s)
        await self.serve()

    def note(self, what):
        with self.options.log.open("a") as log:
            log.write(what + "\n")


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--target", type=int, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--share", type=float, default=0.3)
    parser.add_argument("--down-at", type=int, default=0)
    parser.add_argument("--down-s", type=float, default=0)
    proxy = Proxy(parser.parse_args())
    await proxy.serve()
    print(proxy.options.port, flush=True)
    await asyncio.to_thread(sys.stdin.read)  # ends with its test
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main())
