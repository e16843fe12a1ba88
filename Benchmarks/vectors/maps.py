#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Maps between languages: koine beside the published protocols in NumPy, on the same vectors and dictionaries, one thread.

  Benchmarks/vectors/maps.py --koine PATH --vectors FOLDER --dictionaries FOLDER [--pairs en-de,en-it] [--methods muse,rcsls]

FOLDER of vectors holds LANG.vec (Benchmarks/vectors/corpora.py makes the text, `koine vectors train` the vectors); the
dictionaries are XLing-Eval's, FOLDER/en-de/yacle.train.freq.5k.en-de.tsv and so on. Prints a line of JSON for each pair and method:
P@1 of CSLS in percent, and CPU seconds (user and system) of koine's whole process (reading, map, check, writing) beside those of the
reference's map alone and with its reading. vecmap-semi-supervised starts from 500 pairs; others learn from 5,000.
"""
import argparse, json, os, statistics, subprocess, sys, tempfile

METHODS = ["muse", "vecmap-supervised", "vecmap-semi-supervised", "rcsls"]


def run(command, env=None):
    """A command's output and CPU seconds."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
    output, errors = child.communicate()
    return child.returncode, output, errors


def measured(command):
    before = os.times()
    code, output, errors = run(command, dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1"))
    after = os.times()
    if code not in (0, 75):
        sys.exit(f"{' '.join(command)}\n{errors}")
    return output, after.children_user + after.children_system - before.children_user - before.children_system


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--koine", default="koine")
    parser.add_argument("--vectors", required=True)
    parser.add_argument("--dictionaries", required=True)
    parser.add_argument("--pairs", default="en-de,en-fi,en-fr,en-hr,en-it,en-ru,en-tr")
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--seeds", type=int, default=1, help="of self-learning, whose scores are means")
    parser.add_argument("--share", type=float, default=0.1, help="of pairs that self-learning begins with; with 1 nothing is left to chance")
    parser.add_argument("--cutoff", type=int, default=4000, help="words of each side that self-learning looks at; vecmap's is 20000")
    options = parser.parse_args()
    here = os.path.dirname(os.path.abspath(__file__))
    with tempfile.TemporaryDirectory() as folder:
        for pair in options.pairs.split(","):
            source, target = (f"{options.vectors}/{language}.vec" for language in pair.split("-"))
            base = f"{options.dictionaries}/{pair}/yacle"
            test = f"{base}.test.freq.2k.{pair}.tsv"
            for method in options.methods.split(","):
                train = f"{base}.train.freq.{'500' if 'semi' in method else '5k'}.{pair}.tsv"
                rows = []
                for seed in range(options.seeds if "semi" in method else 1):
                    outputs = [f"{folder}/a.vectors", f"{folder}/b.vectors"]
                    learned, cpu = measured([
                        options.koine, "vectors", "map", "--source", source, "--target", target, "--dictionary", train, "--preset", method,
                        "--seed", str(seed), "--output-source", outputs[0], "--output-target", outputs[1], "--threads", "1", "--json"]
                        + (["--vocabulary-cutoff", str(options.cutoff), "--stochastic-initial", str(options.share)] if "semi" in method else []))
                    found, judging = measured([
                        options.koine, "vectors", "evaluate", "--source", outputs[0], "--target", outputs[1], "--dictionary", test,
                        "--protocol", "muse", "--retrieval", "csls", "--json", "--threads", "1"])
                    reference, _ = measured([
                        sys.executable, f"{here}/reference.py", method, source, target, train, test, str(options.cutoff), str(seed),
                        str(options.share)])
                    reference = json.loads(reference)
                    rows.append((json.loads(found), reference, cpu, judging, json.loads(learned)["maps"][0]))
                mean = lambda values: round(sum(values) / len(rows), 2)
                ours, theirs = [100 * row[0]["scores"]["P@1"]["value"] for row in rows], [row[1]["P@1"] for row in rows]
                deviation = lambda values: round(statistics.stdev(values), 2) if len(values) > 1 else 0
                print(json.dumps({
                    "pair": pair, "method": method, "seeds": len(rows), "questions": rows[0][1]["questions"],
                    "failed": [row[4]["failed"] for row in rows].count(True),
                    "shared neighbours": mean(row[4]["validation"]["overlap"] for row in rows),
                    "koine P@1": mean(ours), "reference P@1": mean(theirs),
                    "standard deviations": [deviation(ours), deviation(theirs)],
                    "koine CPU": mean(row[2] for row in rows),
                    "reference map": mean(row[1]["map"] for row in rows),
                    "reference map and reading": mean(row[1]["map"] + row[1]["reading"] for row in rows),
                    "koine evaluate": mean(row[3] for row in rows),
                    "reference evaluation": mean(row[1]["evaluation"] for row in rows)}), flush=True)


if __name__ == "__main__":
    main()
