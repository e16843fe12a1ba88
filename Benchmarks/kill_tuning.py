# SPDX-License-Identifier: Apache-2.0
"""Kills a tuning run at random moments; each must go on from its checkpoints and end with the same bytes.

    python3 Benchmarks/kill_tuning.py [--times 10] [--seed 1] -- koine tune classification --train F --base e5-small ...

The command is given without --output, which this script adds. One run is left alone; then, so many times, a run is killed by
SIGKILL after a part of that run's time, and the same command is given again until it ends. Every file that the first run made
must have the same bytes, but for those that hold times (--ignore, by name). Needs nothing beyond Python 3.
"""

import argparse
import hashlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def digests(folder: Path, ignored: set[str]) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ignored
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ignore", nargs="*", default=["manifest.json", "results.json", "training.json"])
    parser.add_argument("--output-flag", default="--output")
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    home = Path(tempfile.mkdtemp(prefix="koine-kill-"))

    def start(output: Path) -> subprocess.Popen:
        return subprocess.Popen(
            [*arguments.command, arguments.output_flag, str(output)], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

    began = time.monotonic()
    if start(home / "whole").wait() != 0:
        raise SystemExit("the command fails when it is left alone")
    duration = time.monotonic() - began
    expected = digests(home / "whole", set(arguments.ignore))
    if not expected:
        raise SystemExit("the command made no files")
    failures = 0
    for number in range(1, arguments.times + 1):
        output = home / f"killed-{number}"
        moment = chance.uniform(0.05, 0.95) * duration
        process = start(output)
        try:
            process.wait(moment)
            killed = False
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            killed = True
        began = time.monotonic()
        status = start(output).wait()
        same = status == 0 and digests(output, set(arguments.ignore)) == expected
        failures += not same
        print(
            f"{number}: {'killed' if killed else 'ended'} after {moment:.1f} of {duration:.1f} s, then "
            f"{time.monotonic() - began:.1f} s to the end: {'the same bytes' if same else 'OTHER BYTES'}", flush=True)
        shutil.rmtree(output, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
