#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What each part of an alignment is worth: topics of SIB-200 from English labels, eight languages, several seeds.

    python3 Benchmarks/ablation.py --koine koine --sib200 DATA/sib200 --dictionaries DICTIONARIES --catalogues locale \
        --output out/ablation [--seeds 3] [--threads 2]

DICTIONARIES has {lang}.txt with an English word and its translation a line (Benchmarks/dictionaries.py links them); --catalogues is a
folder of gettext catalogues as systems have it, locale/LC_MESSAGES/*.mo. Of each language half of the catalogues are pairs; of the other half
only the texts are taken, both sides shuffled and English of all languages together, and pairs are mined from them, with the threshold that finds the first
half's best, when every second of its pairs has lost a side.

Benchmarks/Recipes/ablation.yaml says what is trained: a classifier on the frozen base's vectors of English, which answers for each
language above the adapter that an alignment came to, so that the alignment alone is what differs. The last row has the whole chain on a base that
was given pieces of these languages. Of SIB-200 the English training split and the other languages' development split are
read. Each seed draws other words, order and adapters. What is in --output already is not made again. Needs nothing beyond Python 3.
"""

import argparse
import gettext
import itertools
import json
import random
import re
import statistics
import subprocess
from pathlib import Path

RECIPE = Path(__file__).parent / "Recipes" / "ablation.yaml"
LOCALES = {
    "eus_Latn": "eu", "cym_Latn": "cy", "gla_Latn": "gd", "amh_Ethi": "am", "khm_Khmr": "km", "kaz_Cyrl": "kk",
    "tgk_Cyrl": "tg", "uig_Arab": "ug",
}
PARTS = ["none", "contrastive", "regularised", "near-to-far", "curriculum", "mined", "adapters"]
WORDS, MESSAGES, UNALIGNED, PIECES = 250, 250, 500, 2000


def messages(file: Path) -> dict[str, str]:
    """English texts of at least two words and their translations, without markup, marks of menus and placeholders."""

    def clean(text: str) -> str:
        text = re.sub(r"(?<=\w)[_&](?=\w)|\b[_&](?=\w)|\(_?&?\w\)$", "", text)
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text)).strip()

    with open(file, "rb") as content:
        catalogue = gettext.GNUTranslations(content)._catalog
    found = {}
    for key, value in catalogue.items():
        key = key[0] if isinstance(key, tuple) else key
        if not key or re.search(r"[%{}$\\]|https?:", key):
            continue
        english, other = clean(key.split("\x04")[-1]), clean(value)
        if 2 <= len(english.split()) <= 20 and english.lower() != other.lower() and any(map(str.isalpha, other)):
            found.setdefault(english, other)
    return found


def write(file: Path, lines) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def hold_out(folder: Path, pairs: list[tuple[str, str]], draw: random.Random) -> None:
    """Both sides of pairs, shuffled, and which lines belong together; every second pair has lost one side."""
    sides = []
    for side in range(2):
        numbers = [number for number in range(len(pairs)) if number % 2 == 0 or number % 4 == 1 + 2 * side]
        draw.shuffle(numbers)
        sides.append({number: line for line, number in enumerate(numbers, 1)})
        write(folder / ("eng_Latn.txt", "other.txt")[side], [pairs[number][side] for number in numbers])
    write(folder / "gold", [f"{line}\t{sides[1][number]}" for number, line in sides[0].items() if number % 2 == 0])


def prepare(arguments, run) -> None:
    """Lays out dictionaries, aligned and unaligned catalogues, mined pairs and the text that pieces are learned of."""
    data = arguments.output / "data"
    draw = random.Random(1)
    english = {}
    unaligned = {}
    for language, locale in LOCALES.items():
        files = sorted((arguments.catalogues / locale / "LC_MESSAGES").glob("*.mo"))
        pairs = {k: v for file in files for k, v in messages(file).items() if "\t" not in k + v}
        # The longest messages say the most.
        chosen = sorted(pairs.items(), key=lambda pair: (-min(len(pair[0].split()), 6), draw.random()))
        chosen = chosen[:MESSAGES + UNALIGNED]
        draw.shuffle(chosen)
        cut = min(MESSAGES, len(chosen) // 2)
        aligned, rest = chosen[:cut], chosen[cut:]
        write(data / "catalogues" / f"{language}.tsv", ["source\ttarget"] + [f"{a}\t{b}" for a, b in aligned])
        unaligned[language] = [b for _, b in rest]
        draw.shuffle(unaligned[language])
        english.update(dict.fromkeys(a for a, _ in rest))
        write(data / "text" / f"{language}.txt", [b for _, b in pairs.items()])
        hold_out(data / "development" / language, aligned, draw)
        words = (arguments.dictionaries / f"{language}.txt").read_text(encoding="utf-8").splitlines()
        write(data / "words" / f"{language}.txt", draw.sample(words, min(WORDS, len(words))))
        write(data / "dictionaries" / f"{language}.txt", words)
    (data / "sib200").unlink(missing_ok=True)
    (data / "sib200").symlink_to(arguments.sib200.resolve())
    texts = list(english)
    draw.shuffle(texts)
    write(data / "unaligned" / "eng_Latn.txt", texts)
    for language, lines in unaligned.items():
        write(data / "unaligned" / f"{language}.txt", lines)
        mined = data / "mined" / f"{language}.tsv"
        if not mined.exists():
            mined.parent.mkdir(exist_ok=True)
            run("mine", "--source", "data/unaligned/eng_Latn.txt", "--target", f"data/unaligned/{language}.txt",
                "--tune", f"data/development/{language}/gold", "--tune-source", f"data/development/{language}/eng_Latn.txt",
                "--tune-target", f"data/development/{language}/other.txt", "--work", "work", "--output", f"data/mined/{language}.tsv")
        print(f"{language}: {sum(1 for _ in open(mined)) - 1} pairs mined of {len(lines)} texts and {len(texts)}", flush=True)
    if not (arguments.output / "base").exists():
        run("base", "extend", "--base", arguments.base, "--input", "data/text/{lang}.txt", "--old-text",
            "data/sib200/eng_Latn/train.tsv", "--pieces", str(PIECES), "--initialization", "focus", "--output", "base")


def scores(folder: Path) -> dict[str, dict[str, float]]:
    """Accuracy by method and language."""
    rows = json.loads((folder / "results.json").read_text(encoding="utf-8"))["rows"]
    found = {}
    for row in rows:
        if row["metric"] == "accuracy":
            found.setdefault(row["method"], {})[row["language"]] = row["value"]
    return found


def chance(differences: list[float]) -> float:
    """How often chance alone parts two methods as far: signs of languages turned every way."""
    observed = abs(sum(differences)) - 1e-12
    turned = [abs(sum(s * d for s, d in zip(signs, differences))) for signs in itertools.product((1, -1), repeat=len(differences))]
    return sum(value >= observed for value in turned) / len(turned)


def interval(differences: list[float]) -> tuple[float, float]:
    """95 % of a bootstrap over languages."""
    draw = random.Random(1)
    means = sorted(statistics.mean(draw.choices(differences, k=len(differences))) for _ in range(5000))
    return means[125], means[4874]


def holm(values: list[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    adjusted, least = [0.0] * len(values), 0.0
    for rank, index in enumerate(order):
        least = max(least, min(1.0, values[index] * (len(values) - rank)))
        adjusted[index] = least
    return adjusted


def table(runs: list[dict[str, dict[str, float]]]) -> None:
    """Prints what each part is worth; a part that not every seed has is compared in those that have it."""
    names = [name for name in PARTS + ["vocabulary"] if any(name in run for run in runs)]

    def over(name: str, other: str) -> list[float]:
        both = [run for run in runs if name in run and other in run]
        return [statistics.mean(run[name][one] - run[other][one] for run in both) for one in LOCALES]

    against = {name: over(name, names[0]) for name in names[1:]}
    before = {name: over(name, last) for last, name in zip(names, names[1:])}
    alone = [[chance(d) for d in rows.values()] for rows in (against, before)]
    adjusted, steps = (dict(zip(against, zip(values, holm(values)))) for values in alone)
    print(f"p is by turning signs of languages, at least {2 / 2 ** len(LOCALES):.3f}, and behind it corrected for {len(against)} comparisons (Holm).")
    print("| part | mean | seeds | over none, 95 % | p | over the row above, 95 % | p | better in |")
    print("|---|---|---|---|---|---|---|---|")
    for name in names:
        seeds = [statistics.mean(run[name][one] for one in LOCALES) for run in runs if name in run]
        line = f"| {name} | {statistics.mean(seeds):.3f} | {', '.join(f'{value:.3f}' for value in seeds)} |"
        if name == names[0]:
            print(line + " | | | | |")
            continue
        for differences, values in ((against[name], adjusted), (before[name], steps)):
            low, high = interval(differences)
            line += f" {100 * statistics.mean(differences):+.1f} ({100 * low:+.1f} to {100 * high:+.1f}) | {values[name][0]:.3f}, {values[name][1]:.3f} |"
        print(line + f" {sum(d > 0 for d in against[name])} of {len(LOCALES)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--koine", default="koine")
    parser.add_argument("--base", default="e5-small")
    parser.add_argument("--sib200", type=Path, required=True)
    parser.add_argument("--dictionaries", type=Path, required=True)
    parser.add_argument("--catalogues", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", default="2")
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    koine = str(Path(arguments.koine).resolve()) if "/" in arguments.koine else arguments.koine

    def run(*words: str) -> None:
        subprocess.run([koine, *words, "--threads", arguments.threads], check=True, cwd=arguments.output)

    prepare(arguments, run)
    runs = []
    for seed in range(1, arguments.seeds + 1):
        found = {}
        for output, settings in ((f"seed-{seed}", [f"base.model={arguments.base}"]), (f"seed-{seed}-vocabulary", ["base.model=base"])):
            if not (arguments.output / output / "results.json").exists():
                recipe = RECIPE.resolve() if "vocabulary" not in output else whole_chain(arguments.output)
                run("run", str(recipe), "--output", output, *(w for s in settings + [f"seed={seed}"] for w in ("--set", s)))
            one = scores(arguments.output / output)
            found |= {"vocabulary": one["adapters"]} if "vocabulary" in output else one
        runs.append(found)
    table(runs)


def whole_chain(output: Path) -> Path:
    """The recipe with its last method alone."""
    text = RECIPE.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not re.match(r"  - \{name: (?!adapters)", line) and "reference:" not in line]
    file = (output / "chain.yaml").resolve()
    write(file, kept)
    return file


if __name__ == "__main__":
    main()
