"""Reads a dashboard with Grafana's own types, and says what of it they do not know."""

import json
import sys

try:
    from grafana_foundation_sdk.cog.encoder import JSONEncoder
    from grafana_foundation_sdk.cog.plugins import register_default_plugins
    from grafana_foundation_sdk.models.dashboard import Dashboard
except ImportError:
    print("skipped: Grafana's types take Python 3.11")
    sys.exit()


def lost(written, read, path=""):
    """The places that are not read, or not as they are written."""
    if isinstance(written, dict) and isinstance(read, dict):
        for key, value in written.items():
            if value not in (None, False, "", [], {}) or key in read:
                yield from lost(value, read.get(key), f"{path}.{key}")
    elif isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        for number, pair in enumerate(zip(written, read)):
            yield from lost(*pair, f"{path}[{number}]")
    elif written != read:
        yield f"{path}: {written!r} is read as {read!r}"


register_default_plugins()
with open(sys.argv[1]) as file:
    dashboard = json.load(file)
found = list(lost(dashboard, json.loads(JSONEncoder().encode(Dashboard.from_json(dashboard)))))
sys.exit("\n".join(found) or None)
