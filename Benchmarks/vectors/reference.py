# SPDX-License-Identifier: Apache-2.0
"""MUSE's, vecmap's and RCSLS's published protocols in NumPy, as the reference for speed and scores.

Usage: reference.py {muse|vecmap-supervised|vecmap-semi-supervised|rcsls} SOURCE.vec TARGET.vec TRAIN.tsv TEST.tsv [CUTOFF [SEED [SHARE]]]

Prints a line of JSON: P@1 by CSLS in percent, and the CPU seconds of reading, of the map and of the evaluation.
"""
import json, sys, time
import numpy as np


def read(path):
    with open(path, encoding="utf-8") as file:
        count, width = map(int, file.readline().split())
        words, rows = [], np.empty((count, width), np.float32)
        for index, line in enumerate(file):
            word, numbers = line.rstrip().split(" ", 1)
            words.append(word)
            rows[index] = np.fromstring(numbers, sep=" ", dtype=np.float32)
    return words, rows


def pairs(path, left, right):
    left, right = ({w: i for i, w in enumerate(words)} for words in (left, right))
    found = [line.split() for line in open(path, encoding="utf-8")]
    return np.array([(left[a], right[b]) for a, b in found if a in left and b in right])


def unit(x):
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)


def nearest_mean(x, z, k=10, block=1000):
    means = np.empty(len(x), np.float32)
    for start in range(0, len(x), block):
        similar = x[start:start + block] @ z.T
        means[start:start + block] = np.partition(similar, -k, axis=1)[:, -k:].mean(axis=1)
    return means


def best(x, z, penalty, block=1000):
    return np.concatenate([
        (2 * (x[s:s + block] @ z.T) - penalty).argmax(axis=1) for s in range(0, len(x), block)])


def orthogonal(x, z):
    u, s, vt = np.linalg.svd(x.T @ z)
    return u @ vt


def muse(x, z, train, rounds=5, limit=10_000):
    matrix = orthogonal(x[train[:, 0]], z[train[:, 1]])
    for _ in range(rounds):
        a, b = unit(x @ matrix), unit(z)
        left, right = nearest_mean(a, b), nearest_mean(b, a)
        forward, backward = best(a[:limit], b, right), best(b[:limit], a, left)
        mutual = [i for i, j in enumerate(forward) if j < len(backward) and backward[j] == i]
        matrix = orthogonal(x[mutual], z[forward[mutual]])
    return x @ matrix, z


def whitening(x):
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    return vt.T @ np.diag(1 / s) @ vt


def weighted(x, z, train):
    wx, wz = whitening(x[train[:, 0]]), whitening(z[train[:, 1]])
    x, z = x @ wx, z @ wz
    u, s, vt = np.linalg.svd(x[train[:, 0]].T @ z[train[:, 1]])
    x, z = x @ u * s ** 0.5, z @ vt.T * s ** 0.5
    return x @ u.T @ np.linalg.inv(wx) @ u, z @ vt @ np.linalg.inv(wz) @ vt.T


def self_learning(x, z, train, cutoff, seed=0, keep=0.1):
    random = np.random.default_rng(seed)
    top, gained, round = -100.0, 0, 1
    a0, b = x[:cutoff], z[:cutoff]
    while True:
        if round - gained > 50:
            if keep >= 1:
                break
            keep, gained = min(1, keep * 2), round
        a = a0 @ orthogonal(x[train[:, 0]], z[train[:, 1]])
        right, left = nearest_mean(b, a), nearest_mean(a, b)
        objective, parts = 0, []
        for p, q, penalty in ((a, b, right), (b, a, left)):
            similar = p @ q.T
            objective += similar.max(axis=1).mean() / 2
            similar -= penalty / 2
            if keep < 1:
                similar *= random.random(similar.shape, dtype=np.float32) < keep
            parts.append(similar.argmax(axis=1))
        train = np.concatenate([
            np.stack([np.arange(len(a)), parts[0]], 1), np.stack([parts[1], np.arange(len(b))], 1)])
        if objective - top >= 1e-6:
            top, gained = objective, round
        round += 1
    return weighted(x, z, train)


def near(queries, others, values, k=10, block=1000):
    """The sum of each query's products with its nearest, and the mean of these rows of `values`."""
    total, means = 0.0, np.empty_like(queries)
    for start in range(0, len(queries), block):
        similar = queries[start:start + block] @ others.T
        found = np.argpartition(similar, -k, axis=1)[:, -k:]
        total += np.take_along_axis(similar, found, 1).sum() / k
        means[start:start + block] = values[found].mean(axis=1)
    return total, means


def rcsls(x, z, train, iterations=10, limit=200_000):
    a, b = x[train[:, 0]], z[train[:, 1]]
    matrix, rate, last = orthogonal(a, b), 1.0, None

    def criterion(matrix):
        forward, targets = near(a @ matrix, z[:limit], z)
        backward, sources = near(b, x[:limit] @ matrix, x)
        value = (-2 * ((a @ matrix) * b).sum() + forward + backward) / len(a)
        return value, (-2 * a.T @ b + a.T @ targets + sources.T @ b) / len(a)
    for _ in range(iterations + 1):
        value, gradient = criterion(matrix)
        if last is not None and value > last[0]:
            rate, matrix = rate / 2, last[1]
            gradient = criterion(matrix)[1]
        else:
            last = (value, matrix)
        matrix = matrix - rate * gradient
    return x @ matrix, z


def main():
    method, source, target, train, test = sys.argv[1:6]
    begin = time.process_time()
    (left, x), (right, z) = read(source), read(target)
    if method == "rcsls":
        x, z = unit(x), unit(z)
    elif method != "muse":
        x, z = (unit(unit(y) - unit(y).mean(axis=0)) for y in (x, z))
    train, test = pairs(train, left, right), pairs(test, left, right)
    start = time.process_time()
    if method == "muse":
        a, b = muse(x, z, train)
    elif method == "vecmap-supervised":
        a, b = weighted(x, z, train)
    elif method == "rcsls":
        a, b = rcsls(x, z, train)
    else:
        cutoff, seed, share = (sys.argv[6:] + ["20000", "0", "0.1"][len(sys.argv) - 6:])[:3]
        a, b = self_learning(x, z, train, int(cutoff), int(seed), float(share))
    middle = time.process_time()
    a, b = unit(a), unit(b)
    penalty = nearest_mean(b, a)
    sources = np.unique(test[:, 0])
    found = best(a[sources], b, penalty)
    golds = {tuple(pair) for pair in test}
    hits = [(i, j) in golds for i, j in zip(sources, found)]
    end = time.process_time()
    print(json.dumps({"P@1": round(100 * float(np.mean(hits)), 2), "questions": len(hits), "reading": round(start - begin, 2),
                      "map": round(middle - start, 2), "evaluation": round(end - middle, 2)}))


main()
