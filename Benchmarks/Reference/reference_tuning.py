# SPDX-License-Identifier: Apache-2.0
"""Tunes an encoder for a task with transformers and peft, and prints what came of it as JSON.

    python reference_tuning.py topics lora --model MODEL --data DATA [--seed 1] [--intents FOLDER]

Tasks: topics (SIB-200), intents (home-assistant-intents as `koine data import` writes them), tagging (parts of
speech, UD), answering (XQuAD), retrieval (Tatoeba). Methods: head (the body frozen), top (its last four layers), full,
biases, lora, ia3, pfeiffer, houlsby. Learned from English alone (retrieval: German and English), scored in other languages.

With --development learning and scoring see the source's training data alone: what rates are chosen by. With --steps N
it stops after N steps and scores nothing: what speed is measured by. --group sorts examples of like length into batches.
"""

import argparse
import json
import math
import random
import resource
import string
import re
import time
from collections import Counter
from pathlib import Path

import torch
from torch import nn
from transformers import AutoConfig, AutoModel, AutoTokenizer, get_linear_schedule_with_warmup

TOPIC_LANGUAGES = (
    "deu_Latn fra_Latn spa_Latn rus_Cyrl arb_Arab zho_Hans jpn_Jpan kor_Hang hin_Deva tha_Thai tur_Latn fin_Latn "
    "swh_Latn amh_Ethi tel_Telu quy_Latn yor_Latn tgl_Latn eus_Latn kat_Geor"
).split()
INTENT_LANGUAGES = "de fr es it nl pl ru el eu fi ro sl th zh-CN".split()
PAIRS = "ara cmn fin hin swh tur".split()
RATES = {
    "head": 1e-2, "top": 1e-4, "full": 1e-4, "biases": 1e-3, "lora": 1e-3, "ia3": 5e-3,
    "pfeiffer": 1e-3, "houlsby": 1e-3,
}
EPOCHS = {"topics": 4, "intents": 3, "tagging": 2, "answering": 2, "retrieval": 1}


class Bottleneck(nn.Module):
    """Down, an activation, up; the last map begins at zero."""

    def __init__(self, width, inner, activation):
        super().__init__()
        self.down, self.up = nn.Linear(width, inner), nn.Linear(inner, width)
        self.activation = activation
        nn.init.normal_(self.down.weight, std=0.02)
        for tensor in (self.down.bias, self.up.weight, self.up.bias):
            nn.init.zeros_(tensor)

    def forward(self, states):
        return self.up(self.activation(self.down(states)))


