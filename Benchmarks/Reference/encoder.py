# SPDX-License-Identifier: Apache-2.0
"""The reference encoder: transformers' BertModel, mean pooling over all tokens, unit length."""

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # everything is read from a directory

from pathlib import Path

import numpy as np
import torch
from transformers import AutoModel, AutoTokenizer
from transformers.utils import logging

logging.set_verbosity_error()  # the pooler is absent on purpose


class Encoder:
    """A Hugging Face encoder directory, in float32 on the CPU.

    `limit` is the longest text in tokens, specials included; longer ones are cut.
    """

    def __init__(self, directory: Path, limit: int = 512, prefix: str = "query: "):
        if not (directory / "config.json").is_file():
            raise SystemExit(f"{directory}: expected a model directory with config.json; "
                             "make one with `koine base fetch e5-small` or convert_e5.py")
        self.tokenizer = AutoTokenizer.from_pretrained(directory)
        self.model = AutoModel.from_pretrained(directory, dtype=torch.float32).eval()
        self.limit, self.prefix = limit, prefix

    def tokenize(self, texts: list[str]) -> list[list[int]]:
        """The ids of each text, with prefix and special tokens."""
        texts = [self.prefix + t for t in texts]
        return self.tokenizer(texts, truncation=True, max_length=self.limit)["input_ids"]

    def pad(self, rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Ids and mask of one batch, padded on the right to its longest row."""
        longest = max(map(len, rows))
        ids = torch.full((len(rows), longest), self.tokenizer.pad_token_id)
        mask = torch.zeros(len(rows), longest, dtype=torch.long)
        for i, row in enumerate(rows):
            ids[i, : len(row)] = torch.tensor(row)
            mask[i, : len(row)] = 1
        return ids, mask  # [batch, time]

    def pool(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Unit-length means of the last hidden states; differentiable."""
        states = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask[:, :, None].to(states.dtype)
        mean = (states * weights).sum(1) / weights.sum(1)
        return torch.nn.functional.normalize(mean, dim=-1)  # [batch, hidden]

    @torch.inference_mode()
    def embed(self, texts: list[str], tokens_per_batch: int = 4096) -> np.ndarray:
        """Embeddings of all texts, computed in batches of like length."""
        rows = self.tokenize(texts)
        result = np.zeros((len(rows), self.model.config.hidden_size), np.float32)
        for batch in batches_by_length(rows, tokens_per_batch):
            result[batch] = self.pool(*self.pad([rows[i] for i in batch])).numpy()
        return result


def batches_by_length(rows: list[list[int]], tokens: int):
    """Indices of `rows`, shortest first, at most `tokens` tokens (padding counted) at a time."""
    batch: list[int] = []
    for i in sorted(range(len(rows)), key=lambda i: (len(rows[i]), i)):
        if batch and (len(batch) + 1) * len(rows[i]) > tokens:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
