#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Classifiers: koine against fastText, on the same lines with the same settings, one after the other.

  Benchmarks/vectors/classifiers.py --koine PATH --sib FOLDER [--seeds 3] [--languages eng_Latn deu_Latn ita_Latn] [--threads 1]

FOLDER is SIB-200 (https://github.com/dadelani/sib-200): LANGUAGE/{train,dev}.tsv with columns category and text. Three
parts, each a line of JSON for each run:

  speed      telling the language of all languages' sentences: examples per CPU-second (user and system, of the whole
             run, files read and written) and peak memory, in training and in predicting
  accuracy   topics, learnt and tested in one language: P@1 on dev, for each seed and their mean
  same       whether both tools print the same predictions with the same model, whoever trained it, a .bin and a .ftz,
             labels and probabilities, on --lines lines

fastText is Debian's package `fasttext`, or --fasttext PATH.
"""
import argparse, csv, glob, json, os, random, subprocess, tempfile, time


def measure(command, output=None):
    """Runs a command; CPU seconds, wall seconds and peak memory in MB."""
    start = time.time()
    with open(output or os.devnull, "wb") as target:
        child = subprocess.Popen(command, stdout=target, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed with status {status}")
    return usage.ru_utime + usage.ru_stime, time.time() - start, usage.ru_maxrss / 1024


def rows(path):
    with open(path, encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def write(path, lines):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(line.lower() + "\n" for line in lines)


def all_languages(options, folder):
    for split in ["train", "dev"]:
        lines = []
        for path in sorted(glob.glob(f"{options.sib}/*/{split}.tsv")):
            language = path.split("/")[-2]
            lines += [f"__label__{language} {row['text']}" for row in rows(path)]
        random.Random(1).shuffle(lines)
        write(f"{folder}/all.{split}", lines)
    return sum(1 for _ in open(f"{folder}/all.train")), sum(1 for _ in open(f"{folder}/all.dev"))


def tools(options):
    koine = options.koine.split() + ["vectors"]
    return {
        "fasttext": ([options.fasttext, "supervised"], []),
        "koine": (koine + ["train", "-model", "supervised"], []),
        "koine --deterministic": (koine + ["train", "-model", "supervised"], ["--deterministic"]),
    }


def predictor(options, tool, model, file, extra):
    if tool == "fasttext":
        return [options.fasttext, "predict-prob" if extra[-1] == "p" else "predict", model, file] + extra[:-1]
    flags = ["--probabilities"] if extra[-1] == "p" else []
    return options.koine.split() + ["vectors", "predict", model, file] + extra[:-1] + flags + [
        "--threads", str(options.threads)]


def train(options, tool, text, output, settings, seed):
    command, more = tools(options)[tool]
    return measure(command + ["-input", text, "-output", output, "-thread", str(options.threads),
                              "-seed", str(seed)] + settings + more)


def show(**row):
    print(json.dumps({key: round(value, 4) if isinstance(value, float) else value
                      for key, value in row.items()}), flush=True)


def speed(options, folder):
    count, tested = all_languages(options, folder)
    with open(f"{folder}/many", "wb") as file:
        for _ in range(5):
            file.write(open(f"{folder}/all.dev", "rb").read())
    cases = [
        ("words only, dim 100", ["-dim", "100", "-epoch", "3"]),
        ("n-grams 2-4, dim 16", ["-dim", "16", "-minn", "2", "-maxn", "4", "-bucket", "200000", "-epoch", "2"]),
        ("words and pairs, hs, dim 100", ["-dim", "100", "-wordNgrams", "2", "-bucket", "500000", "-loss", "hs",
                                          "-epoch", "3"]),
    ]
    for name, settings in cases:
        base = None
        epochs = int(settings[settings.index("-epoch") + 1])
        for tool in tools(options):
            cpu, wall, memory = train(options, tool, f"{folder}/all.train", f"{folder}/m", settings, 1)
            rate = count * epochs / cpu
            row = dict(case=name, tool=tool, train_cpu=cpu, train_wall=wall, train_per_cpu_s=round(rate),
                       train_mb=round(memory))
            predicting = "fasttext" if tool == "fasttext" else "koine"
            cpu, _, memory = measure(
                predictor(options, predicting, f"{folder}/m.bin", f"{folder}/many", [""]), f"{folder}/p")
            right = sum(told == true.split(" ", 1)[0] + "\n"
                        for told, true in zip(open(f"{folder}/p"), open(f"{folder}/many")))
            told = 5 * tested / cpu
            base = base or (rate, told)
            show(**row, train_ratio=rate / base[0], predict_per_cpu_s=round(told), predict_ratio=told / base[1],
                 predict_mb=round(memory), accuracy=100 * right / (5 * tested))


def accuracy(options, folder):
    for language in options.languages:
        for split in ["train", "dev"]:
            write(f"{folder}/{split}", [f"__label__{row['category']} {row['text']}"
                                        for row in rows(f"{options.sib}/{language}/{split}.tsv")])
        for name, settings in [
            ("words", ["-epoch", "25", "-lr", "0.5"]),
            ("n-grams", ["-epoch", "25", "-lr", "0.5", "-minn", "2", "-maxn", "5", "-bucket", "100000"]),
            ("pairs, ova", ["-epoch", "25", "-lr", "0.5", "-wordNgrams", "2", "-bucket", "100000", "-loss", "ova"]),
        ]:
            for tool in tools(options):
                found = []
                for seed in range(1, options.seeds + 1):
                    train(options, tool, f"{folder}/train", f"{folder}/m", settings, seed)
                    text = subprocess.run([options.fasttext, "test", f"{folder}/m.bin", f"{folder}/dev"],
                                          capture_output=True, text=True).stdout
                    found.append(100 * float(text.split("P@1\t")[1].split()[0]))
                show(language=language, case=name, tool=tool, seeds=[round(p, 1) for p in found],
                     mean=sum(found) / len(found))


def same(options, folder):
    all_languages(options, folder)
    lines = open(f"{folder}/all.dev", encoding="utf-8").read().split("\n")[:options.lines]
    # Some with nothing, with nothing known, with odd spaces.
    lines[::97] = ["", "\u4e00\u4e8c", "a\u00a0b\tc  d", "__label__no __label__eng_Latn"] * (len(lines[::97]) // 4) + [
        "zzzz"] * (len(lines[::97]) % 4)
    write(f"{folder}/lines", lines)
    settings = ["-dim", "16", "-minn", "2", "-maxn", "3", "-wordNgrams", "2", "-bucket", "50000", "-epoch", "2",
                "-lr", "0.5"]
    for loss in options.losses:
        for trained in ["fasttext", "koine"]:
            train(options, trained, f"{folder}/all.train", f"{folder}/m", settings + ["-loss", loss], 1)
            model = ["-output", f"{folder}/m", "-qnorm", "-cutoff", "20000"]
            measure([options.fasttext, "quantize", "-input", f"{folder}/all.train"] + model
                    if trained == "fasttext" else options.koine.split() + ["vectors", "quantize"] + model)
            for ending in ["bin", "ftz"]:
                for extra in [["1", ""], ["3", "0.05", "p"]]:
                    texts = []
                    for tool in ["fasttext", "koine"]:
                        measure(predictor(options, tool, f"{folder}/m.{ending}", f"{folder}/lines", extra),
                                f"{folder}/{tool}.out")
                        texts.append(open(f"{folder}/{tool}.out", encoding="utf-8").read().split("\n"))
                    show(loss=loss, trained=trained, model=ending, arguments=" ".join(extra), lines=len(texts[0]) - 1,
                         same_count=len(texts[0]) == len(texts[1]),
                         different=sum(a != b for a, b in zip(*texts)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--koine", default="koine")
    parser.add_argument("--fasttext", default="fasttext")
    parser.add_argument("--sib", required=True)
    parser.add_argument("--languages", nargs="+", default=["eng_Latn", "deu_Latn", "ita_Latn"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--losses", nargs="+", default=["softmax", "hs", "ova", "ns"])
    parser.add_argument("--lines", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--parts", nargs="+", default=["speed", "accuracy", "same"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for part in options.parts:
            {"speed": speed, "accuracy": accuracy, "same": same}[part](options, folder)
