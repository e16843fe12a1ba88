# SPDX-License-Identifier: Apache-2.0
"""Memory and time of mining many texts: vectors of 384 random numbers, half of each side near to one of the other.

    pip install numpy
    python Benchmarks/mining_memory.py out/memory --texts 1000000 --seconds 300
    python Benchmarks/mining_memory.py out/memory --texts 100000

Runs `koine mine` on both sides' files, to its end or for so many seconds, and prints its peak memory (VmHWM, files that are mapped and read included), the processor
time it took, the last line of progress and, where it came to its end, how many of the planted pairs were found.
"""

import argparse
import os
import pathlib
import signal
import subprocess
import time

import numpy


FILLING = "is the number of a text that is as long as sentences are, a hundred letters or nearly so"


def make(folder, count, width=384, step=50_000):
    for side in range(2):
        vectors = folder / f"{count}.{side}.npy"
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
    parser.add_argument("--koine", default="koine")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    make(arguments.folder, arguments.texts)
    place, pairs = f"{arguments.folder}/{arguments.texts}", f"{arguments.folder}/pairs.tsv"
    log = open(f"{place}.log", "w+")
    start = time.monotonic()
    process = subprocess.Popen(
        [arguments.koine, "mine", f"--source={place}.0.txt", f"--target={place}.1.txt", f"--source-vectors={place}.0.npy",
         f"--target-vectors={place}.1.npy", f"--output={pairs}", f"--threads={arguments.threads}"], stderr=log)
    most = 0
    while process.poll() is None and time.monotonic() - start < arguments.seconds:
        most = max(most, peak(process))
        time.sleep(0.2)
    is_whole = process.poll() is not None
    if not is_whole:
        process.send_signal(signal.SIGTERM)
    _, _, usage = os.wait4(process.pid, 0) if not is_whole else (0, 0, None)
    log.seek(0)
    lines = log.read().splitlines()
    print(f"{arguments.texts} x {arguments.texts}: peak {most:.0f} MB, {time.monotonic() - start:.0f} s")
    if usage:
        print(f"stopped; {usage.ru_utime + usage.ru_stime:.0f} processor seconds")
    print(*lines[-3:], sep="\n")
    if is_whole:
        with open(pairs) as rows:
            right = sum(fields[1] == fields[2] for fields in (row.split("\t") for row in rows))
        print(f"planted pairs found: {right}")


if __name__ == "__main__":
    main()
