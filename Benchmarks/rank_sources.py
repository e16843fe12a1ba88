#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Is the measured best source among the first three that `koine rank-sources` names?

    Benchmarks/rank_sources.py --koine .build/release/koine --data ../shared/data/sib200 --work out/sources

needs numpy and scikit-learn. Ten sources and forty targets of SIB-200 are fixed: the sources below, and of the other 195 languages the
forty whose names have the least SHA-256. Each target is ranked from its text without labels (--split dev by default). What is
measured is the accuracy of softmax regression (C = 30) on frozen vectors of the base: trained on the source's train.tsv and tested on the
target's dev.tsv (99 rows, as the product's own recipe does it), and, less noisily, over all 800 rows of the target in five folds by sentence, so that
no head was trained on the translation of a sentence that it is tested on. Of equals each counts as the best, and chance is told for
the ties there were.

--fit prints, instead, the weights that ridge regression gives on every fourth of the other 155 languages.
"""

import argparse
import hashlib
import json
import math
import os
import subprocess

import numpy as np
from sklearn.linear_model import LogisticRegression

SOURCES = "eng_Latn spa_Latn rus_Cyrl arb_Arab hin_Deva zho_Hans ind_Latn tur_Latn swh_Latn fin_Latn".split()


def languages(data):
    others = [name for name in sorted(os.listdir(data)) if name not in SOURCES]
    others.sort(key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    return sorted(others[:40]), sorted(others[40:])[::4]


def rows(data, language):
    found = []
    for split in ("train", "dev"):
        with open(f"{data}/{language}/{split}.tsv", encoding="utf-8") as file:
            found += [line.rstrip("\n").split("\t") for line in file][1:]
    return found


class Measurement:
    def __init__(self, arguments, names):
        self.data = {name: rows(arguments.data, name) for name in names}
        self.classes = sorted({row[1] for row in self.data[SOURCES[0]]})
        self.labels = {
            name: np.array([self.classes.index(row[1]) for row in found])
            for name, found in self.data.items()
        }
        self.folds = {
            name: np.array([(int(row[0]) * 2654435761 % 2**32 >> 8) % 5 for row in found])
            for name, found in self.data.items()
        }
        self.vectors = {name: self.embed(arguments, name) for name in names}

    def embed(self, arguments, name):
        path = f"{arguments.work}/{name}.npy"
        if not os.path.exists(path):
            text = "".join(row[2] + "\n" for row in self.data[name])
            subprocess.run(
                [arguments.koine, "embed", "--output", path, "--threads", str(arguments.threads)]
                + (["--int8"] if arguments.int8 else []),
                input=text.encode(), check=True)
        return np.load(path).astype(np.float64)

    @staticmethod
    def head(vectors, labels):
        return LogisticRegression(C=30, max_iter=5000, tol=1e-6).fit(vectors, labels)

    def accuracies(self, targets):
        """Two tables, targets by sources: on dev.tsv, and over all rows in folds by sentence."""
        tables = [np.zeros((len(targets), len(SOURCES))) for _ in range(2)]
        for column, source in enumerate(SOURCES):
            vectors, labels, folds = (
                self.vectors[source], self.labels[source], self.folds[source])
            whole = self.head(vectors[:701], labels[:701])
            parts = [self.head(vectors[folds != k], labels[folds != k]) for k in range(5)]
            for row, target in enumerate(targets):
                gold = self.labels[target]
                right = whole.predict(self.vectors[target][701:]) == gold[701:]
                tables[0][row, column] = right.mean()
                answers = np.empty(len(gold), dtype=int)
                for k in range(5):
                    mask = self.folds[target] == k
                    answers[mask] = parts[k].predict(self.vectors[target][mask])
                tables[1][row, column] = (answers == gold).mean()
        return tables


def rankings(arguments, targets, split):
    path = f"{arguments.work}/rankings-{split}.jsonl"
    if not os.path.exists(path):
        command = [arguments.koine, "rank-sources", "--json", "--label-column", "category"]
        command += ["--threads", str(arguments.threads)] + (["--int8"] if arguments.int8 else [])
        command += ["--target"] + [f"{name}={arguments.data}/{name}/{split}.tsv" for name in targets]
        command += ["--sources"] + [f"{name}={arguments.data}/{name}/train.tsv" for name in SOURCES]
        answer = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        with open(path + ".partial", "wb") as file:
            file.write(answer)
        os.rename(path + ".partial", path)
    with open(path, encoding="utf-8") as file:
        found = [json.loads(line) for line in file]
    return {item["target"]["language"]: item for item in found}


def report(arguments, targets):
    ranked = rankings(arguments, targets, arguments.split)
    tables = Measurement(arguments, SOURCES + targets).accuracies(targets)
    for name, table in zip(("dev.tsv, 99 rows", "800 rows in folds"), tables):
        best = table == table.max(axis=1, keepdims=True)
        hits = [
            any(best[row, SOURCES.index(item["language"])] for item in ranked[target]["sources"][:3])
            for row, target in enumerate(targets)
        ]
        chance = np.mean(
            [1 - math.comb(10 - ties, 3) / math.comb(10, 3) for ties in best.sum(axis=1)])
        loss = np.mean([
            table[row].max() - max(
                table[row, SOURCES.index(item["language"])] for item in ranked[target]["sources"][:3])
            for row, target in enumerate(targets)
        ])
        print(
            f"{name}: the best of ten is among the first three for {sum(hits)} of {len(hits)} targets "
            f"({np.mean(hits):.3f}; by chance {chance:.3f}); the best of the three is {100 * loss:.2f} points below")


# What each weight may be: distances count against a source.
SIGNS = {"geneticDistance": -1, "meanDistance": -1}
SETS = {
    "labelled": ["agreement", "classBalance", "nearestCosine", "geneticDistance"],
    "unlabelled": ["nearestCosine", "plainNearestCosine", "geneticDistance", "trigramOverlap"],
}


def fit(arguments, targets):
    tables = Measurement(arguments, SOURCES + targets).accuracies(targets)
    for name, features in SETS.items():
        inputs, outputs = [], []
        for split in ("dev", "train"):
            ranked = rankings(arguments, targets, split)
            for row, target in enumerate(targets):
                values = {item["language"]: item["features"] for item in ranked[target]["sources"]}
                block = np.array(
                    [[values[source].get(feature, np.nan) for feature in features] for source in SOURCES])
                known = ~np.isnan(block).all(axis=0)
                standard = np.zeros_like(block)
                mean, spread = np.nanmean(block[:, known], axis=0), np.nanstd(block[:, known], axis=0)
                standard[:, known] = np.nan_to_num((block[:, known] - mean) / (spread + 1e-9))
                truth = tables[1][row] if split == "train" else (tables[0][row] + tables[1][row]) / 2
                inputs.append(standard)
                outputs.append(truth - truth.mean())
        x, y = np.concatenate(inputs), np.concatenate(outputs)
        active = list(range(len(features)))
        while True:
            weights = np.zeros(len(features))
            part = x[:, active]
            weights[active] = np.linalg.solve(part.T @ part + 60 * np.eye(len(active)), part.T @ y)
            wrong = [k for k in active if weights[k] * SIGNS.get(features[k], 1) < 0]
            if not wrong:
                break
            active = [k for k in active if k not in wrong]
        print(name, {feature: round(1000 * weight, 1) for feature, weight in zip(features, weights)})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--koine", default=".build/release/koine")
    parser.add_argument("--data", default="../shared/data/sib200")
    parser.add_argument("--work", required=True, help="a folder for vectors and rankings")
    parser.add_argument("--split", default="dev", choices=["dev", "train"], help="the target's text")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--int8", action="store_true")
    parser.add_argument("--fit", action="store_true")
    arguments = parser.parse_args()
    targets, others = languages(arguments.data)
    if arguments.fit:
        arguments.work = os.path.join(arguments.work, "fit")
    os.makedirs(arguments.work, exist_ok=True)
    (fit if arguments.fit else report)(arguments, others if arguments.fit else targets)


if __name__ == "__main__":
    main()
