"""The whole examination: names, the way to the mail server, the store, the machine.

Not here: any one part of it (the modules beside this one).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from feeds.config import Config
from feeds.jobs.doctor.machine import examine_machine
from feeds.jobs.doctor.names import examine_names
from feeds.jobs.doctor.stock import examine_store
from feeds.jobs.doctor.way import examine_way
from feeds.model.names import IpAddress
from feeds.outgoing.dns import Resolver
from feeds.rules.checkup import Finding, Grade
from feeds.store.engine import Store


@dataclass(frozen=True, slots=True)
class Plan:
    """What to go by: whom to ask for names, and the addresses that mail leaves from, where the operator named them."""

    resolver: Resolver
    sends_from: Sequence[IpAddress] = ()


@dataclass(frozen=True, slots=True)
class DoctorReport:
    """All that was found, in the order in which it was looked at."""

    findings: tuple[Finding, ...]

    def count(self, grade: Grade) -> int:
        """Return how many findings are of a grade."""
        return sum(one.grade is grade for one in self.findings)


def examine(config: Config, store: Store, plan: Plan, *, now: datetime) -> DoctorReport:
    """Look at everything that sending needs; what cannot be looked at is a finding too."""
    findings = examine_names(config, plan.resolver, sends_from=plan.sends_from)
    findings += [one for transport in config.transports for one in examine_way(transport, now=now)]
    stored, newest_run_at = examine_store(store)
    findings += stored
    findings += examine_machine(config, now=now, newest_at=newest_run_at)
    return DoctorReport(tuple(findings))
