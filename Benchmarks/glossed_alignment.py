#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Aligns one language to English from what its users have, with glosses behind its text, and asks for the English of sentences.

    python3 Benchmarks/glossed_alignment.py --koine .build/release/koine --language eus_Latn --dictionary DATA/dictionaries/basque.txt \\
        --catalogues /usr/share/locale/eu/LC_MESSAGES --english en.txt \\
        --queries DATA/tatoeba/tatoeba.eus-eng.eus --documents DATA/tatoeba/tatoeba.eus-eng.eng --output out/glossed/eus

Pairs are strings of programs (gettext catalogues of at least two words) and English sentences that are put into the language's words by the
dictionary. Prints accuracy and F1 as the base is, with glosses, and with glosses and the adapter; the queries are not learned from.
"""

import argparse
import gettext
import json
import os
import random
import re
import subprocess
from pathlib import Path


def strings(folder, limit):
    """Strings of programs and their translations, the longest first."""
    pairs = {}
    for file in sorted(folder.glob("**/*.mo")):
        try:
            catalogue = gettext.GNUTranslations(open(file, "rb"))._catalog
        except (OSError, UnicodeDecodeError, ValueError):
            continue
        for source, target in catalogue.items():
            source = source[0] if isinstance(source, tuple) else source
            source = source.split("\x04")[-1]
            if not source or re.search(r"[%{}$\\]|https?:", source):
                continue
            source, target = plain(source), plain(target)
            if source.lower() != target.lower() and 2 <= len(source.split()) <= 20 and any(map(str.isalpha, target)):
                pairs.setdefault(source, target)
    draw = random.Random(1)
    return sorted(pairs.items(), key=lambda pair: (-min(len(pair[0].split()), 6), draw.random()))[:limit]


def plain(text):
    """A string without marks of keys and markup."""
    text = re.sub(r"(?<=\w)[_&](?=\w)|[_&](?=\w)|\(_?&?\w\)$", "", text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text)).strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("koine", "language", "dictionary", "english", "queries", "documents"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--catalogues", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--strings", type=int, default=3000)
    parser.add_argument("--sentences", type=int, default=2000)
    parser.add_argument("--threads", default="2")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)

    def koine(*words, text=None):
        done = subprocess.run(
            [arguments.koine, *map(str, words)], input=text, capture_output=True, text=True,
            env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE"})
        if done.returncode:
            raise SystemExit(done.stderr)
        return done.stdout

    def glossed(lines):
        return koine("data", "gloss", "--dictionary", arguments.dictionary, text="\n".join(lines) + "\n").splitlines()

    pairs = strings(arguments.catalogues, arguments.strings)
    table = arguments.output / "switched.jsonl"
    koine("data", "code-switch", arguments.english, "--dictionary", f"{arguments.dictionary}={arguments.language}",
          "--limit", arguments.sentences, "--output", table)
    switched = [json.loads(line) for line in table.read_text().splitlines()]
    pairs += [(row["pair"], row["text"]) for row in switched]
    targets = glossed([target for _, target in pairs])
    with open(arguments.output / "pairs.tsv", "w") as file:
        file.write("source\ttarget\n")
        for (source, _), target in zip(pairs, targets):
            if "\t" not in source + target and '"' not in (source[:1], target[:1]):
                file.write(f"{source}\t{target}\n")
    print(f"{len(pairs)} pairs, {len(switched)} of them by the dictionary")
    adapter = arguments.output / "adapter"
    if not adapter.exists():
        koine("align", "--threads", arguments.threads, "--freeze-sources", "--output", adapter, "--pairs",
              f"{arguments.output}/pairs.tsv={arguments.language}", "--epochs", 1, "--health-interval", 0,
              "--maximum-length", 64, "--objective", "contrastive=1", "--temperature", 0.02, "--rate", 3e-4)
    queries = arguments.output / "queries.txt"
    queries.write_text("\n".join(glossed(Path(arguments.queries).read_text().splitlines())) + "\n")
    for name, file, options in (
            ("as it is", arguments.queries, ()), ("glossed", queries, ()), ("glossed, aligned", queries, ("--query-below", adapter))):
        answer = json.loads(koine(
            "retrieve", "--threads", arguments.threads, "--queries", file, "--documents", arguments.documents,
            "--document-prefix", "query", "--evaluate", "--resamples", 0, "--json", *options))
        scores = {
            score["metric"]: score["value"] for score in answer["scores"] if score["direction"] == "queries to documents"}
        print(f"{name}\taccuracy {scores['P@1']:.4f}\tF1 {scores['F1']:.4f}", flush=True)


if __name__ == "__main__":
    main()
