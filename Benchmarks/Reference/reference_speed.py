# SPDX-License-Identifier: Apache-2.0
"""Tokens per CPU-second of transformers, sentence-transformers and CTranslate2, embedding and tuning.

    python reference_speed.py MODEL TEXTS [--threads 2] [--only embed|tune|int8] [--layers 4 12]

TEXTS has one sentence a line. Prints one JSON object. A token is one that the encoder is meant to
see (prefix and specials included, padding not), so that all settings are measured alike; CPU time
is that of this process (all threads), tokenisation included.
"""

import argparse
import json
import math
import multiprocessing
import os
import resource
import time
from pathlib import Path


def run(task: str, arguments) -> dict:
    """One measurement in a process of its own, so that its peak memory is its own."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=measure, args=(task, arguments, sender))
    child.start()
    sender.close()
    try:
        return receiver.recv()
    except EOFError:
        raise SystemExit(f"{task}: the measurement ended without a result; its message is above")
    finally:
        child.join()


def measure(task: str, arguments, sender):
    import torch

    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    texts = arguments.texts.read_text(encoding="utf-8").rstrip("\n").split("\n")
    kind, _, setting = task.partition(":")
    function = {"embed": embed, "sentence-transformers": sentence_transformers, "tune": tune,
                "ctranslate2": ctranslate2}[kind]
    result = function(setting, texts, arguments)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sender.send({"task": task} | result | {"peak_mb": round(peak)})


def timed(work, tokens: int) -> dict:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {"tokens": tokens, "cpu_seconds": round(cpu, 3), "wall_seconds": round(wall, 3),
            "tokens_per_cpu_second": round(tokens / cpu, 1)}


def embed(setting: str, texts: list[str], arguments) -> dict:
    """`unsorted`: batches of 32 in file order, as people run it. `sorted`: shortest first, in
    batches of as many texts as was measured to be best (--batch-sizes)."""
    import torch

    from encoder import Encoder
    encoder = Encoder(arguments.model, limit=arguments.limit)
    tokens = sum(map(len, encoder.tokenize(texts)))

    def work(batch_size: int, sort: bool, texts: list[str]):
        rows = encoder.tokenize(texts)
        if sort:
            rows.sort(key=len)
        with torch.inference_mode():
            for at in range(0, len(rows), batch_size):
                encoder.pool(*encoder.pad(rows[at : at + batch_size]))

    work(8, True, texts[:16])  # first calls pay for kernels and allocations
    if setting == "unsorted":
        return timed(lambda: work(32, False, texts), tokens) | {"batch_size": 32}
    runs = [timed(lambda: work(size, True, texts), tokens) | {"batch_size": size}
            for size in arguments.batch_sizes]
    return max(runs, key=lambda r: r["tokens_per_cpu_second"]) | {"tried": [
        (r["batch_size"], r["tokens_per_cpu_second"]) for r in runs]}


def sentence_transformers(_: str, texts: list[str], arguments) -> dict:
    """`SentenceTransformer.encode`, batches of 32; it sorts by length itself."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer

    from encoder import Encoder
    tokens = sum(map(len, Encoder(arguments.model, limit=arguments.limit).tokenize(texts)))
    transformer = Transformer(str(arguments.model), max_seq_length=arguments.limit)
    pooling = Pooling(transformer.get_word_embedding_dimension(), pooling_mode="mean")
    model = SentenceTransformer(modules=[transformer, pooling], device="cpu")

    def work(texts: list[str]):
        model.encode(["query: " + t for t in texts], batch_size=32, normalize_embeddings=True)

    work(texts[:16])
    return timed(lambda: work(texts), tokens) | {"batch_size": 32}


