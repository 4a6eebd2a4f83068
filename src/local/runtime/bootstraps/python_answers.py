# What a Python handler's answer becomes: the encoding of Lambda's runtime client, which is simplejson's with Decimal as a number.
import decimal
import json
import marshal
import math
import os

# Up to 3.11 everything beyond ASCII is escaped. (Not decided by the interpreter: another one may stand in for it.)
ENSURE_ASCII = os.environ.get("AWS_EXECUTION_ENV") in {
    "AWS_Lambda_python3.%d" % minor for minor in range(6, 12)
}
plain = json.JSONEncoder(ensure_ascii=ENSURE_ASCII)
text_of = plain.encode


def encode(answer):
    """JSON text. Raises what simplejson raises for what cannot be one."""
    try:
        # Refuses whatever is not exactly of a built-in type, at the speed of C: named tuples among them, which json cannot tell apart.
        marshal.dumps(answer)
        return plain.encode(answer)
    except (TypeError, ValueError, RecursionError):
        return "".join(parts_of(answer, set()))


def parts_of(value, above):
    if isinstance(value, str):
        yield text_of(value)
    elif isinstance(value, bytes):
        yield text_of(value.decode("utf-8"))
    elif value is None or value is True or value is False:
        yield text_of(value)
    elif isinstance(value, int):
        yield int.__repr__(value)
    elif isinstance(value, float):
        yield text_of(float(value))
    elif isinstance(value, decimal.Decimal):
        # simplejson would write -NaN, which nobody reads.
        yield text_of(math.nan) if value.is_nan() else str(value)
    else:
        yield from parts_within(value, above)


def parts_within(value, above):
    if id(value) in above:
        raise ValueError("Circular reference detected")
    within = above | {id(value)}
    as_dict = getattr(value, "_asdict", None)
    if isinstance(value, list):
        yield from parts_of_list(value, within)
    elif callable(as_dict):
        yield from parts_of_dict(as_dict(), within)
    elif isinstance(value, tuple):
        yield from parts_of_list(value, within)
    elif isinstance(value, dict):
        yield from parts_of_dict(value, within)
    else:
        raise TypeError("Object of type %s is not JSON serializable" % value.__class__.__name__)


def parts_of_list(values, above):
    separator = "["
    for value in values:
        yield separator
        separator = ", "
        yield from parts_of(value, above)
    yield "[]" if separator == "[" else "]"


def parts_of_dict(entries, above):
    separator = "{"
    for key, value in entries.items():
        yield separator + text_of(key_text(key)) + ": "
        separator = ", "
        yield from parts_of(value, above)
    yield "{}" if separator == "{" else "}"


def key_text(key):
    if isinstance(key, str):
        return key
    if isinstance(key, bytes):
        return key.decode("utf-8")
    if key is None or key is True or key is False or isinstance(key, (int, float)):
        return "".join(parts_of(key, set()))
    raise TypeError("keys must be str, int, float, bool or None, not %s" % key.__class__.__name__)
