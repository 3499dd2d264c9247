# SPDX-License-Identifier: GPL-2.0-or-later
"""A daemon that answers from a file: the other end of Documentation/control.md for viaductctl's tests.

A world is a JSON object. Its keys are methods, "org.viaduct.Show" or, for one name only,
"org.viaduct.Show hq"; a value is the list of messages one call gets. A string that starts with "@"
and a number of seconds becomes that time, counted from now. Instead of a message may stand
{"!raw": TEXT} (sent as it is, NUL behind), {"!close": true} (hang up), {"!silent": true} (no more).
"""
import datetime
import json
import re
import socket
import threading


def with_times(value, now=None):
    now = now or datetime.datetime.now(datetime.timezone.utc)
    if isinstance(value, dict):
        return {k: with_times(v, now) for k, v in value.items()}
    if isinstance(value, list):
        return [with_times(v, now) for v in value]
    if isinstance(value, str) and re.fullmatch(r"@-?[0-9]+", value):
        time = now + datetime.timedelta(seconds=int(value[1:]))
        return time.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


class FakeDaemon:
    """Serves one world on one socket, a thread a connection; .calls records what was asked."""

    def __init__(self, path, world):
        self.world = world
        self.calls = []
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        self.listener.listen(8)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        pending = b""
        try:
            while True:
                data = connection.recv(65536)
                if not data:
                    return
                pending += data
                while b"\0" in pending:
                    message, pending = pending.split(b"\0", 1)
                    if not self._answer(connection, json.loads(message)):
                        return
        except OSError:
            pass
        finally:
            connection.close()

    def _answer(self, connection, call):
        self.calls.append(call)
        method, parameters = call["method"], call["parameters"]
        name = parameters.get("name") or parameters.get("gateway") or ""
        replies = self.world.get(f"{method} {name}") or self.world.get(method)
        if replies is None:
            error = "MethodNotFound"
            detail = {"method": method}
            if any(key.startswith(method + " ") for key in self.world):
                error, detail = "NoSuchName", {"name": name}
            replies = [{"error": "org.viaduct." + error, "parameters": detail}]
        for reply in replies:
            if "!close" in reply:
                return False
            if "!silent" in reply:
                continue
            # In two pieces, so that no reader may count on whole messages.
            data = reply["!raw"].encode() if "!raw" in reply else json.dumps(with_times(reply)).encode()
            connection.sendall(data[: len(data) // 2])
            connection.sendall(data[len(data) // 2 :] + b"\0")
        return True
