"""Makes the generated requests independent of each other."""

import itertools
import re

import schemathesis

KEY = "Idempotency-Key"
numbers = itertools.count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    # Generated keys repeat with other bodies, which the server rightly refuses; then little else is tested.
    key = (case.headers or {}).get(KEY)
    if isinstance(key, str) and re.fullmatch(r"[!-~]{1,255}", key) and not without_credential(case):
        case.headers[KEY] = f"{key[:200]}-{next(numbers)}"


def without_credential(case):
    # Editing the headers of such a case would have its credential put back.
    data = getattr(case.meta.phase, "data", None)
    return getattr(data, "parameter", None) == "Authorization"
