"""Why a step has to run again, in words: what it read and wrote last time, compared with now."""

from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue

IDENTITIES = ("column", "name", "id")
"""The keys that identify a table among others in a declared file, the most specific first."""
REASONS_SHOWN = 3
SHOWN = 60
"""Longer values are left out of messages."""


def file_changes(before: Mapping[str, str], now: Mapping[str, str], absent: str) -> Iterator[str]:
    """What happened to files, given by name to hash."""
    for name in [*now, *(name for name in before if name not in now)]:
        old, new = before.get(name, absent), now.get(name, absent)
        if old == new:
            continue
        yield f"{name} is new" if old == absent else f"{name} is gone" if new == absent else f"{name} changed"


def code_changes(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """Which modules changed, in one line."""
    names = sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
    if names:
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        yield f"the program changed ({', '.join(names[:3])}{more})"


def declared_changes(before: Mapping[str, JsonValue], now: Mapping[str, JsonValue]) -> Iterator[str]:
    """What changed in declared files: ``share_75_plus: weight 24 → 30 in norfolk-waveney.toml``."""
    for file in [*now, *(file for file in before if file not in now)]:
        for change in _changes(before.get(file), now.get(file), "", ""):
            yield f"{change} in {file.rsplit('/', 1)[-1]}"


def _changes(old: JsonValue, new: JsonValue, label: str, key: str) -> Iterator[str]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        label = _identity(new) or label
        for name in [*new, *(name for name in old if name not in new)]:
            yield from _changes(old.get(name), new.get(name), label, name)
    elif isinstance(old, list) and isinstance(new, list) and all(_are_named(items) for items in (old, new) if items):
        was, now = ({_identity(item): item for item in items} for items in (old, new))
        yield from (f"{name} removed" for name in was if name not in now)
        yield from (f"{name} added" for name in now if name not in was)
        for name in now:
            if name in was:
                yield from _changes(was[name], now[name], name, key)
        if list(was) != list(now) and was.keys() == now.keys():
            yield f"{_where(label, key)} in a different order"
    else:
        yield f"{_where(label, key)} {_shown(old)} → {_shown(new)}"


def _identity(table: JsonValue) -> str:
    if not isinstance(table, dict):
        return ""
    return next((str(table[key]) for key in IDENTITIES if table.get(key)), "")


def _are_named(items: list[JsonValue]) -> bool:
    names = [_identity(item) for item in items]
    return bool(names) and all(names) and len(set(names)) == len(names)


def _where(label: str, key: str) -> str:
    return f"{label}: {key}" if label and key != label else key or "its content"


def _shown(value: JsonValue) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= SHOWN else "different content"


def in_short(reasons: Sequence[str]) -> str:
    """The first reasons in one line, without those about the record beside a table."""
    told = [reason for reason in reasons if ".meta.json " not in reason] or list(reasons)
    more = f" and {len(told) - REASONS_SHOWN} more" if len(told) > REASONS_SHOWN else ""
    return "; ".join(told[:REASONS_SHOWN]) + more
