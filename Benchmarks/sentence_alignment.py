# SPDX-License-Identifier: Apache-2.0
"""Sentence alignment on GNOME's help pages, whose paragraphs are known to belong together, with joins and gaps planted.

    apt-get download gnome-user-docs && dpkg -x gnome-user-docs_*.deb out/gnome
    python Benchmarks/sentence_alignment.py out/gnome out/alignment --languages de fr ja ru es

A page's titles and paragraphs are its sentences; those that are the same in both languages (not translated, or names) are left out of both. With
probability .1 each a sentence is joined with the next one on the one side, or on the other; with .05 each it is missing on the one side, or on the other. Pages are dealt out by a
hash of their names: a quarter is for choosing settings (--part dev), of the others 40 are measured. --whole makes one document of
them all. Prints what `koine align-sentences` says by vectors and by length.
"""

import argparse
import hashlib
import json
import pathlib
import random
import subprocess
import xml.etree.ElementTree as tree

NAMESPACE = "{http://projectmallard.org/1.0/}"
UNSPACED = {"ja", "zh_CN"}


def texts(file):
    """Titles and paragraphs in their order, markup taken off."""
    found = []
    for element in tree.parse(file).getroot().iter():
        if element.tag in (NAMESPACE + "title", NAMESPACE + "p"):
            found.append(" ".join("".join(element.itertext()).split()))
    return found


def pages(root, language, part):
    folder = root / "usr/share/help"
    for file in sorted((folder / "C/gnome-help").glob("*.page")):
        other = folder / language / "gnome-help" / file.name
        share = int(hashlib.sha256(file.name.encode()).hexdigest(), 16) % 4
        if (share == 0) != (part == "dev") or not other.exists():
            continue
        pairs = list(zip(texts(other), texts(file)))
        pairs = [pair for pair in pairs if pair[0] and pair[1] and pair[0] != pair[1]]
        if len(texts(other)) == len(texts(file)) and len(pairs) >= 8:
            yield pairs


def plant(pairs, generator, language):
    """The sentences of both sides and vecalign's lines of what belongs together."""
    space = "" if language in UNSPACED else " "
    source, target, gold = [], [], []
    index = 0
    while index < len(pairs):
        chance = generator.random()
        x, y = len(source), len(target)
        if chance < 0.2 and index + 1 < len(pairs):
            (a, b), (c, d) = pairs[index], pairs[index + 1]
            index += 1
            if chance < 0.1:
                source.append(a + space + c)
                target += [b, d]
                gold.append(([x], [y, y + 1]))
            else:
                source += [a, c]
                target.append(b + " " + d)
                gold.append(([x, x + 1], [y]))
        elif 0.2 <= chance < 0.25:
            source.append(pairs[index][0])
            gold.append(([x], []))
        elif 0.25 <= chance < 0.3:
            target.append(pairs[index][1])
            gold.append(([], [y]))
        else:
            source.append(pairs[index][0])
            target.append(pairs[index][1])
            gold.append(([x], [y]))
        index += 1
    return source, target, gold


def prepare(arguments, language, folder):
    """Writes both sides and the gold alignments; returns their files and what is in them."""
    documents = list(pages(arguments.data, language, arguments.part))
    generator = random.Random(arguments.seed)
    generator.shuffle(documents)
    documents = documents[:arguments.pages]
    if arguments.whole:
        documents = [[pair for pairs in documents for pair in pairs]]
    name = arguments.part + ("-whole" if arguments.whole else "")
    files = [folder / f"{name}.{kind}" for kind in (language, "en", "gold")]
    planted = [plant(pairs, generator, language) for pairs in documents]
    for place, file in enumerate(files[:2]):
        file.write_text("\n".join("".join(text + "\n" for text in parts[place]) for parts in planted), encoding="utf-8")
    files[2].write_text("\n".join("".join(f"{x}:{y}\n" for x, y in parts[2]) for parts in planted))
    return files, planted


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--languages", nargs="+", default=["de", "fr", "ru", "es", "ja"])
    parser.add_argument("--part", choices=["dev", "test"], default="test")
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--whole", action="store_true", help="one document of all pages")
    parser.add_argument("--prepare", action="store_true", help="write the documents, align nothing")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--koine", default="koine")
    parser.add_argument("--methods", nargs="+", default=["length", "vectors"])
    parser.add_argument("--options", nargs=argparse.REMAINDER, default=[],
                        help="options for koine align-sentences by vectors, to the end of the line")
    arguments = parser.parse_args()
    print("language\tmethod\tdocuments\talignments\tstrict precision\trecall\tF1\tlax F1")
    for language in arguments.languages:
        folder = arguments.output / language
        folder.mkdir(parents=True, exist_ok=True)
        files, planted = prepare(arguments, language, folder)
        if arguments.prepare:
            continue
        for method in arguments.methods:
            command = [arguments.koine, "align-sentences", f"--source={files[0]}={language}", f"--target={files[1]}=en",
                       "--documents=blank-lines", f"--evaluate={files[2]}", "--json", f"--method={method}"]
            if method == "vectors":
                command += [f"--work={folder}/work", *arguments.options]
            made = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            scores = json.loads(made.stdout)["scores"]
            strict, lax = scores["strict"], scores["lax"]
            print(f"{language}\t{method}\t{len(planted)}\t{strict['gold']}\t{strict['precision']:.3f}\t{strict['recall']:.3f}"
                  f"\t{strict['f1']:.3f}\t{lax['f1']:.3f}", flush=True)


if __name__ == "__main__":
    main()
