"""Rule M2: a reader leaves with one click, by an https address in a signed field (RFC 8058).

Not here: the grammar of List fields (headers), the link in the mail itself (size).
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from feeds.rendering.lint.case import Case, Check, headers, on
from feeds.rendering.lint.findings import Finding, advice, error, warning
from feeds.rendering.lint.headers import addresses_of
from feeds.rendering.lint.opening import Field

ONE_CLICK = "List-Unsubscribe=One-Click"
_BY_HAND = ("Gmail", "Yahoo")


def can_be_left(case: Case) -> Iterator[Finding]:
    """M2: there is a List-Unsubscribe that holds an address."""
    fields = case.root.all("list-unsubscribe")
    if not case.sender.writes_to_many:
        return
    if not fields or not any(addresses_of(field) for field in fields):
        yield error(
            "M2",
            on(fields[0]) if fields else headers("List-Unsubscribe"),
            "it holds no address" if fields else "there is none",
            remedy="write List-Unsubscribe: <https://…>, or a mailto: address at the least",
            seen_by=_BY_HAND,
        )


def can_be_left_with_one_click(case: Case) -> Iterator[Finding]:
    """M2: it holds one https address, before any mailto, with List-Unsubscribe-Post beside it."""
    for field in case.root.all("list-unsubscribe")[:1]:
        addresses = addresses_of(field)
        schemes = [_scheme(address) for address in addresses]
        yield from _scheme_faults(field, schemes)
        if schemes.count("https") == 1:
            yield from _post_faults(case)


def has_no_post_alone(case: Case) -> Iterator[Finding]:
    """M2: List-Unsubscribe-Post says what RFC 8058 asks for, and stands beside an https address."""
    has_https = any(
        _scheme(address) == "https" for field in case.root.all("list-unsubscribe") for address in addresses_of(field)
    )
    for field in case.root.all("list-unsubscribe-post"):
        if "".join(field.value.split()) != ONE_CLICK:
            yield error("M2", on(field), f"it is {field.value[:60]!r}", remedy=f"write {ONE_CLICK}")
        elif not has_https:
            what = "it stands beside no https address that could be posted to"
            yield error("M2", on(field), what, remedy="put an https address into List-Unsubscribe")


CHECKS: tuple[Check, ...] = (can_be_left, can_be_left_with_one_click, has_no_post_alone)


def _scheme_faults(field: Field, schemes: list[str]) -> Iterator[Finding]:
    if "http" in schemes:
        what = "its address is http: the click travels open, and no client takes it"
        yield error("M2", on(field), what, remedy="make it https", seen_by=_BY_HAND)
    if schemes.count("https") > 1:
        yield error("M2", on(field), "it holds several https addresses", remedy="keep one of them")
    if schemes and set(schemes) <= {"mailto"}:
        what = "it holds a mailto address alone: a reader leaves by sending a mail, not with one click"
        remedy = "put an https address before it, and List-Unsubscribe-Post beside it (RFC 8058)"
        yield advice("M2", on(field), what, remedy=remedy, seen_by=_BY_HAND)
    if "https" in schemes and schemes[0] == "mailto":
        yield warning("M2", on(field), "mailto stands before https", remedy="put the https address first")
    strange = next((scheme for scheme in schemes if scheme not in {"http", "https", "mailto"}), None)
    if strange is not None:
        yield error("M2", on(field), f"its address is {strange or 'no scheme'}:", remedy="use https, or mailto")


def _post_faults(case: Case) -> Iterator[Finding]:
    if not case.root.all("list-unsubscribe-post"):
        yield warning(
            "M2",
            headers("List-Unsubscribe-Post"),
            "there is none beside the https address, so no client may post to it",
            remedy=f"write List-Unsubscribe-Post: {ONE_CLICK}, where the address answers a POST",
            seen_by=_BY_HAND,
        )


def _scheme(address: str) -> str:
    try:
        return urlsplit(address.strip()).scheme.lower()
    except ValueError:
        return ""
