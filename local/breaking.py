"""What a change of an OpenAPI document breaks for frontends that were written against it before.

Pure: two documents in, one line for each break out. A break is what a generated client or a
correct caller trips over: a route, parameter, field or name that is gone; something that must be
sent now; a value that is no longer taken; a field that may be missing now or has another type; a
role that is needed now. What is only added breaks nothing, but for a new value among those that an
answer may hold: a program that lists them all does not know it.
"""

from collections.abc import Iterator
from typing import Any, Literal

from local.contract import operations, resolve

Json = dict[str, Any]
Way = Literal["sent", "answered"]

_AT_LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_AT_MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")


def breaks(before: Json, after: Json) -> list[str]:
    """What breaks, in the order of the document before."""
    sent, answered = _Compare(before, after, "sent"), _Compare(before, after, "answered")
    now = dict(operations(after))
    found = []
    for name, was in operations(before):
        if name not in now:
            found.append(f"{name} is gone")
            continue
        found += [f"{name}: {text}" for text in _operation(sent, answered, was, now[name])]
    gone = before["components"]["schemas"].keys() - after["components"]["schemas"].keys()
    return found + [f"the name {name} is gone from the schemas" for name in sorted(gone)]


def _operation(sent: "_Compare", answered: "_Compare", was: Json, now: Json) -> Iterator[str]:
    if was["operationId"] != now["operationId"]:
        yield f"its operationId {was['operationId']} is now {now['operationId']}"
    yield from _access(was, now)
    yield from _parameters(sent, was, now)
    yield from _bodies(sent, was.get("requestBody", {}), now.get("requestBody", {}), "the body")
    for status, answer in was["responses"].items():
        if status.startswith(("2", "3")):
            if status not in now["responses"]:
                yield f"it no longer answers {status}"
                continue
            yield from _bodies(answered, answer, now["responses"][status], f"the answer {status}")


def _access(was: Json, now: Json) -> Iterator[str]:
    if (not was.get("security") and now.get("security") and {} not in now["security"]) or (
        {} in was.get("security", ()) and {} not in now.get("security", [{}])
    ):
        yield "it asks for an access token now"
    lost = set(was.get("x-roles", ())) - set(now.get("x-roles", ()))
    if lost and now.get("x-roles"):
        yield f"the role {', '.join(sorted(lost))} no longer opens it"
    if now.get("x-roles") and not was.get("x-roles") and was.get("security"):
        yield f"it needs a role now: {', '.join(now['x-roles'])}"


def _parameters(compare: "_Compare", was: Json, now: Json) -> Iterator[str]:
    old = {(p["in"], p["name"]): p for p in was.get("parameters", ())}
    new = {(p["in"], p["name"]): p for p in now.get("parameters", ())}
    for place, name in sorted(old.keys() - new.keys()):
        yield f"the {place} parameter {name} is gone"
    for (place, name), parameter in new.items():
        known = old.get((place, name))
        if parameter.get("required") and not (known and known.get("required")):
            yield f"the {place} parameter {name} must be sent now"
        if known:
            yield from compare.schemas(known["schema"], parameter["schema"], name)


def _bodies(compare: "_Compare", was: Json, now: Json, at: str) -> Iterator[str]:
    if compare.way == "sent" and now.get("required") and not was.get("required"):
        yield f"{at} must be sent now"
    for kind, media in was.get("content", {}).items():
        if kind not in now.get("content", {}):
            yield f"{at} is no longer {kind}"
            continue
        yield from compare.schemas(
            media.get("schema", {}), now["content"][kind].get("schema", {}), at
        )


