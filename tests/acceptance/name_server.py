"""A name server on this machine that knows a few names and says of all others that they do not exist.

Not here: which names (the tests).
"""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

type_of_names = Mapping[tuple[str, str], str]


@contextmanager
def name_server(names: type_of_names) -> Iterator[int]:
    """Answer by UDP for as long as the block takes; give the port. ``names`` maps a name and a type to a record."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(0.1)
        is_over = threading.Event()
        thread = threading.Thread(target=_serve, args=(sock, names, is_over))
        thread.start()
        try:
            yield sock.getsockname()[1]
        finally:
            is_over.set()
            thread.join()


def _serve(sock: socket.socket, names: type_of_names, is_over: threading.Event) -> None:
    while not is_over.is_set():
        try:
            data, peer = sock.recvfrom(4096)
        except TimeoutError:
            continue
        sock.sendto(_answer(dns.message.from_wire(data), names).to_wire(), peer)


def _answer(asked: dns.message.Message, names: type_of_names) -> dns.message.Message:
    answer = dns.message.make_response(asked, recursion_available=True)
    (question,) = asked.question
    name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
    if (name, kind) in names:
        answer.answer.append(dns.rrset.from_text(question.name, 300, "IN", kind, names[name, kind]))
    elif not any(name == known for known, _ in names):
        answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer
