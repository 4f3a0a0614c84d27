"""Try Tieout with a model, without a key: `python tests/openai_server.py --port 8399 [--faults]`."""

from __future__ import annotations

import argparse
import itertools
import json
import threading
from dataclasses import replace

from tests.honest_model import model
from tests.openai_server import Act, Body, Drop, Raw, Reply, Status, serve

_FAULTS: tuple[tuple[str, Act], ...] = (
    ("429, Retry-After 1", Status(429, {"Retry-After": "1"})),
    ("500", Status(500)),
    ("connection dropped", Drop()),
    ("half a body", Raw(b'{"id": "x", "choices": [{"ind')),
    ("truncated JSON", Reply('{"notes": [{"flag": "F1", "cla')),
    ("wrong schema", Reply('{"answer": 42}')),
    ("refusal", Reply("", refusal="I will not.")),
    ("invented figures", Reply(json.dumps({"notes": [{"flag": "F1", "claims": [
        {"kind": "finding", "text": "It cost 1,234,567.00 USD.", "evidence": ["F1.X"]}]}]}))),
)  # fmt: skip


def main() -> None:
    """Serve until interrupted, saying what is asked and what is answered."""
    parser = argparse.ArgumentParser(description="An OpenAI-compatible endpoint that needs no key.")
    parser.add_argument("--port", type=int, default=8399)
    parser.add_argument("--after", type=float, default=0.0, help="seconds that an answer takes")
    parser.add_argument("--faults", action="store_true", help="let every second answer fail, each in its way")
    options = parser.parse_args()
    turns, faults = itertools.count(), itertools.cycle(_FAULTS)

    def answer(body: Body) -> Act:
        purpose = "an observer's turn" if body.get("tools") else "words for flags"
        if options.faults and next(turns) % 2:
            name, act = next(faults)
            print(f"{body['model']}: {purpose}: {name}", flush=True)
            return act
        print(f"{body['model']}: {purpose}: answered", flush=True)
        return replace(model(body), after=options.after)

    with serve(then=answer, port=options.port) as server:
        print(
            f"TIEOUT_MODEL=small TIEOUT_MODEL_BASE_URL={server.url} tieout audit samples/sources.yaml",
            flush=True,
        )
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("stopped")
