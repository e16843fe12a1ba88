# SPDX-License-Identifier: Apache-2.0
"""Zero-shot accuracy of a frozen encoder with scikit-learn, language by language.

    python reference_quality.py MODEL DATA --source en [--json FILE] [--limit-train 1200]

DATA holds `<language>/{train,dev,test}.tsv` with a header: `text` and `label` (or `category`).
The source's train.tsv is the only file whose labels reach a classifier; its dev.tsv selects C.
Every language is scored on test.tsv or, where no language has one (SIB-200), on dev.tsv.
"""

import argparse
import json
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

GRID = (1, 10, 100)


@dataclass
class Rows:
    """The texts and labels of one file."""

    texts: list[str]
    labels: np.ndarray


def read(path: Path, limit: int | None = None) -> Rows:
    """A tab-separated file with a header; quotes are text."""
    # Lines end at \n alone: str.splitlines would also split at U+2028 and U+0085.
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    header = lines[0].split("\t")
    label = "label" if "label" in header else "category"
    for column in ("text", label):
        if column not in header:
            raise SystemExit(f"{path}:1: expected a column {column!r}, found {header}")
    table = []
    for number, line in enumerate(lines[1:], 2):
        cells = line.rstrip("\r").split("\t")
        if len(cells) != len(header):
            raise SystemExit(f"{path}:{number}: expected {len(header)} cells, found {len(cells)}")
        table.append(cells)
    table = table[:limit]
    text, label = header.index("text"), header.index(label)
    return Rows([r[text] for r in table], np.array([r[label] for r in table]))


def accuracy(predicted: np.ndarray, gold: np.ndarray) -> float:
    return float((predicted == gold).mean())


def regression(C: float, class_weight: str | None) -> LogisticRegression:
    return LogisticRegression(C=C, class_weight=class_weight, max_iter=5000)


class Experiment:
    """One source language, scored in all others."""

    def __init__(self, train: Rows, dev: Rows, test: dict[str, Rows], source: str, select: bool):
        self.train, self.dev, self.test = train, dev, test
        self.source = source
        # Where the source's dev rows are also the scored ones, choosing by them would flatter.
        self.grid = GRID if select else (10,)
        self.results: list[dict] = []

    def score(self, name: str, fit, views):
        """Fits for each C, keeps the best on the source's dev rows, and scores every language."""
        started, best = time.process_time(), None
        for C in self.grid:
            model = fit(C)
            dev = accuracy(model.predict(views["dev"]), self.dev.labels)
            if best is None or dev > best[0]:
                best = (dev, C, model)
        dev, C, model = best
        scores = {l: accuracy(model.predict(views[l]), r.labels) for l, r in self.test.items()}
        others = [scores[l] for l in scores if l != self.source]
        weakest = sorted(others)[: max(1, len(others) // 2)]
        self.results.append({
            "setting": name, "C": C, "source_dev": dev, "source": scores[self.source],
            "others": float(np.mean(others)), "weakest_half": float(np.mean(weakest)),
            "cpu_seconds": time.process_time() - started, "languages": scores,
        })

    def frozen(self, embed):
        """Softmax regression on embeddings, as they are and centred per language."""
        train = embed(self.train.texts)
        plain = {"dev": embed(self.dev.texts)}
        plain |= {language: embed(rows.texts) for language, rows in self.test.items()}
        mean = train.mean(0)
        # The source has training rows to take its mean from, the others only what is scored.
        centred = {language: x - (mean if language in ("dev", self.source) else x.mean(0))
                   for language, x in plain.items()}
        for weight in (None, "balanced"):
            suffix = ", balanced" if weight else ""
            for name, x, views in (("frozen", train, plain),
                                   ("frozen, centred", train - mean, centred)):
                self.score(name + suffix,
                           lambda C: regression(C, weight).fit(x, self.train.labels), views)

    def surface(self):
        """What needs no encoder: words and characters."""
        texts = {"dev": self.dev.texts} | {l: r.texts for l, r in self.test.items()}
        for name, options in (("bag of words", {"analyzer": "word"}),
                              ("character TF-IDF", {"analyzer": "char_wb", "ngram_range": (1, 4)})):
            self.score(name, lambda C: make_pipeline(
                TfidfVectorizer(sublinear_tf=True, **options), regression(C, None),
            ).fit(self.train.texts, self.train.labels), texts)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--source", default="en", help="language with labels (default: en)")
    parser.add_argument("--limit-train", type=int, help="first N training rows only")
    parser.add_argument("--languages", help="comma-separated; default: all that are there")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path, help="where to write the results")
    arguments = parser.parse_args()
    warnings.simplefilter("error", ConvergenceWarning)

    # Slow to import, and not needed for --help.
    import torch
    import transformers

    from encoder import Encoder
    torch.set_num_threads(arguments.threads)

    root = arguments.data
    split = "test" if any(root.glob("*/test.tsv")) else "dev"
    languages = sorted(p.parent.name for p in root.glob(f"*/{split}.tsv"))
    if arguments.languages:
        languages = [l for l in languages if l in arguments.languages.split(",")]
    if arguments.source not in languages or len(languages) < 2:
        raise SystemExit(f"{root}: expected {arguments.source} and other languages with "
                         f"{split}.tsv, found {languages}")
    experiment = Experiment(
        read(root / arguments.source / "train.tsv", arguments.limit_train),
        read(root / arguments.source / "dev.tsv"),
        {l: read(root / l / f"{split}.tsv") for l in languages},
        arguments.source, select=split == "test")

    started = time.process_time()
    experiment.surface()
    experiment.frozen(Encoder(arguments.model).embed)

    print(f"{'setting':28s} {'C':>4s} {'source dev':>10s} {'source':>7s} {'others':>7s} "
          f"{'weak half':>9s}")
    for row in experiment.results:
        print(f"{row['setting']:28s} {row['C']:4d} {row['source_dev']:10.3f} {row['source']:7.3f} "
              f"{row['others']:7.3f} {row['weakest_half']:9.3f}")
    if arguments.json:
        beside = arguments.json.with_suffix(".partial")
        beside.write_text(json.dumps({
            "data": root.name, "split": split, "train_rows": len(experiment.train.texts),
            "languages": len(languages), "results": experiment.results,
            "cpu_seconds": time.process_time() - started,
            "versions": {m.__name__: m.__version__
                         for m in (torch, transformers, sklearn, scipy, np)},
        }, indent=1) + "\n")
        beside.replace(arguments.json)


if __name__ == "__main__":
    main()
