#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Joint training over parallel text against mapping after training, on the same text.

  Benchmarks/vectors/descriptions.py FOLDER
  Benchmarks/vectors/bilingual.py --koine PATH --data FOLDER --language it --train pairs.tsv --test pairs.tsv [--seed 1]

Trains on FOLDER/en-it.en and .it, with the same settings each time, and prints a line of JSON for each:

  mapped, dictionary     a training for each side; Procrustes on the training dictionary
  mapped, same words     the same; Procrustes on words that both sides write alike, then five rounds of mutual CSLS
                         neighbours: no dictionary
  uniform, diagonal      one training of both sides (--parallel)
  diagonal, dictionary   the same, and words are replaced by the training dictionary's
  diagonal, more text    the same as diagonal, with FOLDER/en.txt and it.txt beside it

Each is measured by P@1 of the test dictionary (nearest neighbours, and CSLS) among the 50,000 commonest words, and by how
often the translation of a paragraph of FOLDER/en-it.test.* is the nearest of its 1,000, by the mean of its words' unit
vectors (both ways, CSLS).
"""
import argparse, json, os, subprocess, tempfile, time
import numpy as np
from lexicon import csls, lexicon, load, map_without_dictionary, nearness, pairs, rotate, unit


def retrieval(source, target, texts):
    def mean(words, vectors, line):
        found = [words[word] for word in line.split() if word in words]
        return vectors[found].sum(axis=0) if found else np.zeros(vectors.shape[1], dtype=np.float32)
    a, b = (unit(np.stack([mean(*space, line) for line in open(text, encoding="utf-8")]))
            for space, text in zip((source, target), texts))
    right = np.arange(len(a))
    return [100 * float((csls(p, q, nearness(q, p)) == right).mean()) for p, q in ((a, b), (b, a))]


def run(command):
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)}: {error.decode()}")
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--koine", default="koine")
    parser.add_argument("--data", required=True)
    parser.add_argument("--language", required=True)
    parser.add_argument("--train", required=True)
    parser.add_argument("--test", required=True)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--threads", default="1")
    parser.add_argument("--settings", default="", help="flags for koine's training, in one argument")
    parser.add_argument("--cases", nargs="+", default=["mapped", "uniform", "diagonal", "diagonal, dictionary",
                                                       "diagonal, more text"])
    options = parser.parse_args()
    code, data = options.language, options.data
    sides = [f"{data}/en-{code}.en", f"{data}/en-{code}.{code}"]
    texts = [f"{data}/en-{code}.test.en", f"{data}/en-{code}.test.{code}"]
    parallel = ["--parallel", f"{sides[0]}=en", f"{sides[1]}={code}"]
    with tempfile.TemporaryDirectory() as folder:
        base = options.koine.split() + ["vectors", "train", "--output", f"{folder}/v", "--seed", options.seed,
                                        "--threads", options.threads] + options.settings.split()
        flags = {
            "mapped": ["--input", f"{sides[0]}=en", f"{sides[1]}={code}"],
            "uniform": parallel + ["--alignment", "uniform"],
            "diagonal": parallel,
            "diagonal, dictionary": parallel + ["--dictionary", f"{options.train}=en-{code}"],
            "diagonal, more text": parallel + ["--input", f"{data}/en.txt=en", f"{data}/{code}.txt={code}"],
        }
        for case in options.cases:
            cpu = run(base + flags[case])
            source, target = load(f"{folder}/v.en.vec"), load(f"{folder}/v.{code}.vec")
            spaces = {case: source[1]}
            if case == "mapped":
                known = pairs(options.train, source[0], target[0])
                spaces = {"mapped, dictionary": rotate(source[1], target[1], known),
                          "mapped, same words": map_without_dictionary(source, target)}
            for name, x in spaces.items():
                space = source[0], x
                nearest, best, queries = lexicon(space, target, options.test)
                there, back = retrieval(space, target, texts)
                print(json.dumps(dict(language=code, case=name, settings=options.settings, seed=options.seed,
                                      nn=round(nearest, 2), csls=round(best, 2), queries=queries,
                                      retrieval=round(there, 1), back=round(back, 1), cpu=round(cpu, 1))), flush=True)
