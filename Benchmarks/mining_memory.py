# SPDX-License-Identifier: Apache-2.0
"""Memory and time of mining many texts: vectors of 384 random numbers, half of each side near to one of the other.

    pip install numpy
    python Benchmarks/mining_memory.py out/memory --texts 1000000 --seconds 300
    python Benchmarks/mining_memory.py out/memory --texts 100000
    python Benchmarks/mining_memory.py out/memory --texts 100000 --clusters 1000 --index ivf

With --clusters the vectors lie around so many others, as those of texts do around what they are about; without they have no order at all, which is the worst that
an index can meet. Runs `koine mine` on both sides' files, to its end or for so many seconds, and prints its peak memory (VmHWM, files that are mapped and read included), the processor
time it took, the last line of progress and, where it came to its end, how many of the planted pairs were found.
"""

import argparse
import pathlib
import resource
import signal
import subprocess
import time

import numpy


FILLING = "is the number of a text that is as long as sentences are, a hundred letters or nearly so"


STEP = 50_000


def is_planted(row, count):
    return row % STEP < min(STEP, count - row // STEP * STEP) // 2


def make(folder, count, clusters=0, width=384, step=STEP):
    centers = numpy.random.default_rng(7).standard_normal((clusters, width), numpy.float32)
    for side in range(2):
        vectors = folder / f"{count}.{clusters}.{side}.npy"
        (folder / f"{count}.{side}.txt").write_text("".join(f"{side} {row} {FILLING}\n" for row in range(count)))
        if vectors.exists():
            continue
        partial = folder / "partial.npy"
        matrix = numpy.lib.format.open_memmap(partial, "w+", numpy.float32, (count, width))
        for start in range(0, count, step):
            rows = min(step, count - start)
            shared = numpy.random.default_rng(start).standard_normal((rows, width), numpy.float32)
            own = numpy.random.default_rng(start * 2 + side + 1).standard_normal((rows, width), numpy.float32)
            own[:rows // 2] += shared[:rows // 2]
            if clusters:
                own += centers[numpy.random.default_rng(start + 1).integers(clusters, size=rows)]
            matrix[start:start + rows] = own / numpy.linalg.norm(own, axis=1, keepdims=True)
        matrix.flush()
        partial.rename(vectors)


def peak(process):
    with open(f"/proc/{process.pid}/status") as status:
        return next((int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM")), 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--threads", default="2")
    parser.add_argument("--clusters", type=int, default=0)
    parser.add_argument("--index", default="exact")
    parser.add_argument("--probes")
    parser.add_argument("--koine", default="koine")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    make(arguments.folder, arguments.texts, arguments.clusters)
    place, pairs = f"{arguments.folder}/{arguments.texts}", f"{arguments.folder}/pairs.tsv"
    vectors = f"{place}.{arguments.clusters}"
    log = open(f"{place}.log", "w+")
    start = time.monotonic()
    process = subprocess.Popen(
        [arguments.koine, "mine", f"--source={place}.0.txt", f"--target={place}.1.txt", f"--source-vectors={vectors}.0.npy",
         f"--target-vectors={vectors}.1.npy", f"--output={pairs}", f"--threads={arguments.threads}", f"--index={arguments.index}",
         *([f"--probes={arguments.probes}"] if arguments.probes else [])], stderr=log)
    most = 0
    while process.poll() is None and time.monotonic() - start < arguments.seconds:
        most = max(most, peak(process))
        time.sleep(0.2)
    is_whole = process.poll() is not None
    if not is_whole:
        process.send_signal(signal.SIGTERM)
        process.wait()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    log.seek(0)
    lines = log.read().splitlines()
    print(f"{arguments.texts} x {arguments.texts}: peak {most:.0f} MB, {time.monotonic() - start:.0f} s")
    print(f"{'to its end' if is_whole else 'stopped'}; {usage.ru_utime + usage.ru_stime:.0f} processor seconds")
    print(*lines[-3:], sep="\n")
    if is_whole:
        with open(pairs) as rows:
            next(rows)
            lines = ([int(field) for field in row.split("\t")[1:3]] for row in rows)
            right = sum(source == target and is_planted(source - 1, arguments.texts) for source, target in lines)
        print(f"planted pairs found: {right}")


if __name__ == "__main__":
    main()
