# SPDX-License-Identifier: Apache-2.0
"""The bag of words of Recipes/topics-static.yaml beside scikit-learn's, on the same examples.

    koine run Recipes/topics-static.yaml --output out/topics-static
    pip install scikit-learn
    python Benchmarks/static.py out/topics-static

Prints, for each language, the accuracy of the recipe's methods and that of a logistic regression on TfidfVectorizer's
words and pairs of words (sublinear counts, words of two texts or more), its C chosen on the English development rows.
"""

import csv
import json
import pathlib
import sys

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression


def examples(file):
    csv.field_size_limit(1 << 30)
    with open(file, encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row["text"] for row in rows], [row["label"] for row in rows]


def main():
    output = pathlib.Path(sys.argv[1])
    data = output / "data"
    texts, labels = examples(data / "en/train.tsv")
    held, held_labels = examples(data / "en/dev.tsv")
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    features, held_features = vectorizer.fit_transform(texts), vectorizer.transform(held)
    models = [
        LogisticRegression(C=c, max_iter=1000).fit(features, labels) for c in (1, 3, 10, 30, 100, 300)
    ]
    best = max(models, key=lambda model: model.score(held_features, held_labels))
    print(f"scikit-learn: {features.shape[1]} words and pairs, C = {best.C}, "
          f"development {best.score(held_features, held_labels):.3f}")
    rows = json.loads((output / "results.json").read_text())
    rows = rows.get("rows", rows.get("results", []))
    scores = {(row["language"], row["method"]): row["value"] for row in rows if row["metric"] == "accuracy"}
    methods = list(dict.fromkeys(method for _, method in scores))
    print("language\tscikit-learn\t" + "\t".join(methods))
    for language in dict.fromkeys(language for language, _ in scores):
        found, gold = examples(data / language / "test.tsv")
        own = best.score(vectorizer.transform(found), gold)
        print("\t".join([language, f"{own:.3f}"] + [f"{scores[language, method]:.3f}" for method in methods]))


if __name__ == "__main__":
    main()
