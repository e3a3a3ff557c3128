"""Read by each Python process whose PYTHONPATH names this folder: there is no way out but loopback.

What tries is refused, and noted in the file that WIRECOPY_TEST_CALLS names.
"""

import os
import sys

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


def _refuse_outside(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else ""  # a path: a socket of this machine
    elif event == "socket.getaddrinfo":
        host = arguments[0] or ""
    else:
        return
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name and not name.startswith(LOOPBACK):
        with open(os.environ["WIRECOPY_TEST_CALLS"], "a", encoding="utf-8") as calls:  # noqa: PTH123
            calls.write(f"{event} {arguments[-1] if event == 'socket.connect' else name} {sys.argv}\n")
        raise OSError(101, f"a test lets nothing out of this machine: {event} {name}")


sys.addaudithook(_refuse_outside)
