# SPDX-License-Identifier: Apache-2.0
"""Mining of planted pairs: Debian's paragraphs in two languages, shuffled, half of each side without a partner.

    koine data import debian-descriptions --output out/debian
    python Benchmarks/mining.py out/debian out/mining --languages de es ja ru

A paragraph that comes more than once on a side, or is the same on both, is left out. Packages are dealt out by a hash of their names:
a third for the development set, on which the threshold is chosen, the others for the test set. Of a set's pairs a third stays whole; of another
third the English side is taken away, of the last the other side, so that half of each side has no partner. Both sides are shuffled by a seed.
At most 1,000 pairs stay whole, 500 of the
development set. Prints, for each language, what `koine mine` says of the test set.
"""

import argparse
import csv
import hashlib
import json
import pathlib
import random
import subprocess


def paragraphs(file):
    with open(file, encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    counts = {}
    for row in rows:
        for side in ("source", "target"):
            key = (side, row[side].strip().lower())
            counts[key] = counts.get(key, 0) + 1
    for row in rows:
        source, target = row["source"].strip(), row["target"].strip()
        alone = all(counts[side, text.lower()] == 1 for side, text in (("source", source), ("target", target)))
        if alone and source and target and source.lower() != target.lower():
            yield source, target, row["package"]


def plant(pairs, folder, name, language, limit, seed):
    """Writes the two sides and the pairs of their lines; returns how many pairs there are."""
    generator = random.Random(seed)
    generator.shuffle(pairs)
    count = min(limit, len(pairs) // 3)
    whole, first, second = pairs[:count], pairs[count:2 * count], pairs[2 * count:3 * count]
    sides = ([(other, index) for index, (english, other) in enumerate(whole)] + [(other, None) for _, other in first],
             [(english, index) for index, (english, other) in enumerate(whole)] + [(english, None) for english, _ in second])
    lines = []
    for side, code in zip(sides, (language, "en")):
        generator.shuffle(side)
        (folder / f"{name}.{code}").write_text("".join(text + "\n" for text, _ in side), encoding="utf-8")
        lines.append({index: line for line, (_, index) in enumerate(side, 1) if index is not None})
    gold = "".join(f"{lines[0][index]}\t{lines[1][index]}\n" for index in sorted(lines[0]))
    (folder / f"{name}.gold").write_text(gold, encoding="utf-8")
    return count


def sets(data, language, folder, limit, seed):
    parts = {"dev": [], "test": []}
    for english, other, package in paragraphs(data / f"parallel/en-{language}.tsv"):
        share = int(hashlib.sha256(package.encode()).hexdigest(), 16) % 3
        parts["dev" if share == 0 else "test"].append((english, other))
    return {"dev": plant(parts["dev"], folder, "dev", language, limit // 2, seed),
            "test": plant(parts["test"], folder, "test", language, limit, seed)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--languages", nargs="+", default=["de", "es", "ja", "ru", "fr", "da"])
    parser.add_argument("--limit", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--koine", default="koine")
    parser.add_argument("--prepare", action="store_true", help="write the sets, mine nothing")
    parser.add_argument("--options", nargs=argparse.REMAINDER, default=[], help="options for koine mine, to the end of the line")
    arguments = parser.parse_args()
    print("language\tlines a side\tpairs\tthreshold\tF1 dev\tprecision\trecall\tF1")
    for language in arguments.languages:
        folder = arguments.output / language
        folder.mkdir(parents=True, exist_ok=True)
        counts = sets(arguments.data, language, folder, arguments.limit, arguments.seed)
        if arguments.prepare:
            print(language, counts)
            continue
        places = [f"--source={folder}/test.{language}={language}", f"--target={folder}/test.en=en",
                  f"--tune={folder}/dev.gold", f"--tune-source={folder}/dev.{language}={language}",
                  f"--tune-target={folder}/dev.en=en", f"--evaluate={folder}/test.gold", f"--work={folder}/work"]
        made = subprocess.run([arguments.koine, "mine", *places, "--json", *arguments.options],
                              check=True, stdout=subprocess.PIPE, text=True)
        result = json.loads(made.stdout)
        score = result["evaluation"]
        print(f"{language}\t{2 * counts['test']}\t{counts['test']}\t{result['threshold']:.4f}\t{result['tuning']['f1']:.3f}"
              f"\t{score['precision']:.3f}\t{score['recall']:.3f}\t{score['f1']:.3f}", flush=True)


if __name__ == "__main__":
    main()
