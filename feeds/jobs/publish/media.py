"""The files that public articles and mails show: copied beside the pages, removed when nothing shows them.

Not here: which those are (planning), making them for mail (jobs.compose), keeping them (store.media).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from feeds.errors import OutputRefused
from feeds.jobs.publish.documents import Sheet
from feeds.jobs.publish.output import FileDamaged, Output
from feeds.jobs.publish.report import PublishReport
from feeds.store import changes, edition_files, reprints
from feeds.store.edition_files import FILE, file_subject
from feeds.store.engine import Store
from feeds.store.media import Shelf
from feeds.store.reprints import Reprint

_OF_ARTICLES = "run `pressrun sync` to fetch it anew"
_OF_MAIL = "put it back from a backup, and run `pressrun publish --all`"


class Media:
    """Copies files from the shelf to the output, and takes them away."""

    def __init__(self, store: Store, shelf: Shelf, output: Output, *, report: PublishReport) -> None:
        self._store, self._shelf, self._output, self._report = store, shelf, output, report
        self._copied: set[str] = set()

    def show(self, names: Iterable[str], *, remedy: str = _OF_ARTICLES) -> bool:
        """Copy files that a page is about to show, each once; tell whether all are there."""
        wanted = set(names)
        self._copied |= {name for name in sorted(wanted - self._copied) if self._copy(name, remedy)}
        return wanted <= self._copied

    def settled(self, subjects: Sequence[str]) -> Iterator[Sheet]:
        """Copy those of the files that mails show; yield sheets that clear the ones which nothing shows.

        One that is lost does not stay due: only a person can bring it back.
        """
        names = [subject.removeprefix(FILE) for subject in subjects]
        with self._store.reading() as tx:
            on_pages, in_mail = changes.shown_files(tx, names), edition_files.shown(tx, names)
        for name in names:
            if name not in on_pages | in_mail:
                yield Sheet(due=Reprint(file_subject(name)), cleared=(f"media/{name}",))
            elif name in on_pages or self.show([name], remedy=_OF_MAIL) or not self._shelf.path(name).is_file():
                yield Sheet(due=Reprint(file_subject(name)))

    def _copy(self, name: str, remedy: str) -> bool:
        path, original = f"media/{name}", self._shelf.path(name)
        try:
            if self._output.copy(path, original):
                self._report.media.append(path)
            return True
        except FileDamaged:
            self._shelf.set_aside(name)
            self._report.failed.append((path, f"{original}: was damaged, and is set aside; {remedy}"))
        except OSError as error:
            self._report.failed.append((path, f"{original}: {error.strerror}; {remedy}"))
        except OutputRefused as error:
            self._report.failed.append((path, str(error)))
        return False


def show_due(store: Store, shelf: Shelf, output: Output) -> list[str]:
    """Put the files of new editions into print without a publish; return what went wrong.

    What is to be cleared is left to the next publish.
    """
    with store.reading() as tx:
        names = edition_files.list_due(tx)
    if not names:
        return []
    try:
        output.open(clear_scraps=False)
    except OutputRefused as error:
        return [str(error)]
    report = PublishReport()
    sheets = Media(store, shelf, output, report=report).settled([file_subject(name) for name in names])
    done = [sheet.due for sheet in sheets if sheet.due and not sheet.cleared]
    with store.writing() as tx:
        reprints.remove(tx, done)
    return [problem for _, problem in report.failed]
