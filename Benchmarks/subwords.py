# SPDX-License-Identifier: Apache-2.0
"""Speed and memory of `koine subwords` beside sentencepiece and tokenizers.

    python subwords.py KOINE TEXT WORK [--only encode train memory] [--peers sentencepiece tokenizers]

TEXT has one sentence a line, in many languages; WORK is a folder for what is written on the way. Needs the
packages sentencepiece and tokenizers. Prints tables on stderr and one JSON object on stdout.

Figures are CPU seconds, user and system, and peak memory of whole processes, one thread each unless said. In
encoding Koine's are those of the whole process, with its start, reading and writing; the peers' CPU seconds are
those of their encode calls alone. In training both are whole processes.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import threading
import time
from itertools import islice
from pathlib import Path

BATCH = 1000
CHECKED = 20_000
SEED = 7
CACHE = Path(os.environ.get("KOINE_CACHE", Path.home() / ".cache" / "koine"))
GOLDENS = Path(os.environ.get(
    "KOINE_GOLDENS", Path(__file__).resolve().parents[2] / "shared" / "goldens")) / "tokenizers"


def say(line: str = ""):
    print(line, file=sys.stderr, flush=True)


def measured(command: list[str], limit: float | None = None, output: Path | None = None,
             cap: float | None = None) -> dict:
    """CPU, wall and peak memory of a process and its threads, and the JSON that it printed, if any.

    It is killed after `limit` seconds; `cap` GB is the most address space that it gets.
    """
    loads = os.getloadavg()[0]
    started = time.perf_counter()
    sink = open(output, "wb") if output else subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.PIPE,
                               text=True, env=os.environ | {"RAYON_NUM_THREADS": "1"},
                               preexec_fn=(lambda: resource.setrlimit(
                                   resource.RLIMIT_AS, (int(cap * 1e9), int(cap * 1e9)))) if cap else None)
    killed = threading.Event()
    timer = threading.Timer(limit or 0, lambda: (killed.set(), process.kill()))
    if limit:
        timer.start()
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    timer.cancel()
    if output:
        sink.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    result = {"cpu_seconds": usage.ru_utime + usage.ru_stime, "wall_seconds": time.perf_counter() - started,
              "peak_mb": usage.ru_maxrss / 1024, "load_before": loads}
    if killed.is_set():
        return result | {"note": f"killed after {limit:.0f} s"}
    if process.returncode:
        return result | {"note": f"ended with {process.returncode}: {errors.strip()[-300:]}"}
    return result


def peer(*arguments) -> list[str]:
    return [sys.executable, __file__, "peer", *map(str, arguments)]


def lines_of(path: Path, batch: int = BATCH):
    """Batches of the lines of a file, split at line feeds alone."""
    with open(path, encoding="utf-8", newline="\n") as file:
        while lines := [line.rstrip("\n") for line in islice(file, batch)]:
            yield lines


# What runs in a process of its own: a peer's work.

def encoder_of(package: str, model: str):
    if package == "sentencepiece":
        import sentencepiece
        processor = sentencepiece.SentencePieceProcessor(model_file=model)
        return lambda lines: processor.encode(lines, num_threads=1), lambda ids: ids
    from tokenizers import Tokenizer
    tokenizer = Tokenizer.from_file(model)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return lambda lines: tokenizer.encode_batch_fast(lines, add_special_tokens=False), lambda e: e.ids


def peer_encode(package: str, model: str, text: str):
    encode, _ = encoder_of(package, model)
    seconds, tokens = 0.0, 0
    for lines in lines_of(Path(text)):
        started = time.process_time()
        encoded = encode(lines)
        seconds += time.process_time() - started
        tokens += sum(map(len, encoded))
    print(json.dumps({"cpu_seconds": seconds, "tokens": tokens}))


def peer_ids(package: str, model: str, text: str):
    encode, ids = encoder_of(package, model)
    for lines in lines_of(Path(text)):
        for encoded in encode(lines):
            print(*ids(encoded))


def peer_train(package: str, kind: str, text: str, prefix: str, size: str):
    if package == "sentencepiece":
        import sentencepiece
        sentencepiece.SentencePieceTrainer.train(
            input=text, model_prefix=prefix, vocab_size=int(size), model_type=kind, num_threads=1,
            minloglevel=1)
        return
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
    if kind == "unigram":
        tokenizer = Tokenizer(models.Unigram())
        trainer = trainers.UnigramTrainer(vocab_size=int(size), special_tokens=["<unk>"], unk_token="<unk>",
                                          show_progress=False)
    elif kind == "wordpiece":
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        trainer = trainers.WordPieceTrainer(
            vocab_size=int(size), show_progress=False,
            special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.train([text], trainer)
        tokenizer.save(prefix + ".json")
        return
    else:
        tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
        trainer = trainers.BpeTrainer(vocab_size=int(size), special_tokens=["<unk>"], max_token_length=16,
                                      show_progress=False)
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.train([text], trainer)
    tokenizer.save(prefix + ".json")


def peer_likelihood(model: str, text: str):
    """The log likelihood of each line's best way to be cut."""
    import sentencepiece
    processor = sentencepiece.SentencePieceProcessor(model_file=model)
    scores = [processor.get_score(i) for i in range(processor.get_piece_size())]
    unknown = processor.unk_id()
    scores[unknown] = min(scores) - 10
    total, tokens, unknowns = 0.0, 0, 0
    for lines in lines_of(Path(text)):
        for ids in processor.encode(lines, num_threads=1):
            total += sum(scores[i] for i in ids)
            tokens += len(ids)
            unknowns += ids.count(unknown)
    print(json.dumps({"log_likelihood": total, "tokens": tokens, "unknown": unknowns}))


