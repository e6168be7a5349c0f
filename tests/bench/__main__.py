"""`python -m tests.bench [--json FILE] [--only NAME]`: one `name: value` line for each figure (docs/bench.md)."""

import argparse
import json
import signal
import sys
import tempfile
from pathlib import Path

from tests.bench import (
    circle,
    counts,
    cpu,
    live,
    memory,
    offline,
    peers,
    phone,
    plan,
    pouch,
    servers,
    silence,
    weight,
)
from tests.bench.solid import NoNode

_GROUPS = {
    "cpu": cpu.figures,
    "counts": counts.figures,
    "circle": circle.figures,
    "plan": plan.figures,
    "weight": weight.figures,
    "phone": phone.figures,
    "offline": offline.figures,
    "memory": memory.figures,
    "live": live.figures,
    "silence": silence.figures,
}
_ON_WISH = {  # not part of the run
    "servers": servers.figures,  # how docs/server.md was made
    "peers": peers.figures,  # make bench-peers
    "pouch": pouch.figures,  # make bench-peers
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Print the figures of docs/bench.md."
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE as well")
    parser.add_argument(
        "--only",
        choices=[*_GROUPS, *_ON_WISH],
        nargs="+",
        metavar="NAME",
        help="some groups: %(choices)s",
    )
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that no server is left running
    groups = {name: (_GROUPS | _ON_WISH)[name] for name in chosen.only or _GROUPS}
    found: dict[str, float] = {}
    for figures in groups.values():
        with tempfile.TemporaryDirectory(prefix="dagsform-bench-") as folder:
            try:
                group = figures(Path(folder))
            except NoNode as missing:
                sys.exit(str(missing))
        for name, value in group.items():
            print(f"{name}: {value:g}", flush=True)
        found |= group
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
