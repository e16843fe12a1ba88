#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Alignment error rate of `koine align-words` and of eflomal, on the same words.

    python3 Benchmarks/word_alignment.py --koine .build/release/koine --work out/alignment

The reference is that of the PyPI package bible-alignments 0.4.2: the Greek New Testament (SBLGNT) and the Berean Standard Bible, 7,919 verses
aligned by hand, all links sure. Words that the package marks as excluded (punctuation) are left out, and all are in lower case.
eflomal 2.0.0 (PyPI) must be installed beside this Python; it runs with its defaults (model 3) and again with stems of four letters on both
sides, and its two directions are made one here by each method. The verses are what both learn from; neither sees a reference link.
"""

import argparse
import collections
import csv
import json
import os
import subprocess
import sys
import zipfile

METHODS = ["intersect", "union", "grow-diag", "grow-diag-final", "grow-diag-final-and"]


def prepare(work):
    """The verses and their links, as source.txt, target.txt and links.txt."""
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", work,
         "bible-alignments==0.4.2"], check=True)
    wheel = next(name for name in os.listdir(work) if name.endswith(".whl"))
    with zipfile.ZipFile(os.path.join(work, wheel)) as file:
        def table(name):
            text = file.read(name).decode().splitlines()
            return csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE)
        sides, places = [collections.OrderedDict(), {}], [{}, {}]
        for row in table("data/sources/SBLGNT.tsv"):
            verse = sides[0].setdefault(row["id"][1:9], [])
            places[0][row["id"]] = (row["id"][1:9], len(verse))
            verse.append(row["text"].lower())
        for row in table("data/eng/targets/BSB/nt_BSB.tsv"):
            if row["exclude"]:
                continue
            verse = sides[1].setdefault(row["source_verse"], [])
            places[1][row["id"]] = (row["source_verse"], len(verse))
            verse.append(row["text"].lower())
        links = collections.defaultdict(set)
        records = json.loads(file.read("data/eng/alignments/BSB/SBLGNT-BSB-manual.json"))["records"]
        for record in records:
            for source in record["source"]:
                for target in record["target"]:
                    if source not in places[0] or target not in places[1]:
                        continue
                    (verse, i), (other, j) = places[0][source], places[1][target]
                    if verse == other:
                        links[verse].add((i, j))
    verses = [verse for verse in sides[0] if verse in sides[1] and verse in links]
    for name, lines in (
        ("source", [" ".join(sides[0][verse]) for verse in verses]),
        ("target", [" ".join(sides[1][verse]) for verse in verses]),
        ("links", [" ".join(f"{i}-{j}" for i, j in sorted(links[verse])) for verse in verses]),
    ):
        with open(f"{work}/{name}.txt", "w", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in lines))


def read(path):
    with open(path, encoding="utf-8") as file:
        return [{tuple(map(int, link.split("-"))) for link in line.split()} for line in file]


def joined(forward, backward, method):
    union, found = forward | backward, forward & backward
    if method in ("intersect", "union"):
        return found if method == "intersect" else union
    steps = [(-1, 0), (0, -1), (1, 0), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)]
    grows = True
    while grows:
        grows = False
        for i, j in sorted(found):
            for down, right in steps:
                link = (i + down, j + right)
                if link in union and link not in found and (
                    all(x != link[0] for x, _ in found) or all(y != link[1] for _, y in found)):
                    found.add(link)
                    grows = True
    if method == "grow-diag":
        return found
    for side in (forward, backward):
        for link in sorted(side):
            free = [all(x != link[0] for x, _ in found), all(y != link[1] for _, y in found)]
            if all(free) if method.endswith("and") else any(free):
                found.add(link)
    return found


def score(alignments, references):
    hits = sum(len(a & r) for a, r in zip(alignments, references))
    found, sure = sum(map(len, alignments)), sum(map(len, references))
    return hits / found, hits / sure, 1 - 2 * hits / (found + sure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--koine", default=".build/release/koine")
    parser.add_argument("--eflomal", default=os.path.join(os.path.dirname(sys.executable), "eflomal-align"))
    parser.add_argument("--work", required=True)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    work = arguments.work
    os.makedirs(work, exist_ok=True)
    if not os.path.exists(f"{work}/links.txt"):
        prepare(work)
    references = read(f"{work}/links.txt")
    print("| aligner | one alignment by | precision | recall | error rate |\n|---|---|---:|---:|---:|")

    def tell(name, method, alignments):
        values = score(alignments, references)
        print(f"| {name} | {method} | " + " | ".join(f"{value:.4f}" for value in values) + " |", flush=True)

    for name, options in (("eflomal", []), ("eflomal, stems of 4", ["--source-prefix", "4", "--target-prefix", "4"])):
        subprocess.run(
            [arguments.eflomal, "-s", f"{work}/source.txt", "-t", f"{work}/target.txt", "-f", f"{work}/forward",
             "-r", f"{work}/reverse", "--overwrite", "-m", "3"] + options,
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        forward, backward = read(f"{work}/forward"), read(f"{work}/reverse")
        for method in METHODS:
            tell(name, method, [joined(f, b, method) for f, b in zip(forward, backward)])
    pairs = ["--source", f"{work}/source.txt", "--target", f"{work}/target.txt", "--threads", str(arguments.threads)]
    for name, options in (
        ("koine, fast-align", ["--model", "fast-align", "--stem", "0"]),
        ("koine, hmm without stems", ["--stem", "0"]), ("koine", [])):
        model = ["--save", f"{work}/model"]
        for method in METHODS:
            command = [arguments.koine, "align-words", *pairs, "--symmetrization", method, *options, *model]
            if model[0] == "--load":
                command = [arguments.koine, "align-words", *pairs, "--symmetrization", method, *model]
            answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
            lines = answer.decode().splitlines()
            tell(name, method, [{tuple(map(int, link.split("-"))) for link in line.split()} for line in lines])
            model = ["--load", f"{work}/model"]


if __name__ == "__main__":
    main()
