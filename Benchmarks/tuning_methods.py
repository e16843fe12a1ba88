# SPDX-License-Identifier: Apache-2.0
"""Tunes one base for one task by every method, and prints a table: score, parameters, time and memory of each.

    python3 Benchmarks/tuning_methods.py --koine koine --train eng_Latn/train.tsv --label category \
        --source eng_Latn/dev.tsv --target deu_Latn/dev.tsv quy_Latn/dev.tsv ... --output tuned

Each method has `koine tune`'s own rates; --epochs and --seed are the same for all. With --language-adapters FOLDER/{lang}
a row is added for a task adapter over language adapters (MAD-X), of which the source's is below in tuning, where it is there,
and each file's own in answering; a file's language is the name of its folder. Models that are already in --output
are measured again and not tuned again. Times are CPU seconds of the tuning, of one process. Needs nothing beyond Python 3.
"""

import argparse
import json
import shutil
import statistics
import subprocess
from pathlib import Path

METHODS = ["head", "top", "full", "biases", "lora", "ia3", "prefix", "pfeiffer", "houlsby"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--koine", default="koine")
    parser.add_argument("--task", default="classification")
    parser.add_argument("--base", default="e5-small")
    parser.add_argument("--train", required=True)
    parser.add_argument("--label")
    parser.add_argument("--source", required=True)
    parser.add_argument("--target", nargs="+", required=True)
    parser.add_argument("--methods", nargs="*", default=METHODS)
    parser.add_argument("--language-adapters")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    label = ["--label", arguments.label] if arguments.label else []
    threads = ["--threads", str(arguments.threads)]
    arguments.output.mkdir(parents=True, exist_ok=True)

    def said(*words: str):
        made = subprocess.run([arguments.koine, *words, "--json"], check=True, stdout=subprocess.PIPE)
        return json.loads(made.stdout)

    def evaluated(model: Path, files: list[str], *more: str) -> list[float]:
        return [one["scores"][0]["value"] for one in said("evaluate", str(model), *files, *more, *label, *threads)]

    def language(file: str) -> str:
        return Path(file).parent.name

    print("| method | trained parameters | source | mean of others | CPU seconds | peak memory |")
    print("|---|---|---|---|---|---|", flush=True)
    files = [arguments.source, *arguments.target]
    rows = [(method, method, None) for method in arguments.methods]
    if arguments.language_adapters:
        rows.append(("MAD-X", "pfeiffer", arguments.language_adapters))
    for name, method, below in rows:
        folder = arguments.output / f"{name}-{arguments.seed}"
        summary = folder.with_suffix(".json")
        if not summary.exists():
            shutil.rmtree(folder, ignore_errors=True)
            lowest = below.replace("{lang}", language(arguments.source)) if below else None
            lower = ["--below", lowest] if lowest and Path(lowest).exists() else []
            done = said(
                "tune", arguments.task, "--base", arguments.base, "--train", arguments.train, "--method", method,
                "--epochs", str(arguments.epochs), "--seed", str(arguments.seed), *lower, *label, *threads,
                "--output", str(folder))
            summary.write_text(json.dumps(done))
        done = json.loads(summary.read_text())
        if below:
            scores = []
            for file in files:
                own = below.replace("{lang}", language(file))
                scores += evaluated(folder, [file], *(["--below", own] if Path(own).exists() else []))
        else:
            scores = evaluated(folder, files)
        others = statistics.mean(scores[1:])
        print(
            f"| {name} | {done['trainableParameters']:,} | {scores[0]:.3f} | {others:.3f} | "
            f"{done['cpuSeconds']:.0f} | {done['peakMemoryBytes'] / 1e6:,.0f} MB |", flush=True)


if __name__ == "__main__":
    main()
