# SPDX-License-Identifier: Apache-2.0
"""Extends a base by a language's pieces with every initialisation, and says what each is worth before and after training.

    python3 Benchmarks/vocabulary_initialization.py --koine koine --data SIB200 --language tir_Ethi --output out \
        [--pieces 2000] [--dictionary tigrinya.txt] [--epochs 3] [--base e5-small]

SIB200 has a folder for each language with train.tsv and dev.tsv (index_id, category, text), the same index_id for the same sentence.
Pieces are learned of the language's training text; the pieces a word takes and the share that is unknown are counted, and
sentences retrieved in both directions, on the development text. With --epochs the extended base is trained on the pairs of
the training text and English ('koine align', all layers, towards the frozen base's English vectors), the base without new pieces
too. --dictionary has a word of the other language and its translation a line, English first; with it WECHSEL is run, with
vectors learned of the two training texts. What is in --output already is not made again. Needs nothing beyond Python 3.
"""

import argparse
import csv
import json
import subprocess
from pathlib import Path

WAYS = {
    "overlap": [],
    "mean": [],
    "focus": ["--least", "2", "--epochs", "20", "--dim", "32"],
    "wechsel": [],
}
VECTORS = "-dim 100 -minCount 2 -epoch 50 -t 1 --deterministic --quiet".split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--koine", default="koine")
    parser.add_argument("--base", default="e5-small")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--language", required=True)
    parser.add_argument("--source", default="eng_Latn")
    parser.add_argument("--dictionary", type=Path)
    parser.add_argument("--pieces", default="2000")
    parser.add_argument("--epochs", type=int, default=0)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--threads", default="1")
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    out = arguments.output
    out.mkdir(parents=True, exist_ok=True)

    def run(*words: str) -> str:
        made = subprocess.run([arguments.koine, *words], check=True, stdout=subprocess.PIPE, text=True)
        return made.stdout

    def texts(language: str, split: str) -> dict[str, str]:
        with open(arguments.data / language / f"{split}.tsv", encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            return {row["index_id"]: row["text"] for row in rows}

    def aligned(split: str) -> dict[str, Path]:
        sides = {one: texts(one, split) for one in (arguments.language, arguments.source)}
        common = [key for key in sides[arguments.language] if key in sides[arguments.source]]
        files = {}
        for language, side in sides.items():
            files[language] = out / f"{split}.{language}.txt"
            files[language].write_text("".join(side[key] + "\n" for key in common), encoding="utf-8")
        return files

    train, dev = aligned("train"), aligned("dev")
    new, source = arguments.language, arguments.source
    ways = {name: list(options) for name, options in WAYS.items()}
    if arguments.dictionary:
        pairs = [line.split("\t") for line in arguments.dictionary.read_text(encoding="utf-8").splitlines()]
        turned = "".join(f"{pair[1].strip()}\t{pair[0].strip().lower()}\n" for pair in pairs if len(pair) == 2)
        (out / "dictionary.tsv").write_text(turned, encoding="utf-8")
        for language in (new, source):
            if not (out / f"{language}.vec").exists():
                run("vectors", "train", "--input", str(train[language]), "--output", str(out / language), *VECTORS,
                    "--threads", arguments.threads)
        ways["wechsel"] = [
            "--new-vectors", str(out / f"{new}.vec"), "--old-vectors", str(out / f"{source}.vec"), "--dictionary",
            str(out / "dictionary.tsv")]
    else:
        del ways["wechsel"]

    def cut(base: str) -> tuple[float, float]:
        model = base if Path(base).exists() else Path(run("base", "fetch", base).strip())
        ids = run("subwords", "encode", "--model", str(Path(model) / "tokenizer.json"), str(dev[new])).split()
        words = len(dev[new].read_text(encoding="utf-8").split())
        return len(ids) / words, ids.count("3") / len(ids)

    def retrieval(base: str) -> list[float]:
        measured = json.loads(run(
            "retrieve", "--base", base, "--queries", str(dev[new]), "--documents", str(dev[source]), "--query-prefix", "query",
            "--document-prefix", "query", "--evaluate", "--resamples", "0", "--json", "--threads", arguments.threads))
        scores = {one["direction"]: one["value"] for one in measured["scores"] if one["metric"] == "P@1"}
        return [scores["queries to documents"], scores["documents to queries"]]

    print(f"{new}: {arguments.pieces} pieces at most, {len(dev[new].read_text().splitlines())} development sentences\n")
    print("| rows | copied / mixed / drawn | pieces a word | unknown | P@1 to English | P@1 from English |"
          + (" after training, to | from |" if arguments.epochs else ""))
    print("|---|---|---|---|---|---|" + ("---|---|" if arguments.epochs else ""), flush=True)
    for name in ["as it was", *ways]:
        base, counts = arguments.base, "–"
        if name in ways:
            base = str(out / name)
            report = out / f"{name}.json"
            if not report.exists():
                # The same pieces for all: the first way's.
                text = ["--input", str(train[new])]
                learned = out / next(iter(ways)) / "tokenizer.json"
                if learned.exists():
                    pieces = ["--vocabulary", str(learned), *(text if name == "focus" else [])]
                else:
                    pieces = [*text, "--pieces", arguments.pieces]
                report.write_text(run(
                    "base", "extend", "--base", arguments.base, *pieces, "--initialization", name, *ways[name],
                    "--seed", arguments.seed, "--threads", arguments.threads, "--json", "--output", base))
            rows = json.loads(report.read_text())["rows"]
            counts = f"{rows['copied']} / {rows['mixed']} / {rows['drawn']}"
        words, unknown = cut(base)
        cells = [name, counts, f"{words:.2f}", f"{unknown:.3f}", *(f"{score:.3f}" for score in retrieval(base))]
        if arguments.epochs:
            trained = out / f"{name.replace(' ', '-')}-aligned"
            if not trained.exists():
                run("align", "--base", base, "--pairs", f"{train[source]},{train[new]}={new}", "--method", "full", "--objective",
                    "pivot=1", "--prefix", "query", "--held-out", "20", "--epochs", str(arguments.epochs), "--seed", arguments.seed, "--threads",
                    arguments.threads, "--output", str(trained))
            cells += [f"{score:.3f}" for score in retrieval(str(trained))]
        print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