class _Compare:
    """Two schemas of the two documents, for what is sent to us or for what we answer."""

    def __init__(self, before: Json, after: Json, way: Way) -> None:
        self._before = before
        self._after = after
        self.way = way
        self._seen: set[tuple[str, str]] = set()

    def schemas(self, was: Json, now: Json, at: str) -> Iterator[str]:
        if "$ref" in was and "$ref" in now:
            pair = (was["$ref"], now["$ref"])
            if pair in self._seen:
                return  # reported where it was met first; or it contains itself
            self._seen.add(pair)
        was, now = resolve(self._before, was), resolve(self._after, now)
        old, new = _kinds(self._before, was), _kinds(self._after, now)
        # Who sends must be let send all that they could; who reads must know all that can come.
        gone = old - new if self.way == "sent" else new - old
        if gone and old and new:
            words = "is no longer taken" if self.way == "sent" else "may be"
            yield f"{at}: {words} {', '.join(sorted(gone))}"
            return
        yield from self._values(was, now, at)
        yield from self._limits(was, now, at)
        yield from self._fields(was, now, at)
        for part in ("items", "additionalProperties"):
            if isinstance(was.get(part), dict) and isinstance(now.get(part), dict):
                yield from self.schemas(was[part], now[part], f"{at}[]")
        yield from self._options(was, now, at)

    def _options(self, was: Json, now: Json, at: str) -> Iterator[str]:
        """One schema, or one beside null, on either side; more options only if they are as many."""
        old, new = _options(was), _options(now)
        if len(old) == len(new) and (len(old) > 1 or old[0] is not was or new[0] is not now):
            for one, other in zip(old, new, strict=True):
                yield from self.schemas(one, other, at)

    def _values(self, was: Json, now: Json, at: str) -> Iterator[str]:
        old, new = set(was.get("enum", ())), set(now.get("enum", ()))
        if self.way == "sent" and new and (gone := old - new):
            yield f"{at}: no longer takes {', '.join(map(str, sorted(gone)))}"
        if self.way == "answered" and old and (more := new - old):
            yield f"{at}: may be {', '.join(map(str, sorted(more)))} now"
        if self.way == "sent" and new and not old and "type" in was:
            yield f"{at}: takes only {', '.join(map(str, sorted(new)))} now"

    def _limits(self, was: Json, now: Json, at: str) -> Iterator[str]:
        if self.way == "answered":
            return
        for name in _AT_LEAST:
            if name in now and now[name] > was.get(name, 0 if "Length" in name else float("-inf")):
                yield f"{at}: {name} is {now[name]} now"
        for name in _AT_MOST:
            if name in now and now[name] < was.get(name, float("inf")):
                yield f"{at}: {name} is {now[name]} now"
        if "pattern" in now and now["pattern"] != was.get("pattern"):
            yield f"{at}: must match {now['pattern']} now"

    def _fields(self, was: Json, now: Json, at: str) -> Iterator[str]:
        old, new = was.get("properties", {}), now.get("properties", {})
        had, has = set(was.get("required", ())), set(now.get("required", ()))
        for name in sorted(old.keys() - new.keys()):
            yield f"{at}: {name} is gone"
        if self.way == "sent":
            for name in sorted(has - had):
                yield f"{at}: {name} must be sent now"
        else:
            for name in sorted((had - has) & new.keys()):
                yield f"{at}: {name} may be missing now"
        for name in sorted(old.keys() & new.keys()):
            yield from self.schemas(old[name], new[name], f"{at}: {name}")


def _options(schema: Json) -> list[Json]:
    """What the schema may be, but for null."""
    found = schema.get("anyOf") or schema.get("oneOf") or [schema]
    return [option for option in found if option.get("type") != "null"]


def _kinds(document: Json, schema: Json) -> set[str]:
    """The JSON types that the schema allows, with their format: `string`, `string uuid`, `null`."""
    schema = resolve(document, schema)
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return set().union(*(_kinds(document, option) for option in options))
    if "const" in schema and "type" not in schema:
        return {"string"} if isinstance(schema["const"], str) else set()
    kind = schema.get("type")
    return {f"{kind} {schema.get('format', '')}".strip()} if kind else set()
