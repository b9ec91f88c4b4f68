"""Reads a FHIR bundle from standard input with `fhir.resources` and writes how many resources of which type it holds.

Every reference must lead to an entry of the bundle.
"""

import collections
import json
import sys

from fhir.resources.R4B.bundle import Bundle


def references(value):
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "reference":
                yield inner
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


text = sys.stdin.read()
bundle = Bundle.model_validate_json(text)
known = {entry.fullUrl for entry in bundle.entry}
missing = set(references(json.loads(text))) - known
if missing:
    sys.exit(f"references that lead nowhere: {sorted(missing)[:5]}")
json.dump(collections.Counter(entry.resource.get_resource_type() for entry in bundle.entry), sys.stdout)
