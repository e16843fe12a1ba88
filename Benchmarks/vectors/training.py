#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Word vectors: koine against fastText, on the same text with the same settings, one after the other.

  Benchmarks/vectors/training.py --koine PATH --text en.txt [--threads 1] [--epoch 5]
  Benchmarks/vectors/training.py --koine PATH --text en.txt --other it.txt --train pairs.tsv --test pairs.tsv

The first prints CPU seconds (user and system, of the whole run, files written), words per CPU-second and peak memory for
skip-gram with words only and with n-grams, in 100 and 300 dimensions. The second learns both languages with both tools
and maps one space to the other by the same orthogonal Procrustes in NumPy; P@1 of nearest neighbours and CSLS says
whether the vectors are as good. fastText is Debian's package `fasttext`, or --fasttext PATH.
"""
import argparse, json, os, subprocess, sys, tempfile, time


def measure(command):
    """Runs a command; CPU seconds, wall seconds and peak memory in MB."""
    start = time.time()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed with status {status}")
    return usage.ru_utime + usage.ru_stime, time.time() - start, usage.ru_maxrss / 1024


def commands(options, text, output, settings, seed=1):
    flags = ["-input", text, "-output", output, "-thread", str(options.threads), "-seed", str(seed)]
    flags += ["-epoch", str(options.epoch)] + settings
    tools = {
        "fasttext": [options.fasttext, "skipgram"] + flags,
        "koine": options.koine.split() + ["vectors", "train", "-model", "skipgram"] + flags,
    }
    tools["koine --deterministic"] = tools["koine"] + ["--deterministic"]
    return tools


def speed(options, folder):
    words = sum(len(line.split()) + 1 for line in open(options.text, "rb"))
    rows = []
    cases = [
        ("words only, dim 100", ["-dim", "100", "-maxn", "0"]),
        ("n-grams 3-6, dim 100", ["-dim", "100"]),
        ("words only, dim 300", ["-dim", "300", "-maxn", "0"]),
        ("n-grams 3-6, dim 300", ["-dim", "300"]),
    ]
    for name, settings in cases:
        base = None
        for tool, command in commands(options, options.text, f"{folder}/out", settings).items():
            cpu, wall, memory = measure(command)
            rate = words * options.epoch / cpu
            base = base or rate
            rows.append(dict(case=name, tool=tool, cpu=round(cpu, 2), wall=round(wall, 2),
                             words_per_cpu_second=round(rate), ratio=round(rate / base, 2),
                             memory_mb=round(memory)))
            print(json.dumps(rows[-1]), flush=True)
    return rows


def translate(source, target, train, test):
    """P@1 after a map by orthogonal Procrustes, in percent: nearest neighbours, CSLS, and how many words."""
    from lexicon import lexicon, pairs, rotate
    (words, x), (others, z) = source, target
    return lexicon((words, rotate(x, z, pairs(train, words, others))), target, test)


def quality(options, folder):
    from lexicon import load
    for name, settings in [("words only", ["-dim", "100", "-maxn", "0"]), ("n-grams", ["-dim", "100"])]:
        for tool in ["fasttext", "koine", "koine --deterministic"]:
            for seed in range(1, options.seeds + 1):
                for language, text in (("a", options.text), ("b", options.other)):
                    measure(commands(options, text, f"{folder}/{language}", settings, seed)[tool])
                nearest, csls, count = translate(
                    load(f"{folder}/a.vec"), load(f"{folder}/b.vec"), options.train, options.test)
                print(json.dumps(dict(case=name, tool=tool, seed=seed, nn=round(nearest, 2),
                                      csls=round(csls, 2), queries=count)), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--koine", default="koine")
    parser.add_argument("--fasttext", default="fasttext")
    parser.add_argument("--text", required=True)
    parser.add_argument("--other")
    parser.add_argument("--train")
    parser.add_argument("--test")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--epoch", type=int, default=5)
    parser.add_argument("--seeds", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        quality(options, folder) if options.other else speed(options, folder)
