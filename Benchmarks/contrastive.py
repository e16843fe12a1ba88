#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Times contrastive steps of `koine align` beside sentence-transformers, in turn, on one table of pairs.

    python3 Benchmarks/contrastive.py PAIRS.tsv --koine .build/release/koine --model MODEL --reference PYTHON

Koine's rate is the difference of a long and a short run, so that opening the model and encoding sources counts for nothing. Both
encode both sides with gradients and move every parameter.
"""

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--koine", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--reference", required=True, help="the python that Benchmarks/Reference/install.sh prints")
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    environment = dict(os.environ, OMP_WAIT_POLICY="PASSIVE")

    def koine(steps):
        with tempfile.TemporaryDirectory() as folder:
            command = [
                arguments.koine, "align", "--pairs", f"{arguments.pairs}=xx", "--base", arguments.model,
                "--objective", "contrastive", "--learn-sources", "--method", "full", "--rate", "1e-5",
                "--batch-size", str(arguments.batch_size), "--steps", str(steps), "--held-out", "0",
                "--maximum-length", "512", "--threads", str(arguments.threads), "--json",
                "--checkpoint-interval", "1000000", "--output", f"{folder}/out"]
            done = subprocess.run(command, capture_output=True, text=True, env=environment)
            if done.returncode:
                raise SystemExit(done.stderr)
            return json.loads(done.stdout)

    def reference(*more):
        script = Path(__file__).parent / "Reference" / "reference_contrastive.py"
        done = subprocess.run(
            [arguments.reference, script, arguments.pairs, "--model", arguments.model, "--batch-size",
             str(arguments.batch_size), "--steps", str(arguments.steps), "--threads", str(arguments.threads), *more],
            capture_output=True, text=True, env=environment)
        if done.returncode:
            raise SystemExit(done.stderr)
        return json.loads(done.stdout.strip().split("\n")[-1])

    for _ in range(arguments.rounds):
        short, long = koine(1), koine(1 + arguments.steps)
        rate = arguments.steps * arguments.batch_size / (long["cpuSeconds"] - short["cpuSeconds"])
        plain, grouped = reference(), reference("--group")
        best = max(plain["examples_per_second"], grouped["examples_per_second"])
        print(json.dumps({
            "koine": round(rate, 2), "koine_megabytes": round(long["peakMemoryBytes"] / 1e6),
            "sentence_transformers": plain["examples_per_second"], "grouped": grouped["examples_per_second"],
            "megabytes": plain["megabytes"], "ratio_to_best": round(rate / best, 3)}), flush=True)


if __name__ == "__main__":
    main()
