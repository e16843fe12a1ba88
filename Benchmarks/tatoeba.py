#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Asks for the English of Tatoeba's sentences in thirty languages, by cosine, and prints accuracy and F1 of each pair and their means.

    python3 Benchmarks/tatoeba.py DATA/tatoeba --koine .build/release/koine [--below 'aligned/{lang}'] [--base e5-small]

DATA/tatoeba has tatoeba.xxx-eng.xxx and tatoeba.xxx-eng.eng. Both sides get the prefix "query: ". --below names folders of adapters by
language; a language without one is asked as it is.
"""

import argparse
import json
import subprocess
from pathlib import Path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--koine", required=True)
    parser.add_argument("--base", default="e5-small")
    parser.add_argument("--below")
    parser.add_argument("--retrieval", default="nn")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    rows = []
    for english in sorted(arguments.data.glob("tatoeba.*-eng.eng")):
        language = english.name.split(".")[1].split("-")[0]
        command = [
            arguments.koine, "retrieve", "--base", arguments.base, "--queries", english.with_suffix(f".{language}"),
            "--documents", english, "--document-prefix", "query", "--evaluate", "--resamples", "0", "--json",
            "--retrieval", arguments.retrieval, "--threads", str(arguments.threads)]
        adapter = Path(arguments.below.replace("{lang}", language)) if arguments.below else None
        if adapter and adapter.is_dir():
            command += ["--query-below", adapter]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr)
        scores = {
            score["metric"]: score["value"] for score in json.loads(done.stdout)["scores"]
            if score["direction"] == "queries to documents"}
        rows.append((scores["P@1"], scores["F1"]))
        print(f"{language}\t{scores['P@1']:.4f}\t{scores['F1']:.4f}", flush=True)
    weakest = sorted(f1 for _, f1 in rows)[:10]
    print(f"mean\t{sum(a for a, _ in rows) / len(rows):.4f}\t{sum(f for _, f in rows) / len(rows):.4f}")
    print(f"weakest ten\t\t{sum(weakest) / len(weakest):.4f}")


if __name__ == "__main__":
    main()