PEER = {"encode": peer_encode, "ids": peer_ids, "train": peer_train, "likelihood": peer_likelihood}


# Texts.

def repeat(text: Path, output: Path, size: float) -> int:
    """Whole copies of a text, as many as come nearest to a size in MB."""
    content = text.read_bytes()
    if not content.endswith(b"\n"):
        content += b"\n"
    copies = max(1, round(size * 1e6 / len(content)))
    with open(output, "wb") as file:
        for _ in range(copies):
            file.write(content)
    return copies


def vary(text: Path, output: Path, size: float):
    """Copies of a text in which words gave way to others, up to a size in MB; the first stands as it is.

    In each line of a later copy every fourth word, on average, is replaced by one of a line close by, and every
    twentieth by the beginning of it and the end of another, so that new words keep coming as in real text.
    """
    source = [line.encode().split(b" ") for lines in lines_of(text) for line in lines if line]
    draw = random.Random(SEED).random
    left, first = size * 1e6, True
    with open(output, "wb", buffering=1 << 20) as file:
        while left > 0:
            for number, words in enumerate(source):
                if not first:
                    words = list(words)
                    for _ in range(int(len(words) * 0.3 + draw())):
                        other = source[min(int(draw() * 400) + max(number - 200, 0), len(source) - 1)]
                        word, place = other[int(draw() * len(other))], int(draw() * len(words))
                        if draw() < 1 / 6:
                            word = words[place].decode(), word.decode()
                            word = (word[0][:(len(word[0]) + 1) // 2] + word[1][len(word[1]) // 2:]).encode()
                        words[place] = word
                line = b" ".join(words) + b"\n"
                left -= len(line)
                file.write(line)
                if left <= 0:
                    break
            first = False


def mix(text: Path, output: Path, size: float):
    """Sentences put together of halves from different places, up to a size in MB; the text itself stands first.

    Each half keeps its words in another order. In every twelfth word, on average, one letter gives way to another of
    the same half: names and misspellings keep coming in real text, too, and a table of words grows with it.
    """
    source = [line.split(" ") for lines in lines_of(text) for line in lines if line]
    generator = random.Random(SEED)
    draw, shuffle, left = generator.random, generator.shuffle, size * 1e6

    def half() -> list[str]:
        words = source[int(draw() * len(source))]
        middle = (len(words) + 1) // 2
        words = words[:middle] if draw() < 0.5 else words[middle:]
        shuffle(words)
        for _ in range(int(len(words) / 12 + draw())):
            place, letters = int(draw() * len(words)), words[int(draw() * len(words))]
            word = words[place]
            if word and letters:
                where = int(draw() * len(word))
                words[place] = word[:where] + letters[int(draw() * len(letters))] + word[where + 1:]
        return words

    with open(output, "wb", buffering=1 << 20) as file:
        content = text.read_bytes()[:int(left)]
        content = content[:content.rfind(b"\n") + 1]
        file.write(content)
        left -= len(content)
        while left > 0:
            line = " ".join(half() + half()).encode() + b"\n"
            left -= len(line)
            file.write(line)


class Benchmark:
    def __init__(self, arguments):
        self.koine, self.text, self.work = arguments.koine, arguments.text, arguments.work
        self.options = arguments
        self.peers = arguments.peers

    def asked(self, command: list[str], limit: float | None = None) -> dict:
        """What a peer says of itself, over what was measured of its process."""
        output = self.work / "answer.json"
        result = measured(command, limit, output)
        return result if "note" in result else result | json.loads(output.read_text())

    def best(self, function) -> dict:
        return min((function() for _ in range(self.options.rounds)), key=lambda r: r["cpu_seconds"])

    # Encoding.

    def encode(self) -> dict:
        options, results = self.options, {}
        text, head = self.work / "encode.txt", self.work / "head.txt"
        copies = repeat(self.text, text, options.encode_mb)
        size = text.stat().st_size / 1e6
        say(f"encoding {size:.0f} MB, the text {copies} times; MB are 10^6 bytes")
        say(f"{'':34} {'CPU s':>8} {'MB/CPU-s':>9} {'peak MB':>8} {'wall s':>8} {'load':>5}")
        head.write_text("".join(line + "\n" for line in next(lines_of(self.text, CHECKED))), encoding="utf-8")

        def row(name: str, result: dict):
            results[name] = result | {"mb": size, "mb_per_cpu_second": size / result["cpu_seconds"]}
            say(f"{name:34} {result['cpu_seconds']:8.2f} {size / result['cpu_seconds']:9.2f} "
                f"{result['peak_mb']:8.0f} {result['wall_seconds']:8.2f} {result['load_before']:5.2f} "
                f"{result.get('note', '')}")

        def koine(model: Path, threads: int) -> list[str]:
            return [self.koine, "subwords", "encode", "--model", str(model), "--output", "ids", "--threads",
                    str(threads), str(text)]

        cases = {"unigram": (options.unigram_model, options.unigram_json),
                 "unigram 250k": (None, options.large_json),
                 "bpe": (options.bpe_model, options.bpe_json)}
        for name, (model, fast) in cases.items():
            for threads in (1, 2):
                row(f"{name}, koine, {threads} thread{'s' * (threads > 1)}",
                    self.best(lambda: measured(koine(model or fast, threads))))
        for name, (model, fast) in cases.items():
            for package, file in (("sentencepiece", model), ("tokenizers", fast)):
                if not file or package not in self.peers:
                    continue
                row(f"{name}, {package}",
                    self.best(lambda: self.asked(peer("encode", package, file, text), options.limit)))
                results[f"{name}, {package}"]["differing_lines"] = self.differing(package, file, head)
        return results

    def differing(self, package: str, model: Path, head: Path) -> int:
        """How many lines of the text's head get other ids from Koine than from a peer, by the same file."""
        ours, theirs = self.work / "ours.txt", self.work / "theirs.txt"
        for command, output in (
                ([self.koine, "subwords", "encode", "--model", str(model), "--threads", "1", str(head)], ours),
                (peer("ids", package, model, head), theirs)):
            if "note" in (result := measured(command, output=output)):
                raise SystemExit(f"{' '.join(command)}: {result['note']}")
        a, b = (p.read_text().split("\n") for p in (ours, theirs))
        places = [i for i, (x, y) in enumerate(zip(a, b)) if x.split() != y.split()]
        first = f", first line {places[0] + 1}" if places else ""
        say(f"    ids of {len(a) - 1} and {len(b) - 1} lines, {model.parent.name}/{model.name}: "
            f"{len(places)} differ{first}")
        return len(places) + abs(len(a) - len(b))

    # Training.

    def trained(self, name: str, kind: str, text: Path, limit: float | None, *flags: str) -> dict:
        prefix = self.work / f"{text.stem}-{kind}-{name}"
        if name == "koine":
            command = [self.koine, "subwords", "train", "--input", str(text), "--model_prefix", str(prefix),
                       "--vocab_size", str(self.options.vocab_size), "--model_type", kind, "--threads", "1",
                       "--quiet", *flags]
        else:
            command = peer("train", name, kind, text, prefix, self.options.vocab_size)
        result = measured(command, limit, cap=None if name == "koine" else self.options.cap)
        say(f"{kind + ', ' + name:34} {result['cpu_seconds']:8.1f} {result['peak_mb']:8.0f} "
            f"{result['wall_seconds']:8.1f} {result.get('note', '')}")
        model = prefix.with_name(prefix.name + ".model")
        if kind == "unigram" and name != "tokenizers" and "note" not in result:
            sample = self.work / "sample.txt"
            lines = [line for lines in lines_of(self.text) for line in lines if line]
            sample.write_text("\n".join(lines[::max(1, len(lines) // CHECKED)][:CHECKED]) + "\n",
                              encoding="utf-8")
            result["likelihood"] = found = self.asked(peer("likelihood", model, sample))
            if "log_likelihood" in found:
                say(f"    {CHECKED} lines: log likelihood {found['log_likelihood']:.0f}, "
                    f"{found['tokens']} tokens, {found['unknown']} unknown")
        return result

    def training(self, make, text: Path, size: float, flags: tuple = ()) -> dict:
        if not text.exists() or abs(text.stat().st_size / 1e6 - size) > 1:
            make(self.text, text, size)
        say(f"training on {text.stat().st_size / 1e6:.0f} MB, {self.options.vocab_size} pieces "
            f"{' '.join(flags)}".rstrip())
        say(f"{'':34} {'CPU s':>8} {'peak MB':>8} {'wall s':>8}")
        return {f"{kind}, {name}": self.trained(name, kind, text, self.options.limit,
                                                *(flags if name == "koine" else ()))
                for kind in self.options.types for name in ("koine", *self.peers)
                if (kind, name) != ("wordpiece", "sentencepiece")}

    def train(self) -> dict:
        return self.training(vary, self.work / "train.txt", self.options.train_mb)

    def memory(self) -> dict:
        return self.training(mix, self.work / "large.txt", self.options.memory_mb,
                             ("--memory", self.options.memory))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("koine")
    parser.add_argument("text", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--only", nargs="+", choices=["encode", "train", "memory"],
                        default=["encode", "train"])
    parser.add_argument("--peers", nargs="*", choices=["sentencepiece", "tokenizers"],
                        default=["sentencepiece", "tokenizers"])
    parser.add_argument("--types", nargs="+", choices=["unigram", "bpe", "wordpiece"],
                        default=["unigram", "bpe"])
    parser.add_argument("--rounds", type=int, default=1, help="of encoding; the best one counts")
    parser.add_argument("--encode-mb", type=float, default=114)
    parser.add_argument("--train-mb", type=float, default=40)
    parser.add_argument("--memory-mb", type=float, default=1000, help="the text for --only memory")
    parser.add_argument("--memory", default="1GB", help="what Koine may take of memory with that text")
    parser.add_argument("--vocab-size", type=int, default=16_000)
    parser.add_argument("--limit", type=float, default=300, help="seconds, after which a process is killed")
    parser.add_argument("--cap", type=float, default=16, help="GB of address space for a peer that learns")
    parser.add_argument("--unigram-model", type=Path, default=GOLDENS / "spm-unigram" / "spiece.model")
    parser.add_argument("--unigram-json", type=Path, default=GOLDENS / "xlmr" / "tokenizer.json")
    parser.add_argument("--large-json", type=Path, default=CACHE / "base" / "e5-small" / "tokenizer.json")
    parser.add_argument("--bpe-model", type=Path, default=GOLDENS / "spm-bpe-bytes" / "spiece.model")
    parser.add_argument("--bpe-json", type=Path, default=GOLDENS / "bpe-hf" / "tokenizer.json")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    benchmark = Benchmark(arguments)
    results = {}
    for stage in arguments.only:
        results[stage] = getattr(benchmark, stage)()
        say()
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    if sys.argv[1:2] == ["peer"]:
        PEER[sys.argv[2]](*sys.argv[3:])
    else:
        main()
