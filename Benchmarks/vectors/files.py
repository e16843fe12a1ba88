#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether fastText and gensim open what koine writes, with the same vectors.

  Benchmarks/vectors/files.py --koine PATH --text en.txt --labels train.txt [--words 2000]

Needs Debian's `fasttext` and `pip install gensim` (4.4). Trains word vectors (skip-gram) and a
classifier, converts to .vec, word2vec's binary and .ftz, opens each with fastText's command line or gensim, and prints the
largest difference between the vectors of known and unknown words. Predictions are compared by classifiers.py.
"""
import argparse, json, subprocess, tempfile


def run(*command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stderr}")
    return done.stdout


def fasttext_vectors(binary, model, words):
    found = {}
    for line in run(binary, "print-word-vectors", model, text="\n".join(words) + "\n").splitlines():
        fields = line.split()
        found[fields[0]] = [float(field) for field in fields[1:]]
    return found


def difference(words, left, right):
    return max(abs(a - b) for word in words for a, b in zip(left(word), right(word)))


def show(what, words, value):
    print(json.dumps(dict(file=what, words=len(words), largest_difference=float(f"{value:.2g}"))), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--koine", default="koine")
    parser.add_argument("--fasttext", default="fasttext")
    parser.add_argument("--text", required=True)
    parser.add_argument("--labels", required=True)
    parser.add_argument("--words", type=int, default=2000)
    options = parser.parse_args()
    from gensim.models import KeyedVectors
    from gensim.models.fasttext import load_facebook_vectors
    koine = options.koine.split() + ["vectors"]
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/words"
        run(*koine, "train", "-input", options.text, "-output", path, "-epoch", "1", "-bucket", "100000", "--quiet")
        table = KeyedVectors.load_word2vec_format(path + ".vec")
        # gensim gives `</s>` n-grams, also in fastText's own models; fastText gives it none.
        known = [word for word in table.index_to_key if word != "</s>"][:options.words]
        model = load_facebook_vectors(path + ".bin")
        unknown = [word + "qx" for word in known[1:200]]
        told = fasttext_vectors(options.fasttext, path + ".bin", known + unknown)
        show("gensim reads .vec against .bin", known, difference(known, table.__getitem__, model.__getitem__))
        show("gensim against fastText, .bin", known, difference(known, model.__getitem__, told.__getitem__))
        show("the same, words not known", unknown, difference(unknown, model.__getitem__, told.__getitem__))
        run(*koine, "convert", "--input", path + ".vec", "--output", path + ".w2v.bin", "--format", "word2vec")
        binary = KeyedVectors.load_word2vec_format(path + ".w2v.bin", binary=True)
        show("gensim reads word2vec's binary against .vec", known,
             difference(known, table.__getitem__, binary.__getitem__))
        path = f"{folder}/labels"
        run(*koine, "train", "-model", "supervised", "-input", options.labels, "-output", path, "-minn", "2", "-maxn", "4",
            "-bucket", "50000", "-epoch", "2", "--quiet")
        run(*koine, "quantize", "-output", path, "-qnorm")
        words = [line.split()[0] for line in open(path + ".vec", encoding="utf-8")][1:options.words]
        exact, small = (fasttext_vectors(options.fasttext, path + ending, words) for ending in (".bin", ".ftz"))
        show("fastText reads a classifier's .ftz against its .bin (lossy)", words,
             difference(words, exact.__getitem__, small.__getitem__))
