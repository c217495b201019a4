"""Withdraw and restore: an operator's word on an entry, which outlasts whatever its source says of it.

Not here: entries whose files vanished (sync), printing without it, or with it again (publish).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from feeds.errors import UsageWrong
from feeds.model import Entry, State, WithdrawnBy
from feeds.rules.instants import Instants
from feeds.rules.revising import restored
from feeds.rules.text import clean_line
from feeds.store import entries, withdrawals
from feeds.store.engine import Store, Transaction

LONGEST_REASON = 1000  # characters


class Done(StrEnum):
    """What became of an entry."""

    WITHDRAWN = "withdrawn"
    REWORDED = "given another reason"
    ALREADY = "already withdrawn"
    RESTORED = "restored"
    NOT_WITHDRAWN = "not withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one entry, and where it stands now.

    ``documents`` hold it until the next publish; ``linked_from`` are the articles (source/key) that lose a link to it;
    ``same_words`` are those that say word for word the same, and stay in print.
    """

    id: str
    name: str
    title: str
    done: Done
    state: State
    documents: tuple[str, ...] = ()
    linked_from: tuple[str, ...] = ()
    same_words: tuple[str, ...] = ()

    @property
    def is_news(self) -> bool:
        """Tell whether something changed, so that it must be printed."""
        return self.done not in {Done.ALREADY, Done.NOT_WITHDRAWN}


@dataclass(slots=True)
class WithdrawReport:
    """What became of each entry that was named; ``refused`` are (name, why)."""

    entries: list[Outcome] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Tell whether all that was asked for is so."""
        return not self.refused


def withdraw(
    store: Store, names: Iterable[str], *, reason: str, now: datetime, dry_run: bool = False
) -> WithdrawReport:
    """Withdraw the entries that are named; the others go on where a name means none. Done twice it changes nothing.

    Raises UsageWrong where the reason is too long to be shown.
    """
    said = clean_line(reason)
    if len(said) > LONGEST_REASON:
        raise UsageWrong(f"--reason: {len(said)} characters; at most {LONGEST_REASON}, since it is shown on the page")

    def withdraw_one(tx: Transaction, entry: Entry) -> Outcome:
        outcome = _withdrawn(tx, entry, said)
        if not dry_run and outcome.done is not Done.ALREADY:
            # Whose file was gone before left print then.
            at = entry.withdrawn_at or now
            entries.mark_withdrawn(tx, [entry.id], at=at, by=WithdrawnBy.OPERATOR, reason=said)
        return outcome

    with store.reading() if dry_run else store.writing() as tx:
        return _each(tx, names, withdraw_one)


def restore(store: Store, names: Iterable[str], *, now: datetime) -> WithdrawReport:
    """Put the entries that an operator withdrew back where their articles say that they stand."""

    def restore_one(tx: Transaction, entry: Entry) -> Outcome:
        if not entry.is_kept_out:
            return _outcome(entry, Done.NOT_WITHDRAWN)
        back = restored(entry, instants=Instants(entries.updated_instants(tx)), now=now)
        entries.mark_restored(tx, back)
        return _outcome(back, Done.RESTORED)

    with store.writing() as tx:
        return _each(tx, names, restore_one, refused=_why_it_cannot_return)


def _each(
    tx: Transaction,
    names: Iterable[str],
    do: Callable[[Transaction, Entry], Outcome],
    *,
    refused: Callable[[Entry], str] = lambda _entry: "",
) -> WithdrawReport:
    report = WithdrawReport()
    for name in dict.fromkeys(names):
        found = entries.list_by_name(tx, name)
        why = _why_not_one(found) or refused(found[0])
        if why:
            report.refused.append((name, why))
        else:
            report.entries.append(do(tx, found[0]))
    return report


def _why_not_one(found: list[Entry]) -> str:
    if not found:
        return "no entry has this id, slug or key; `pressrun entries list` shows all"
    if len(found) > 1:
        return f"is the key of several entries; say which: {', '.join(sorted(map(_name, found)))}"
    return ""


def _why_it_cannot_return(entry: Entry) -> str:
    if entry.state is not State.WITHDRAWN or entry.is_kept_out:
        return ""
    return f"no operator withdrew it ({entry.withdrawn_reason}): mend that, and run `pressrun sync`"


def _withdrawn(tx: Transaction, entry: Entry, reason: str) -> Outcome:
    if entry.is_kept_out:
        return _outcome(entry, Done.ALREADY if entry.withdrawn_reason == reason else Done.REWORDED)
    return Outcome(
        id=entry.id,
        name=_name(entry),
        title=entry.article.title,
        done=Done.WITHDRAWN,
        state=State.WITHDRAWN,
        documents=tuple(withdrawals.list_holding(tx, entry.id)),
        linked_from=tuple(withdrawals.list_linking(tx, entry)),
        same_words=tuple(withdrawals.list_same_words(tx, entry)),
    )


def _outcome(entry: Entry, done: Done) -> Outcome:
    return Outcome(id=entry.id, name=_name(entry), title=entry.article.title, done=done, state=entry.state)


def _name(entry: Entry) -> str:
    return f"{entry.source}/{entry.key}"
