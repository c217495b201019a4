"""The files that public articles bring along: copied beside the pages, removed when no page shows them.

Not here: which those are (planning), keeping them (store.media).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from feeds.errors import OutputRefused
from feeds.jobs.publish.documents import Sheet
from feeds.jobs.publish.output import FileDamaged, Output
from feeds.jobs.publish.report import PublishReport
from feeds.store import changes
from feeds.store.engine import Store
from feeds.store.media import Shelf
from feeds.store.reprints import Reprint


class Media:
    """Copies files from the shelf to the output, and takes them away."""

    def __init__(self, store: Store, shelf: Shelf, output: Output, *, report: PublishReport) -> None:
        self._store, self._shelf, self._output, self._report = store, shelf, output, report
        self._copied: set[str] = set()

    def show(self, names: Iterable[str]) -> bool:
        """Copy files that a page is about to show, each once; tell whether all are there."""
        wanted = set(names)
        self._copied |= {name for name in sorted(wanted - self._copied) if self._copy(name)}
        return wanted <= self._copied

    def unshown(self, subjects: Sequence[str]) -> Iterator[Sheet]:
        """Yield sheets that clear the files which no entry shows any more; ``subjects`` name them."""
        with self._store.reading() as tx:
            shown = changes.shown_files(tx, [subject[1:] for subject in subjects])
        for subject in subjects:
            yield Sheet(due=Reprint(subject), cleared=() if subject[1:] in shown else (f"media/{subject[1:]}",))

    def _copy(self, name: str) -> bool:
        path, original = f"media/{name}", self._shelf.path(name)
        try:
            if self._output.copy(path, original):
                self._report.media.append(path)
            return True
        except FileDamaged:
            self._shelf.set_aside(name)
            why = f"{original}: was damaged, and is set aside; run `pressrun sync` to fetch it anew"
            self._report.failed.append((path, why))
        except OSError as error:
            self._report.failed.append((path, f"{original}: {error.strerror}; run `pressrun sync` to fetch it anew"))
        except OutputRefused as error:
            self._report.failed.append((path, str(error)))
        return False