class PfeifferOutput(nn.Module):
    """A feed-forward network's output with a bottleneck that reads the sum after its norm."""

    def __init__(self, output, width):
        super().__init__()
        self.output = output
        self.adapter = Bottleneck(width, width // 16, nn.functional.relu)

    def forward(self, hidden, given):
        output = self.output.dropout(self.output.dense(hidden)) + given
        return self.output.LayerNorm(output + self.adapter(self.output.LayerNorm(output)))


class HoulsbyOutput(nn.Module):
    """A sublayer's output with a bottleneck in front of the sum."""

    def __init__(self, output, width):
        super().__init__()
        self.output = output
        self.adapter = Bottleneck(width, width // 16, nn.functional.silu)

    def forward(self, hidden, given):
        output = self.output.dropout(self.output.dense(hidden))
        return self.output.LayerNorm(output + self.adapter(output) + given)


def make_body(path, method):
    config = AutoConfig.from_pretrained(path)
    config.attention_probs_dropout_prob = 0.0
    body = AutoModel.from_pretrained(
        path, config=config, add_pooling_layer=False, attn_implementation="sdpa", dtype=torch.float32)
    if method in ("head", "top", "pfeiffer", "houlsby", "biases"):
        body.requires_grad_(False)
    if method == "top":
        body.encoder.layer[-4:].requires_grad_(True)
    elif method == "biases":
        for name, parameter in body.named_parameters():
            parameter.requires_grad_(name.endswith(".bias"))
    elif method in ("pfeiffer", "houlsby"):
        width = config.hidden_size
        for layer in body.encoder.layer:
            if method == "houlsby":
                layer.attention.output = HoulsbyOutput(layer.attention.output, width)
                layer.output = HoulsbyOutput(layer.output, width)
            else:
                layer.output = PfeifferOutput(layer.output, width)
    elif method in ("lora", "ia3"):
        import peft

        settings = (
            peft.LoraConfig(r=8, lora_alpha=16, target_modules=["query", "value"])
            if method == "lora" else
            peft.IA3Config(target_modules=["key", "value", "output.dense"], feedforward_modules=["output.dense"]))
        if method == "ia3":
            settings.target_modules = r".*(key|value|layer\.\d+\.output\.dense)"
            settings.feedforward_modules = r".*layer\.\d+\.output\.dense"
        body = peft.get_peft_model(body, settings)
    return body


class Model(nn.Module):
    def __init__(self, body, outputs, frozen, width):
        super().__init__()
        self.body, self.frozen = body, frozen
        self.head = nn.Linear(width, outputs) if outputs else None
        if outputs:
            nn.init.normal_(self.head.weight, std=0.02)
            nn.init.zeros_(self.head.bias)
        self.dropout = nn.Dropout(0.1)

    def train(self, mode=True):
        super().train(mode)
        if self.frozen:
            self.body.eval()
        return self

    def states(self, ids, mask):
        if self.frozen:
            with torch.no_grad():
                return self.body(input_ids=ids, attention_mask=mask).last_hidden_state
        return self.body(input_ids=ids, attention_mask=mask).last_hidden_state

    @staticmethod
    def pooled(states, mask):
        mask = mask.unsqueeze(-1).float()
        return (states * mask).sum(1) / mask.sum(1)


def padded(rows):
    longest = max(map(len, rows))
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    mask = torch.zeros(len(rows), longest, dtype=torch.long)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = torch.tensor(row)
        mask[index, : len(row)] = 1
    ids[mask == 0] = 1  # the tokenizer's padding
    return ids, mask


def table(path):
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    header = lines[0].split("\t")
    label = "label" if "label" in header else "category"
    rows = [line.rstrip("\r").split("\t") for line in lines[1:]]
    return [(row[header.index("text")], row[header.index(label)]) for row in rows]


class Classification:
    """A class for each text: the mean of its states through a linear map."""

    def __init__(self, arguments, tokenizer):
        self.tokenizer = tokenizer
        if arguments.task == "topics":
            root = arguments.data / "sib200"
            train = table(root / "eng_Latn" / "train.tsv")
            files = {name: root / name / "dev.tsv" for name in ["eng_Latn", *TOPIC_LANGUAGES]}
            held = train[600:]
            if arguments.development:
                train = train[:600]
        else:
            root = arguments.intents
            train = table(root / "en" / "train.tsv")
            files = {name: root / name / "test.tsv" for name in ["en", *INTENT_LANGUAGES] if (root / name).is_dir()}
            held = table(root / "en" / "dev.tsv")
        self.labels = sorted({label for _, label in train})
        self.outputs = len(self.labels)
        self.train = [self.item(*row) for row in train]
        self.tests = {"development": [self.item(*row) for row in held]} if arguments.development else {
            name: [self.item(*row) for row in table(path)] for name, path in files.items()}

    def item(self, text, label):
        row = self.tokenizer("query: " + text, truncation=True, max_length=512)["input_ids"]
        return row, self.labels.index(label) if label in self.labels else -1

    def rows(self, item):
        return [item[0]]

    def loss(self, model, items):
        ids, mask = padded([item[0] for item in items])
        logits = model.head(model.dropout(model.pooled(model.states(ids, mask), mask)))
        return nn.functional.cross_entropy(logits, torch.tensor([item[1] for item in items]))

    def score(self, model, items):
        right = 0
        for batch in sorted_batches(items, self.rows):
            ids, mask = padded([item[0] for item in batch])
            said = model.head(model.pooled(model.states(ids, mask), mask)).argmax(-1).tolist()
            right += sum(a == b[1] for a, b in zip(said, batch))
        return right / len(items)


class Tagging:
    """Universal parts of speech on the first piece of each word."""

    def __init__(self, arguments, tokenizer):
        self.tokenizer = tokenizer
        root = arguments.data / "ud"
        train = self.sentences(root / "en_ewt-ud-dev.conllu")
        tests = {"en_ewt": "en_ewt-ud-test.conllu", "de_gsd": "de_gsd-ud-test.conllu"}
        if arguments.development:
            held, train = train[1600:], train[:1600]
        self.labels = sorted({tag for _, tags in train for tag in tags})
        self.outputs = len(self.labels)
        self.train = [self.item(*sentence) for sentence in train]
        self.tests = {"development": [self.item(*row) for row in held]} if arguments.development else {
            name: [self.item(*row) for row in self.sentences(root / file)] for name, file in tests.items()}

    @staticmethod
    def sentences(path):
        result, words, tags = [], [], []
        for line in path.read_text(encoding="utf-8").split("\n"):
            if not line.strip():
                if words:
                    result.append((words, tags))
                words, tags = [], []
            elif not line.startswith("#"):
                cells = line.split("\t")
                if cells[0].isdigit():
                    words.append(cells[1])
                    tags.append(cells[3])
        return result

    def item(self, words, tags):
        coded = self.tokenizer(words, is_split_into_words=True, truncation=True, max_length=512)
        places, last = [], None
        for index, word in enumerate(coded.word_ids()):
            if word is not None and word != last:
                places.append((index, self.labels.index(tags[word]) if tags[word] in self.labels else -1))
            last = word
        return coded["input_ids"], places

    def rows(self, item):
        return [item[0]]

    def logits(self, model, items, drop):
        ids, mask = padded([item[0] for item in items])
        rows = torch.tensor([row for row, item in enumerate(items) for _ in item[1]])
        places = torch.tensor([place for item in items for place, _ in item[1]])
        states = model.states(ids, mask)[rows, places]
        targets = torch.tensor([target for item in items for _, target in item[1]])
        return model.head(model.dropout(states) if drop else states), targets

    def loss(self, model, items):
        return nn.functional.cross_entropy(*self.logits(model, items, True))

    def score(self, model, items):
        right = total = 0
        for batch in sorted_batches(items, self.rows):
            logits, targets = self.logits(model, batch, False)
            right += (logits.argmax(-1) == targets).sum().item()
            total += len(targets)
        return right / total


class Answering:
    """SQuAD's questions: scores of each token as the start and the end of the answer."""

    def __init__(self, arguments, tokenizer):
        self.tokenizer = tokenizer
        files = {name: arguments.data / "xquad" / f"xquad.{name}.json" for name in "en de es ar zh".split()}
        data = {name: self.paragraphs(path) for name, path in files.items()}
        count = taken = 0
        while count < 800:
            count += len(data["en"][taken][1])
            taken += 1
        train = data["en"][:taken]
        if arguments.development:
            held, train = train[-20:], train[:-20]
            self.tests = {"development": self.questions(held)}
        else:
            self.tests = {name: self.questions(rest[taken:]) for name, rest in data.items()}
        self.outputs = 2
        self.train = [window for question in self.questions(train) for window in question["windows"]]

    @staticmethod
    def paragraphs(path):
        data = json.loads(path.read_text(encoding="utf-8"))["data"]
        return [(part["context"], part["qas"]) for article in data for part in article["paragraphs"]]

    def questions(self, paragraphs):
        return [self.question(context, qa) for context, qas in paragraphs for qa in qas]

    def question(self, context, qa):
        answer = qa["answers"][0]
        begin, end = answer["answer_start"], answer["answer_start"] + len(answer["text"])
        coded = self.tokenizer(
            qa["question"], context, truncation="only_second", max_length=384, stride=128,
            return_overflowing_tokens=True, return_offsets_mapping=True)
        windows = []
        for index, ids in enumerate(coded["input_ids"]):
            sequence = coded.sequence_ids(index)
            offsets = [o if s == 1 else None for o, s in zip(coded["offset_mapping"][index], sequence)]
            text = [i for i, o in enumerate(offsets) if o is not None]
            start = stop = 0
            if offsets[text[0]][0] <= begin and end <= offsets[text[-1]][1]:
                start = max(i for i in text if offsets[i][0] <= begin)
                stop = min(i for i in text if offsets[i][1] >= end)
            windows.append((ids, start, stop, offsets))
        return {"windows": windows, "context": context, "golds": [a["text"] for a in qa["answers"]]}

    def rows(self, window):
        return [window[0]]

    def loss(self, model, items):
        ids, mask = padded([item[0] for item in items])
        logits = model.head(model.states(ids, mask)).masked_fill(mask.unsqueeze(-1) == 0, -1e4)
        starts = nn.functional.cross_entropy(logits[..., 0], torch.tensor([item[1] for item in items]))
        return (starts + nn.functional.cross_entropy(logits[..., 1], torch.tensor([i[2] for i in items]))) / 2

    def score(self, model, questions):
        windows = [(number, window) for number, q in enumerate(questions) for window in q["windows"]]
        best = [(-math.inf, "")] * len(questions)
        for batch in sorted_batches(windows, lambda w: [w[1][0]], 16):
            ids, mask = padded([window[0] for _, window in batch])
            logits = model.head(model.states(ids, mask))
            for row, (number, window) in enumerate(batch):
                offsets = window[3]
                text = [i for i, o in enumerate(offsets) if o is not None and o[0] < o[1]]
                scores = logits[row].tolist()
                starts = sorted(text, key=lambda i: -scores[i][0])[:20]
                ends = sorted(text, key=lambda i: -scores[i][1])[:20]
                for a in starts:
                    for b in ends:
                        if a <= b < a + 30 and scores[a][0] + scores[b][1] > best[number][0]:
                            answer = questions[number]["context"][offsets[a][0]: offsets[b][1]]
                            best[number] = scores[a][0] + scores[b][1], answer.strip()
        return sum(
            max(f1(answer, gold) for gold in q["golds"]) for (_, answer), q in zip(best, questions)) / len(questions)


def normalized(text):
    text = "".join(c for c in text.lower() if c not in set(string.punctuation))
    return re.sub(r"\b(a|an|the)\b", " ", text).split()


def f1(answer, gold):
    said, true = normalized(answer), normalized(gold)
    common = sum((Counter(said) & Counter(true)).values())
    return 2 * common / (len(said) + len(true)) if common else 0.0


class Retrieval:
    """Sentences and their translations: cross-entropy of cosines over the batch."""

    outputs = 0

    def __init__(self, arguments, tokenizer):
        self.tokenizer = tokenizer
        self.root = arguments.data / "tatoeba"
        train = self.pairs("deu")
        if arguments.development:
            self.tests, train = {"development": train[800:]}, train[:800]
        else:
            self.tests = {name: self.pairs(name) for name in PAIRS}
        self.train = train

    def pairs(self, name):
        sides = []
        for side in (name, "eng"):
            text = (self.root / f"tatoeba.{name}-eng.{side}").read_text(encoding="utf-8").rstrip("\n")
            sides.append([
                self.tokenizer("query: " + line, truncation=True, max_length=512)["input_ids"]
                for line in text.split("\n")])
        return list(zip(*sides))

    def rows(self, pair):
        return list(pair)

    def vectors(self, model, rows):
        ids, mask = padded(rows)
        return nn.functional.normalize(model.pooled(model.states(ids, mask), mask), dim=-1)

    def loss(self, model, pairs):
        vectors = self.vectors(model, [row for pair in pairs for row in pair])
        cosines = vectors[0::2] @ vectors[1::2].T / 0.05
        targets = torch.arange(len(pairs))
        return (nn.functional.cross_entropy(cosines, targets) + nn.functional.cross_entropy(cosines.T, targets)) / 2

    def score(self, model, pairs):
        sides = []
        for side in (0, 1):
            order = sorted(range(len(pairs)), key=lambda i: len(pairs[i][side]))
            found = torch.zeros(len(pairs), 0)
            for start in range(0, len(pairs), 64):
                part = order[start: start + 64]
                vectors = self.vectors(model, [pairs[i][side] for i in part])
                if not found.shape[1]:
                    found = torch.zeros(len(pairs), vectors.shape[1])
                found[part] = vectors
            sides.append(found)
        cosines = sides[0] @ sides[1].T
        own = torch.arange(len(pairs))
        return ((cosines.argmax(1) == own).float().mean() + (cosines.argmax(0) == own).float().mean()).item() / 2


def sorted_batches(items, rows, size=32):
    items = sorted(items, key=lambda item: len(rows(item)[0]))
    return [items[start: start + size] for start in range(0, len(items), size)]


def batches(items, size, generator, rows, group):
    order = list(range(len(items)))
    generator.shuffle(order)
    if group:  # as transformers' group_by_length: random megabatches, sorted inside
        mega = [order[start: start + 50 * size] for start in range(0, len(order), 50 * size)]
        order = [i for part in mega for i in sorted(part, key=lambda i: -max(map(len, rows(items[i]))))]
    result = [[items[i] for i in order[start: start + size]] for start in range(0, len(order), size)]
    if group:
        generator.shuffle(result)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=["topics", "intents", "tagging", "answering", "retrieval"])
    parser.add_argument("method", choices=list(RATES))
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--intents", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--batch-size", type=int)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--head-rate", type=float)
    parser.add_argument("--group", action="store_true")
    parser.add_argument("--development", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    generator = random.Random(arguments.seed)

    tokenizer = AutoTokenizer.from_pretrained(arguments.model)
    kinds = {"tagging": Tagging, "answering": Answering, "retrieval": Retrieval}
    task = kinds.get(arguments.task, Classification)(arguments, tokenizer)
    body = make_body(arguments.model, arguments.method)
    model = Model(body, task.outputs, arguments.method == "head", body.config.hidden_size)
    rate = arguments.rate or RATES[arguments.method]
    head_rate = arguments.head_rate or (1e-2 if arguments.task in ("topics", "intents") else 1e-3)
    groups = []
    for is_head in (True, False):
        for is_exempt in (False, True):
            members = [
                p for name, p in model.named_parameters()
                if p.requires_grad and name.startswith("head.") == is_head
                and (p.dim() < 2 or name.endswith(".bias")) == is_exempt]
            if members:
                groups.append({
                    "params": members, "lr": head_rate if is_head else rate, "weight_decay": 0 if is_exempt else 0.01})
    moving = [p for group in groups for p in group["params"]]
    optimizer = torch.optim.AdamW(groups, fused=True)
    size = arguments.batch_size or (16 if arguments.task == "answering" else 32)
    epochs = arguments.epochs or EPOCHS[arguments.task]
    per_epoch = math.ceil(len(task.train) / size)
    step_count = arguments.steps or per_epoch * epochs
    schedule = get_linear_schedule_with_warmup(optimizer, math.ceil(0.1 * step_count), step_count)

    model.train()
    tokens = step = 0
    losses = []
    started, began = time.process_time(), time.perf_counter()
    while step < step_count:
        for batch in batches(task.train, size, generator, task.rows, arguments.group):
            if step == step_count:
                break
            loss = task.loss(model, batch)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(moving, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            losses.append(loss.item())
            tokens += sum(len(row) for item in batch for row in task.rows(item))
            step += 1
    seconds, wall_seconds = time.process_time() - started, time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    scores = {}
    if not arguments.steps:
        model.eval()
        with torch.inference_mode():
            scores = {name: round(task.score(model, items), 5) for name, items in task.tests.items()}
    others = list(scores.values())[1:]
    if arguments.task == "retrieval":
        others = list(scores.values())
    print(json.dumps({
        "tool": "transformers", "task": arguments.task, "method": arguments.method, "seed": arguments.seed,
        "rate": rate, "head_rate": head_rate, "steps": step, "scores": scores,
        "mean": sum(others) / len(others) if others else None,
        "trained": sum(p.numel() for p in moving), "tokens": tokens, "seconds": round(seconds, 2),
        "wall_seconds": round(wall_seconds, 2),
        "tokens_per_second": round(tokens / seconds, 1), "megabytes": round(memory),
        "loss": round(sum(losses[-10:]) / len(losses[-10:]), 4)}))


if __name__ == "__main__":
    main()
