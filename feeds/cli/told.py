"""What a press run, composing and delivering did, in lines for people.

Not here: printing them (each command), the reports themselves (jobs, app).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from feeds.app import ComposeOutcome, RunOutcome
from feeds.cli.common import HELD, INCOMPLETE, OK, UNUSABLE, UNWRITTEN, counted
from feeds.jobs.announce import AnnounceReport
from feeds.jobs.compose.report import ComposeReport, Outcome, Part
from feeds.jobs.deliver.report import DeliverReport

if TYPE_CHECKING:
    from feeds.jobs.compose.preview import PreviewReport

_UNREMARKABLE = {Outcome.WAITING, Outcome.NO_READERS}
MOST_PROBLEMS = 20


def exit_code(outcome: RunOutcome) -> int:
    """Return the code that a press run ends with: the gravest of what happened."""
    codes = [OK if outcome.is_clean else INCOMPLETE, *(error.exit_code for _, error in outcome.errors)]
    if outcome.publish and outcome.publish.failed:
        codes.append(UNWRITTEN)
    if outcome.sync and any(report.held for report in outcome.sync.sources):
        codes.append(HELD)
    if outcome.deliver and outcome.deliver.unusable:
        codes.append(UNUSABLE)
    return max(codes)


def done_lines(outcome: RunOutcome) -> Iterator[str]:
    """Yield what a press run did, nothing where there was nothing to do."""
    if outcome.sync:
        for report in outcome.sync.sources:
            changed = {"new": report.added, "edited": report.edited, "withdrawn": report.withdrawn}
            said = ", ".join(f"{len(keys)} {what}" for what, keys in changed.items() if keys)
            if said:
                yield f"{report.source}: {said}"
    if outcome.publish and (outcome.publish.written or outcome.publish.removed):
        yield f"{counted(len(outcome.publish.written), 'document')} written, {len(outcome.publish.removed)} removed"
    if outcome.announce:
        yield from announced_lines(outcome.announce)
    if outcome.compose:
        yield from composed_lines(outcome.compose)
    if outcome.deliver:
        yield from delivered_lines(outcome.deliver)
    yield from outcome.notes


def problem_lines(outcome: RunOutcome) -> Iterator[str]:
    """Yield what needs a person."""
    yield from outcome.alarms
    for report in outcome.sync.sources if outcome.sync else ():
        yield from (f"{report.source}/{key}: {reason}" for key, reason in [*report.refused, *report.hidden])
        if report.problem:
            yield f"{report.source}: {report.problem}"
        if report.held:
            gone = counted(len(report.held), "article")
            yield f"{report.source}: {gone} held back that the source has no more; see `pressrun sync`"
    if outcome.publish:
        yield from (f"left out of {path}: {entry_id}: {reason}" for path, entry_id, reason in outcome.publish.left_out)
        yield from (reason for _, reason in outcome.publish.failed)
    if outcome.announce:
        yield from announcing_problems(outcome.announce)
    if outcome.compose:
        yield from composing_problems(outcome.compose)
    if outcome.deliver:
        yield from delivery_problems(outcome.deliver)
    yield from (f"{job}: {error}" for job, error in outcome.errors)


def announced_lines(report: AnnounceReport) -> Iterator[str]:
    """Yield what the hubs took, and one line for each that did not."""
    if report.sent:
        yield f"{counted(report.sent, 'ping')} sent to hubs"
    replies = {hub: reply for _, hub, reply in report.deferred}
    for hub, number in Counter(hub for _, hub, _ in report.deferred).items():
        yield f"{hub}: {counted(number, 'ping')} not taken, and tried again later: {replies[hub]}"


def announcing_problems(report: AnnounceReport) -> Iterator[str]:
    """Yield what was given up."""
    yield from _some(f"{hub}: given up telling it of {topic}: {reply}" for topic, hub, reply in report.failed)


def composed_lines(outcome: ComposeOutcome, *, all_of_them: bool = False) -> Iterator[str]:
    """Yield a line for each newsletter of which there is something to tell, or for each."""
    for report in outcome.reports:
        if all_of_them or report.outcome not in _UNREMARKABLE:
            yield composed_line(report)
            if len(report.selections) > 1:
                yield from _some(f"  {_part_line(part)}" for part in report.selections)
            yield from (f"{report.note}: {remark}" for remark in report.remarks)
            yield from report.notes
            yield from _some(f"{report.newsletter}: {fault}" for fault in report.faults)
    for one in (one for one in outcome.revised if not one.problem):
        done = "cancelled, since all of it was withdrawn" if one.cancelled else "a withdrawn entry was taken out of it"
        yield f"{one.edition}: {done} ({counted(one.deliveries, 'delivery')})"


def composed_line(report: ComposeReport) -> str:
    """Return what came of one newsletter."""
    if report.outcome is Outcome.COMPOSED:
        said = _part_line(report.selections[0])
        if len(report.selections) > 1:
            said = f"{counted(len(report.selections), 'selection')}, {counted(report.deliveries, 'reader')}"
        return f"{report.edition}: No. {report.number}, {said}"
    if report.outcome is Outcome.ALREADY:
        there = f"{report.edition}: No. {report.number}, {report.outcome}; nothing was done"
        return f"{there}; see `pressrun editions show {report.edition}`"
    unread = f"; the note {report.note} goes to nobody" if report.note else ""
    own = " of its own" if report.chosen else ""
    return f"{report.name}: {report.outcome}{own}{unread}"


def also(report: Part | PreviewReport) -> str:
    """Return what stands in an edition beside its entries."""
    told = f", {counted(report.corrections, 'correction')}" if report.corrections else ""
    return f"{told}, a note" if report.note else told


def _part_line(part: Part) -> str:
    more = f" and {part.more} more named" if part.more else ""
    return f"“{part.subject}”, {counted(part.entries, 'entry')}{more}{also(part)}, {counted(part.readers, 'reader')}"


def composing_problems(outcome: ComposeOutcome) -> Iterator[str]:
    """Yield what needs a person in composing."""
    yield from (f"{newsletter}: no edition was made: {why}" for newsletter, why in outcome.failed)
    for one in outcome.revised:
        yield from (f"{one.edition}: {entry_id} is left out: {why}" for entry_id, why in one.left_out)
        if one.problem:
            yield f"{one.edition}: what was withdrawn cannot be taken out of it: {one.problem}"
    for report in outcome.reports:
        yield from (f"{report.edition}: {entry_id} is left out: {why}" for entry_id, why in report.left_out)
        if report.outcome is Outcome.CLOCK_WENT_BACK:
            yield f"{report.name}: clock_went_back: its last edition lies in the future; none is made twice"


def delivered_lines(report: DeliverReport) -> Iterator[str]:
    """Yield how many deliveries were left in which state."""
    if report.counts:
        yield ", ".join(f"{number} {state.replace('_', ' ')}" for state, number in sorted(report.counts.items()))
    if report.recovered:
        yield f"settled what {counted(report.recovered, 'worker')} left when killed"
    if not report.unusable:
        yield from passed_over_lines(report.passed_over)
    for domain, (number, until, said) in report.resting.items():
        when = f" until {until:%Y-%m-%d %H:%M} UTC" if until else ""
        why = f": {said}" if said else ""
        yield f"{domain} takes nothing for now, and rests{when} with {counted(number, 'delivery')}{why}"
    if report.is_limited:
        yield "the mail server was given all that [transport] allows for now; the rest waits"
    for edition, number in report.halted.items():
        yield f"{edition}: paused, {counted(number, 'delivery')} waiting; `pressrun editions resume {edition}` goes on"


def passed_over_lines(passed_over: Mapping[str, str]) -> Iterator[str]:
    """Yield which transports could not be used, and why."""
    yield from (f"the transport {name} was passed over: {why}" for name, why in passed_over.items())


def delivery_problems(report: DeliverReport) -> Iterator[str]:
    """Yield what needs a person in delivering."""
    if report.unusable:
        yield f"nothing can be delivered: {report.unusable}"
    yield from _some(f"{address}: {state}: {said}" for _, address, state, said in report.problems)
    for edition in report.paused:
        yield f"{edition}: paused, too many of its messages cannot be built; see `pressrun deliveries list {edition}`"
    for edition, why in report.withheld.items():
        yield f"{edition}: not sent, since what was withdrawn cannot be taken out of it: {why}"
    for edition, number in report.unshown.items():
        held_back = f"{edition}: {counted(number, 'delivery')} held back"
        yield f"{held_back}, since its pictures are not on the site yet; run `pressrun publish`"
    for edition, number in report.waiting.items():
        yield (
            f"{edition}: {counted(number, 'delivery')} of a newsletter that the config no longer has;"
            f" put it back, or run `pressrun editions cancel {edition}`"
        )
    for state, number in report.held.items():
        yield f"{number} {state.replace('_', ' ')}: see `pressrun deliveries list --state {state}`"


def _some(lines: Iterable[str]) -> Iterator[str]:
    listed = list(lines)
    yield from listed[:MOST_PROBLEMS]
    if len(listed) > MOST_PROBLEMS:
        yield f"… and {len(listed) - MOST_PROBLEMS} more"
