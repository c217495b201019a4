"""Work with a site's own templates, in a child process with limits of time and memory: one that runs away is stopped.

The child is an interpreter of its own and no fork, whose copies of other threads' locks nobody would ever release.
Not here: what a template may reach (environment), the work itself (digest, pages, checking).
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import select
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, NoReturn
from weakref import WeakKeyDictionary, finalize

from feeds.errors import PressrunError, TemplateInvalid
from feeds.rendering.environment import Templates

_CODE = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from feeds.rendering.confined import serve; serve()"
_GRACE = 0.1  # seconds of a processor in which a template that is out of time comes to its next piece
_IDLE = signal.SIGALRM  # what a child dies of that nothing was asked of for a while


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may take for one piece of work: seconds of a processor, seconds in all; and bytes of memory.

    ``idle`` is how many seconds it waits for the next piece: one child serves all the pages and editions of a run.
    """

    processor: float = 20.0
    whole: float = 60.0
    memory: int = 1 << 30
    idle: float = 60.0


LIMITS = Limits()
_children: WeakKeyDictionary[Templates, Child] = WeakKeyDictionary()


def confined(
    work: Callable[[Any, Templates], Any], given: object, templates: Templates, *, name: str, limits: Limits = LIMITS
) -> Any:
    """Return what a module's function makes of what it is given, which can be pickled, as can what it makes.

    It is done here where the site has no templates of its own: ours do not run away. ``name`` is the template that is
    named where it is not known which one did. One child serves all that is asked of the same templates.
    """
    if templates.is_confined or not templates.has_own:
        return work(given, templates)
    child = _children.setdefault(templates, Child(templates.roots, limits))
    return child.ask(work, given, name=name)


class Child:
    """A process that works with the templates of these folders; it is started when it is first asked."""

    def __init__(self, roots: tuple[Path, ...], limits: Limits = LIMITS) -> None:
        self._roots = roots
        self._limits = limits
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, work: Callable[[Any, Templates], Any], given: object, *, name: str) -> Any:
        """Let the child do this work; raise what it raised, and TemplateInvalid where it had to be stopped."""
        question = pickle.dumps((work, given, name))
        with self._lock:
            kind, answer = self._answer(question) or self._answer(question) or ("ended", "could not be started")
        if kind == "made":
            return answer
        if kind == "refused":
            _raise_again(*answer)
        if kind == "ended":
            raise TemplateInvalid(name, f"its rendering {answer}")
        raise RuntimeError(answer)

    def _answer(self, question: bytes) -> tuple[str, Any] | None:
        """Return what became of a question; None where the child had ended before, for there was nothing to do."""
        process = self._process = self._process or self._start()
        try:
            return _exchange(process, question, seconds=self._limits.whole)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            self._process, said = None, "came to an end"
            if isinstance(error, TimeoutError):
                process.kill()
                said = f"took more than {self._limits.whole:g} seconds"
            ended = _end(process)
            return None if ended == -_IDLE else ("ended", f"{said} (exit code {ended})")
        except BaseException:  # an interrupt from the keyboard: its answer would be taken for that to the next question
            self._process = None
            process.kill()
            raise

    def _start(self) -> subprocess.Popen[bytes]:
        # In a session of its own, so that an interrupt from the keyboard reaches us alone.
        process = subprocess.Popen(
            [sys.executable, "-c", _CODE, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        finalize(self, _end, process)
        _tell(process.stdin, (self._roots, self._limits))
        return process


def _exchange(process: subprocess.Popen[bytes], question: bytes, *, seconds: float) -> tuple[str, Any]:
    """Ask and wait for the answer; raise TimeoutError where it has not begun after ``seconds``."""
    assert process.stdin and process.stdout
    process.stdin.write(question)
    process.stdin.flush()
    # The child answers when its work is done, in one go: no thread need look at the clock for each page.
    waiting = select.poll()
    waiting.register(process.stdout, select.POLLIN)
    if not waiting.poll(seconds * 1000):
        raise TimeoutError
    kind, answer = pickle.load(process.stdout)
    return kind, answer


def _end(process: subprocess.Popen[bytes]) -> int:
    """Let go of a child; return its exit code, a negative one being the signal that ended it."""
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            pipe.close()  # type: ignore[union-attr]
    try:
        return process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _tell(pipe: Any, what: object) -> None:
    pickle.dump(what, pipe)
    pipe.flush()


def _raise_again(kind: type[PressrunError], words: tuple[Any, ...], facts: dict[str, Any]) -> NoReturn:
    error = kind.__new__(kind, *words)
    error.__dict__.update(facts)
    raise error


# ---- in the child ----


def serve() -> None:
    """Be the child: answer one question after the other, until nobody can ask any more."""
    questions, answers = os.fdopen(0, "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what is printed is no answer
    roots, limits = pickle.load(questions)
    sys.unraisablehook = _pass_over_stops
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    templates = Templates(roots, is_confined=True)
    with suppress(EOFError):
        while True:
            signal.setitimer(signal.ITIMER_REAL, limits.idle)
            questions.peek(1)
            signal.setitimer(signal.ITIMER_REAL, 0)
            _tell(answers, _worked(*pickle.load(questions), templates=templates, seconds=limits.processor))


def _pass_over_stops(what: Any) -> None:
    # A stop that comes while a generator is closed stops nothing, and the next one is heard.
    if not isinstance(what.exc_value, TimeoutError):
        sys.__unraisablehook__(what)


def _worked(
    work: Callable[[Any, Templates], Any], given: object, name: str, *, templates: Templates, seconds: float
) -> tuple[str, Any]:
    said = f"ran for more than {seconds:g} seconds of the processor, and was stopped"

    def stop(_signal: int, _frame: object) -> None:
        if templates.time_up:
            raise TimeoutError(said)
        # Between two pieces it is known which template is at work; one that makes none is stopped where it is.
        templates.time_up = said
        signal.setitimer(signal.ITIMER_PROF, _GRACE, 1.0)  # again each second, should it be lost

    templates.time_up = ""
    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return "made", work(given, templates)
    except PressrunError as error:
        return "refused", (type(error), error.args, vars(error))
    except (MemoryError, TimeoutError) as error:
        stopped = TemplateInvalid(name, str(error) or "needs more memory than it may have")
        return "refused", (type(stopped), stopped.args, vars(stopped))
    except Exception:
        return "failed", traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
