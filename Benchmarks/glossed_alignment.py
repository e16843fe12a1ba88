#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Aligns one language to English from what its users have, with glosses behind its text, and asks for the English of sentences.

    python3 Benchmarks/glossed_alignment.py --koine .build/release/koine --language eus_Latn --dictionary DATA/dictionaries/basque.txt \\
        --catalogues /usr/share/locale/eu/LC_MESSAGES --english en.txt --sib200 DATA/sib200 \\
        --queries DATA/tatoeba/tatoeba.eus-eng.eus --documents DATA/tatoeba/tatoeba.eus-eng.eng --output out/glossed/eus

A word list is learned from gettext catalogues and, where --sib200 is given, its 701 training sentences in both languages, and comes after the
dictionary, which a language need not have. Pairs are strings of catalogues (of at least two words), the training sentences twice, and English
sentences that are put into the language's words by the list. Half of the known words of pairs are glossed, for what is read later has words that no
list knows. Prints accuracy and F1 as the base is, with glosses, and with the adapter too; the queries are not learned from.
"""

import argparse
import csv
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
        except (OSError, ValueError, IndexError):  # not UTF-8, or not a catalogue
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


def sib200(folder, language):
    """SIB-200's training sentences in English and the language."""
    texts = []
    for name in ("eng_Latn", language):
        with open(folder / name / "train.tsv", encoding="utf-8") as file:
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            texts.append({row["index_id"]: row["text"] for row in rows})
    return [(texts[0][key], texts[1][key]) for key in texts[0] if key in texts[1]]


def write(path, lines):
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("koine", "language", "english", "queries", "documents"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--dictionary")
    parser.add_argument("--catalogues", type=Path, action="append", required=True)
    parser.add_argument("--sib200", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--strings", type=int, default=3000)
    parser.add_argument("--sentences", type=int, default=2000)
    parser.add_argument("--rate", default="0.5")
    parser.add_argument("--threads", default="2")
    arguments = parser.parse_args()
    output = arguments.output
    output.mkdir(parents=True, exist_ok=True)

    def koine(*words, text=None):
        done = subprocess.run(
            [arguments.koine, *map(str, words)], input=text, capture_output=True, text=True,
            env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE"})
        if done.returncode:
            raise SystemExit(done.stderr)
        return done.stdout

    def retrieved(queries, documents, *options):
        """Accuracy and F1 of finding each query's document."""
        answer = json.loads(koine(
            "retrieve", "--threads", arguments.threads, "--queries", queries, "--documents", documents,
            "--document-prefix", "query", "--evaluate", "--resamples", 0, "--json", *options))
        scores = {
            score["metric"]: score["value"] for score in answer["scores"] if score["direction"] == "queries to documents"}
        return scores["P@1"], scores["F1"]

    parallel = sib200(arguments.sib200, arguments.language) if arguments.sib200 else []
    words = output / "words.txt"
    sources = list(arguments.catalogues)
    if parallel:
        sources.append(write(output / "parallel.txt", (f"{source} ||| {target}" for source, target in parallel)))
    koine("data", "dictionary", *sources, "--threads", arguments.threads, "--output", words,
          *(("--after", arguments.dictionary) if arguments.dictionary else ()))

    def glossed(lines, *options):
        text = koine("data", "gloss", "--dictionary", words, *options, text="\n".join(lines) + "\n")
        return text.split("\n")[:-1]

    pairs = [
        pair for folder in arguments.catalogues for pair in strings(folder, arguments.strings)][:arguments.strings]
    table = output / "switched.jsonl"
    koine("data", "code-switch", arguments.english, "--dictionary", f"{words}={arguments.language}",
          "--limit", arguments.sentences, "--output", table)
    switched = [json.loads(line) for line in table.read_text(encoding="utf-8").splitlines()]
    pairs += [(row["pair"], row["text"]) for row in switched] + parallel * 2
    targets = glossed([target for _, target in pairs], "--rate", arguments.rate)
    write(output / "pairs.tsv", ["source\ttarget"] + [
        f"{source}\t{target}" for (source, _), target in zip(pairs, targets)
        if "\t" not in source + target and '"' not in (source[:1], target[:1])])
    print(f"{len(pairs)} pairs, {len(switched)} of them by the list, {len(parallel)} sentences twice", flush=True)
    adapter = output / "adapter"
    if not adapter.exists():
        koine("align", "--threads", arguments.threads, "--freeze-sources", "--output", adapter, "--pairs",
              f"{output}/pairs.tsv={arguments.language}", "--epochs", 1, "--health-interval", 0,
              "--maximum-length", 96, "--objective", "contrastive=1", "--temperature", 0.02, "--rate", 3e-4)
    lines = Path(arguments.queries).read_text(encoding="utf-8").split("\n")[:-1]
    queries = write(output / "queries.txt", glossed(lines))
    for name, file, options in (
            ("as it is", arguments.queries, ()), ("glossed", queries, ()),
            ("glossed, aligned", queries, ("--query-below", adapter))):
        accuracy, f1 = retrieved(file, arguments.documents, *options)
        print(f"{name}\taccuracy {accuracy:.4f}\tF1 {f1:.4f}", flush=True)


if __name__ == "__main__":
    main()
