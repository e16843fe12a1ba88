# SPDX-License-Identifier: Apache-2.0
"""Trains an adapter for each language on unlabelled text, and says what it is worth below a task's adapter.

    python3 Benchmarks/language_adapters.py --koine koine --data DATA --source en --languages de eu th --output out \
        [--train train.tsv] [--test test.tsv] [--label label] [--seeds 1 2 3]

DATA has a folder for each language, as `koine data import` writes them. Of the source's training split the labels are read, of the
others' the texts alone. The task is tuned on the source with each seed, on the base as it is, and measured with and without
the language's adapter below. What is in --output already is not trained again. Needs nothing beyond Python 3.
"""

import argparse
import json
import statistics
import subprocess
from pathlib import Path

PRETRAINING = "--reduction 16 --epochs 5 --anchor 1 --products bfloat16 --prefix query".split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--koine", default="koine")
    parser.add_argument("--base", default="e5-small")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--source", default="en")
    parser.add_argument("--languages", nargs="+", required=True)
    parser.add_argument("--train", default="train.tsv")
    parser.add_argument("--test", default="test.tsv")
    parser.add_argument("--label", default="label")
    parser.add_argument("--method", default="pfeiffer")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--threads", default="1")
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    threads = ["--threads", arguments.threads]
    label = ["--label", arguments.label]

    def said(*words: str):
        made = subprocess.run([arguments.koine, *words, "--json", *threads], check=True, stdout=subprocess.PIPE)
        return json.loads(made.stdout)

    def text(language: str) -> str:
        return str(arguments.data / language / arguments.train)

    def adapter(language: str) -> str:
        return str(arguments.output / "languages" / language)

    def accuracy(model: Path, language: str, *more: str) -> float:
        file = str(arguments.data / language / arguments.test)
        return said("evaluate", str(model), file, *label, *more)[0]["scores"][0]["value"]

    seconds = []
    for language in arguments.languages:
        if not Path(adapter(language)).exists():
            done = said(
                "pretrain", "--base", arguments.base, "--train", text(language), "--source", text(arguments.source),
                *PRETRAINING, "--output", adapter(language))
            seconds.append(done["cpuSeconds"])
    if seconds:
        print(f"{statistics.mean(seconds):.0f} CPU seconds for an adapter", flush=True)
    print("| seed | " + " | ".join(arguments.languages) + " | mean |")
    print("|---|" + "---|" * (len(arguments.languages) + 1), flush=True)
    for seed in arguments.seeds:
        model = arguments.output / f"task-{seed}"
        if not model.exists():
            said(
                "tune", "classification", "--base", arguments.base, "--train", text(arguments.source), *label,
                "--method", arguments.method, "--seed", str(seed), "--output", str(model))
        for name, is_below in [("without", False), ("with", True)]:
            scores = [
                accuracy(model, one, *(["--below", adapter(one)] if is_below else []))
                for one in arguments.languages
            ]
            cells = " | ".join(f"{score:.3f}" for score in scores)
            print(f"| {seed}, {name} | {cells} | {statistics.mean(scores):.4f} |", flush=True)


if __name__ == "__main__":
    main()