def ctranslate2(setting: str, texts: list[str], arguments) -> dict:
    """CTranslate2's encoder with weights in `setting`, shortest texts first, in the best of batch sizes (--batch-sizes) and
    the better of two ways to use threads: all on one batch, or a batch for each. Mean pooling as the others have it."""
    import concurrent.futures
    import tempfile

    import ctranslate2
    import numpy as np
    import torch

    from encoder import Encoder
    reference = Encoder(arguments.model, limit=arguments.limit)
    tokens = sum(map(len, reference.tokenize(texts)))
    folder = Path(tempfile.mkdtemp()) / "model"
    ctranslate2.converters.TransformersConverter(str(arguments.model)).convert(
        str(folder), quantization=setting)

    def pooled(model, rows: list[list[int]]) -> np.ndarray:
        states = np.array(model.forward_batch(rows).last_hidden_state)
        lengths = np.array([len(row) for row in rows])
        mask = (np.arange(states.shape[1])[None] < lengths[:, None]).astype(np.float32)
        mean = np.einsum("btd,bt->bd", states, mask) / lengths[:, None]
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)

    def work(model, batch_size: int, lanes: int, texts: list[str]) -> np.ndarray:
        rows = sorted(reference.tokenize(texts), key=len)
        batches = [rows[at : at + batch_size] for at in range(0, len(rows), batch_size)]
        with concurrent.futures.ThreadPoolExecutor(lanes) as pool:
            return np.concatenate(list(pool.map(lambda batch: pooled(model, batch), batches)))

    runs = []
    for lanes in {1, arguments.threads}:
        model = ctranslate2.Encoder(
            str(folder), device="cpu", compute_type=setting, inter_threads=lanes,
            intra_threads=arguments.threads // lanes)
        work(model, 8, lanes, texts[:32])
        runs += [timed(lambda: work(model, size, lanes, texts), tokens) |
                 {"batch_size": size, "lanes": lanes} for size in arguments.batch_sizes]
    some = texts[:200]
    found = work(model, 8, lanes, some)
    with torch.inference_mode():
        exact = np.concatenate([
            reference.pool(*reference.pad([row])).numpy()
            for row in sorted(reference.tokenize(some), key=len)])
    cosines = (found * exact).sum(1)
    return max(runs, key=lambda r: r["tokens_per_cpu_second"]) | {
        "cosine": float(cosines.mean()), "lowest_cosine": float(cosines.min()),
        "tried": [(r["batch_size"], r["lanes"], r["tokens_per_cpu_second"]) for r in runs]}


def tune(setting: str, texts: list[str], arguments) -> dict:
    """One epoch over the texts: top `setting` layers and a linear head, fused AdamW; batches of 32, sorted
    by length (its best). The embeddings train with all layers. Dropout is as configured or, after a
    plus sign, without the attention's, which lets the flash kernel in."""
    import torch

    from encoder import Encoder
    encoder = Encoder(arguments.model, limit=arguments.limit)
    count, _, attention = setting.partition("+")
    layers, total = int(count), encoder.model.config.num_hidden_layers
    if not 1 <= layers <= total:
        raise SystemExit(f"--layers: expected 1 to {total}, found {layers}")
    if layers < total:
        encoder.model.requires_grad_(False)
        for layer in encoder.model.encoder.layer[total - layers :]:
            layer.requires_grad_(True)
    encoder.model.train()
    if attention == "flash":
        for module in encoder.model.modules():
            if hasattr(module, "attention_dropout"):
                module.attention_dropout = 0.0
            if type(module).__name__.endswith("SelfAttention") and hasattr(module, "dropout"):
                module.dropout.p = 0.0
    head = torch.nn.Linear(encoder.model.config.hidden_size, arguments.labels)
    parameters = [p for p in [*encoder.model.parameters(), *head.parameters()] if p.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=2e-5, fused=True)
    texts = texts[: arguments.tune_rows]
    tokens = sum(map(len, encoder.tokenize(texts)))
    generator = torch.Generator().manual_seed(arguments.seed)

    def work(texts: list[str]):
        rows = sorted(encoder.tokenize(texts), key=len)
        starts = torch.randperm(math.ceil(len(rows) / 32), generator=generator) * 32
        for at in starts.tolist():
            batch = rows[at : at + 32]
            labels = torch.randint(arguments.labels, (len(batch),), generator=generator)
            loss = torch.nn.functional.cross_entropy(head(encoder.pool(*encoder.pad(batch))), labels)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

    work(texts[:32])
    return timed(lambda: work(texts), tokens) | {"batch_size": 32, "layers": layers}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("texts", type=Path, help="one sentence a line")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--limit", type=int, default=512, help="longest text in tokens")
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[4, 8, 16, 32, 64],
                        help="tried for the sorted setting; the best is reported")
    parser.add_argument("--layers", type=int, nargs="+", default=[4, 12],
                        help="how many top layers to tune; all 12 tune the embeddings too")
    parser.add_argument("--tune-rows", type=int, default=500, help="texts used for tuning")
    parser.add_argument("--labels", type=int, default=19)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=["embed", "tune", "int8"])
    arguments = parser.parse_args()
    # Read by OpenMP when torch is loaded, so set before any child starts.
    os.environ["OMP_NUM_THREADS"] = str(arguments.threads)

    tasks = []
    if arguments.only in (None, "embed"):
        tasks += ["embed:sorted", "embed:unsorted", "sentence-transformers"]
    if arguments.only == "int8":
        tasks += ["ctranslate2:int8", "embed:sorted"]
    if arguments.only in (None, "tune"):
        tasks += [f"tune:{n}{way}" for n in arguments.layers for way in ("", "+flash")]
    results = [run(task, arguments) for task in tasks]
    from importlib.metadata import version
    packages = ("torch", "transformers", "sentence-transformers", "tokenizers", "ctranslate2")
    print(json.dumps({"threads": arguments.threads, "results": results,
                      "versions": {p: version(p) for p in packages}}, indent=1))


if __name__ == "__main__":
    main()
