# SPDX-License-Identifier: Apache-2.0
"""Speed of the koine program beside transformers, sentence-transformers and CTranslate2, in one run.

    python speed.py KOINE BASE TEXTS WORK [--threads 2] [--rounds 2] [--only embed int8 tune serve]

TEXTS has one sentence a line; WORK is a folder for what is written on the way. Prints a table on stderr and
one JSON object on stdout. Koine's figures are those of the whole process, its start and the loading of the
model included; the reference's are those of the work alone. Each side takes its best round.
"""

import argparse
import concurrent.futures
import http.client
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

REFERENCE = Path(__file__).parent / "Reference" / "reference_speed.py"
CLIENTS = 32
TUNING_ROWS = 500
CLASSES = 19


def say(line: str):
    print(line, file=sys.stderr, flush=True)


def measured(command: list[str], stdin=None) -> dict:
    """CPU, wall and peak memory of a process and its threads."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{errors}")
    return {"cpu_seconds": usage.ru_utime + usage.ru_stime,
            "wall_seconds": time.perf_counter() - started, "peak_mb": usage.ru_maxrss / 1024}


class Benchmark:
    def __init__(self, arguments):
        from tokenizers import Tokenizer
        self.koine, self.base, self.work = arguments.koine, arguments.base, arguments.work
        self.threads = str(arguments.threads)
        self.path = arguments.texts
        self.texts = arguments.texts.read_text(encoding="utf-8").rstrip("\n").split("\n")
        tokenizer = Tokenizer.from_file(str(self.base / "tokenizer.json"))
        self.lengths = [min(len(tokenizer.encode("query: " + t).ids), 512) for t in self.texts]

    def reference(self, only: str, texts: Path) -> dict:
        output = subprocess.run(
            [sys.executable, str(REFERENCE), str(self.base), str(texts), "--threads", self.threads,
             "--only", only, "--tune-rows", str(TUNING_ROWS), "--labels", str(CLASSES)],
            check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
        return {r["task"]: r for r in json.loads(output)["results"]}

    # Embedding.

    def embed(self, *options: str) -> dict:
        vectors = self.work / f"vectors{''.join(options)}.npy"
        with open(self.path, "rb") as lines:
            result = measured([self.koine, "embed", "--base", str(self.base), "--threads",
                               self.threads, "--output", str(vectors), *options], lines)
        return {" ".join(["koine embed", *options]): result | {
            "tokens": sum(self.lengths),
            "tokens_per_cpu_second": sum(self.lengths) / result["cpu_seconds"]}}

    def int8(self) -> dict:
        """In weights of 8 bits, with the cosine of each vector to that of single precision."""
        import numpy as np
        results = self.embed() | self.embed("--int8")
        exact, found = (np.load(self.work / name) for name in ("vectors.npy", "vectors--int8.npy"))
        cosines = (exact * found).sum(1)
        results["koine embed --int8"] |= {
            "cosine": float(cosines.mean()), "lowest_cosine": float(cosines.min())}
        return results

    # Tuning.

    def tuning_data(self) -> Path:
        """The texts as a task: enough rows to tune on, few to measure, classes that mean nothing."""
        folder = self.work / "tuning"
        rows = [f"{text}\tclass-{i % CLASSES}" for i, text in enumerate(self.texts[:TUNING_ROWS])]
        for language in ("aa", "bb"):
            (folder / language).mkdir(parents=True, exist_ok=True)
            shortest = sorted(rows, key=len)[:3 * CLASSES]
            (folder / language / "test.tsv").write_text(
                "\n".join(["text\tlabel", *shortest]) + "\n", encoding="utf-8")
        (folder / "aa" / "train.tsv").write_text(
            "\n".join(["text\tlabel", *rows]) + "\n", encoding="utf-8")
        return folder

    def tune(self, layers: int) -> dict:
        """One epoch of naive tuning, as the difference between two runs of a recipe: with it and without.

        What is left in the difference besides tuning counts against Koine: embedding everything again with the
        tuned encoder, and writing it out.
        """
        folder = self.tuning_data()
        tuning = f"{{preset: naive, epochs: 1, layers: {'null' if layers == 12 else layers}}}"
        usages = []
        for name, method in (("frozen", "{name: m}"), ("tuned", f"{{name: m, tuning: {tuning}}}")):
            output = self.work / f"run-{name}"
            subprocess.run(["rm", "-rf", str(output)], check=True)
            recipe = self.work / f"{name}.yaml"
            recipe.write_text(
                "recipe: transfer/v1\nname: speed\n"
                f"base: {{model: \"{self.base}\", prefix: query, maximumLength: 512}}\n"
                f"data: {{path: \"{folder}/{{lang}}/{{split}}.tsv\", source: aa}}\n"
                f"methods: [{method}]\nevaluation: {{resamples: 100}}\n")
            usages.append(measured([self.koine, "run", str(recipe), "--output", str(output),
                                    "--threads", self.threads]))
        frozen, tuned = usages
        tokens = sum(self.lengths[:TUNING_ROWS])
        cpu = tuned["cpu_seconds"] - frozen["cpu_seconds"]
        return {f"koine tune:{layers}": {
            "tokens": tokens, "cpu_seconds": cpu, "tokens_per_cpu_second": tokens / cpu,
            "peak_mb": tuned["peak_mb"]}}

    # Serving.

    def serve(self) -> dict:
        """Clients that each send one text a request, the next when the answer is there."""
        process = subprocess.Popen(
            [self.koine, "serve", "--base", str(self.base), "--port", "0", "--threads", self.threads],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            port = None
            for line in process.stdout:
                if "http://" in line:
                    port = int(line.split("http://")[1].split(":")[1].split()[0].strip("/.,;\"'"))
                    break
            if port is None:
                raise SystemExit("koine serve ended without saying where it listens")
            threading.Thread(target=process.stdout.read, daemon=True).start()
            self.wait_for(port)
            local = threading.local()

            def ask(text: str):
                if not hasattr(local, "connection"):
                    local.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
                body = json.dumps({"inputs": text, "prefix": "query", "truncate": True}).encode()
                local.connection.request("POST", "/embed", body,
                                         {"Content-Type": "application/json"})
                answer = local.connection.getresponse()
                content = answer.read()
                if answer.status != 200:
                    raise SystemExit(f"the server answered {answer.status}: {content[:300]!r}")

            with concurrent.futures.ThreadPoolExecutor(CLIENTS) as clients:
                list(clients.map(ask, self.texts[:2 * CLIENTS]))
                before, started = self.cpu_of(process.pid), time.perf_counter()
                list(clients.map(ask, self.texts))
                wall = time.perf_counter() - started
                cpu = self.cpu_of(process.pid) - before
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
        tokens = sum(self.lengths)
        return {f"koine serve, {CLIENTS} clients": {
            "tokens": tokens, "cpu_seconds": cpu, "wall_seconds": wall,
            "tokens_per_cpu_second": tokens / cpu, "tokens_per_second": tokens / wall}}

    @staticmethod
    def wait_for(port: int):
        """Until the model is loaded."""
        for _ in range(600):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            try:
                connection.request("GET", "/health")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                pass
            finally:
                connection.close()
            time.sleep(0.1)
        raise SystemExit("koine serve did not become ready in a minute")

    @staticmethod
    def cpu_of(pid: int) -> float:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def better(known: dict, found: dict) -> dict:
    for name, result in found.items():
        if name not in known or \
                result["tokens_per_cpu_second"] > known[name]["tokens_per_cpu_second"]:
            known[name] = result
    return known


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("koine")
    parser.add_argument("base", type=Path)
    parser.add_argument("texts", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", nargs="+", choices=["embed", "int8", "tune", "serve"],
                        default=["embed", "int8", "tune", "serve"])
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    benchmark = Benchmark(arguments)
    results = {}
    for number in range(1, arguments.rounds + 1):
        say(f"round {number} of {arguments.rounds}")
        if "embed" in arguments.only or "serve" in arguments.only:
            better(results, benchmark.embed())
        if "serve" in arguments.only:
            better(results, benchmark.serve())
        if "embed" in arguments.only:
            better(results, benchmark.reference("embed", arguments.texts))
        if "int8" in arguments.only:
            better(results, benchmark.int8())
            better(results, benchmark.reference("int8", arguments.texts))
        if "tune" in arguments.only:
            for layers in (4, 12):
                better(results, benchmark.tune(layers))
            better(results, benchmark.reference("tune", arguments.texts))

    say(f"{'':28} {'tokens/CPU-s':>12} {'peak MB':>8} {'cosine':>8}")
    for name, result in results.items():
        peak = f"{result['peak_mb']:8.0f}" if "peak_mb" in result else ""
        cosine = f"{result['cosine']:9.4f}" if "cosine" in result else ""
        say(f"{name:28} {result['tokens_per_cpu_second']:12.0f} {peak}{cosine}")

    def ratio(name: str, other: str):
        if name in results and other in results:
            value = results[name]["tokens_per_cpu_second"] / results[other]["tokens_per_cpu_second"]
            say(f"{name} / {other}: {value:.2f}")

    for other in ("embed:sorted", "embed:unsorted", "sentence-transformers"):
        ratio("koine embed", other)
    for other in ("ctranslate2:int8", "koine embed"):
        ratio("koine embed --int8", other)
    for layers in (4, 12):
        for way in ("", "+flash"):
            ratio(f"koine tune:{layers}", f"tune:{layers}{way}")
    server = f"koine serve, {CLIENTS} clients"
    ratio(server, "koine embed")
    if server in results:
        wall = results["koine embed"]["wall_seconds"] / results[server]["wall_seconds"]
        say(f"{server} / koine embed, wall time, clients on the same cores: {wall:.2f}")
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
