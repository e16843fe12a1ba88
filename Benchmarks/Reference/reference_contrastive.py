# SPDX-License-Identifier: Apache-2.0
"""Takes contrastive steps with sentence-transformers and prints how fast they are as JSON.

    python reference_contrastive.py PAIRS.tsv --model MODEL [--batch-size 64] [--steps 10] [--threads 1] [--group]

PAIRS has the columns source and target. The loss is MultipleNegativesRankingLoss with the scale 20, both sides are encoded with
gradients, every parameter moves, the optimiser is fused AdamW; the first step is not timed. --group puts pairs of like length into a
batch, which saves padding. --cached takes CachedMultipleNegativesRankingLoss with parts of so many pairs.
"""

import argparse
import json
import math
import random
import resource
import time
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer, losses


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--model", required=True)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--group", action="store_true")
    parser.add_argument("--cached", type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)

    lines = arguments.pairs.read_text(encoding="utf-8").rstrip("\n").split("\n")
    header = lines[0].split("\t")
    places = header.index("source"), header.index("target")
    pairs = [tuple("query: " + line.split("\t")[place] for place in places) for line in lines[1:]]
    random.Random(arguments.seed).shuffle(pairs)
    size = arguments.batch_size
    if arguments.group:
        pairs.sort(key=lambda pair: len(pair[0]) + len(pair[1]))
    batches = [pairs[start: start + size] for start in range(0, len(pairs) - size + 1, size)]
    random.Random(arguments.seed).shuffle(batches)

    model = SentenceTransformer(arguments.model, device="cpu")
    model.train()
    loss = (
        losses.CachedMultipleNegativesRankingLoss(model, scale=20, mini_batch_size=arguments.cached)
        if arguments.cached else losses.MultipleNegativesRankingLoss(model, scale=20))
    # The table of pooled words is left out of nothing: every parameter moves.
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, fused=True)
    tokens = examples = 0
    started = 0.0
    for step in range(arguments.steps + 1):
        batch = batches[step % len(batches)]
        if step == 1:
            started, tokens, examples = time.process_time(), 0, 0
        sides = [model.preprocess(list(side)) if hasattr(model, "preprocess") else model.tokenize(list(side))
                 for side in zip(*batch)]
        value = loss(sides, torch.zeros(len(batch)))
        value.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        tokens += sum(int(side["attention_mask"].sum()) for side in sides)
        examples += len(batch)
        assert math.isfinite(value.item())
    seconds = time.process_time() - started
    print(json.dumps({
        "tool": "sentence-transformers", "examples_per_second": round(examples / seconds, 2),
        "tokens_per_second": round(tokens / seconds, 1), "examples": examples, "tokens": tokens,
        "seconds": round(seconds, 2), "loss": round(value.item(), 4),
        "megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}))


if __name__ == "__main__":
    main()
