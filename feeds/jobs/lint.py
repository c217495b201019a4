"""Lint: a message, ours or a file's, judged by the rules for mail; its links and pictures asked after where wanted.

Looks and tells; changes nothing. Not here: the rules (rendering.lint), making the message (jobs.compose).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from feeds.errors import AnswerTooLarge, RequestFailed
from feeds.outgoing import Client
from feeds.rendering.lint import Finding, Sender, Severity, judge_message, weighed
from feeds.rendering.lint.asking import Lead, judge_answer, judge_silence, leads_in
from feeds.rendering.lint.sampling import Sampled, with_template_faults

LARGEST_FILE = 40_000_000  # bytes: what the largest providers take
AT_ONCE = 6  # requests
MOST_HEADERS = 100_000  # bytes in which a header is looked for
_HEADER = re.compile(rb"^(from|to|subject|date|message-id|mime-version|content-type|received|list-id):", re.I | re.M)


@dataclass(frozen=True, slots=True)
class LintReport:
    """What was judged (a newsletter's slug or a file), its subject, the bytes of its HTML, and what was found.

    ``asked`` counts the links and pictures that were asked after. ``note`` says why there was nothing to judge.
    """

    place: str
    subject: str = ""
    html_bytes: int = 0
    findings: tuple[Finding, ...] = ()
    asked: int = 0
    note: str = ""

    def count(self, severity: Severity) -> int:
        """Return how many findings are so grave."""
        return sum(one.severity is severity for one in self.findings)


def lint(
    place: str,
    data: bytes,
    *,
    sender: Sender,
    weights: Mapping[str, str],
    sampled: Iterable[Sampled] = (),
    client: Client | None = None,
) -> LintReport:
    """Judge a message, and what its templates did with samples; with ``client``, ask after its links and pictures."""
    judged = judge_message(data, sender=sender, weights=weights)
    leads = leads_in(data) if client else ()
    found = [*judged.findings, *weighed(_ask(leads, client) if client else (), weights)]
    return LintReport(place, judged.subject, judged.html_bytes, with_template_faults(found, sampled), len(leads))


def read_message(file: Path) -> bytes:
    """Return a message in a file; raise RequestFailed where it cannot be read, or is larger than any mail."""
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise RequestFailed(str(file), f"it cannot be read: {reason}") from problem
    if len(data) > LARGEST_FILE:
        raise AnswerTooLarge(str(file), f"it has more than {LARGEST_FILE:,} bytes, and no provider takes such mail")
    if not _HEADER.search(data[:MOST_HEADERS]):
        raise RequestFailed(
            str(file), "it is no mail message: no line of it is a header; give an .eml, or a newsletter"
        )
    return data


def _ask(leads: tuple[Lead, ...], client: Client) -> Iterator[Finding]:
    with ThreadPoolExecutor(AT_ONCE) as workers:
        for found in workers.map(lambda lead: _answered(lead, client), leads):
            yield from found


def _answered(lead: Lead, client: Client) -> list[Finding]:
    """Ask for the head of an address, and where that is not granted for all of it, as readers do."""
    try:
        answer = client.head(lead.address)
        if not answer.is_good:
            answer = client.fetch(lead.address)
    except AnswerTooLarge:  # it is there
        return []
    except RequestFailed as problem:
        return [judge_silence(lead, problem.reason)]
    return list(judge_answer(lead, answer))
