# SPDX-License-Identifier: Apache-2.0
"""MUSE's and vecmap's published protocols in NumPy, as the reference for speed and scores.

Usage: reference.py {muse|vecmap-supervised|self-learning} SOURCE.vec TARGET.vec TRAIN.tsv TEST.tsv [CUTOFF]

Prints P@1 by CSLS in percent and the CPU seconds of the map and of the evaluation.
"""
import sys, time
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


def self_learning(x, z, train, cutoff, seed=0):
    random = np.random.default_rng(seed)
    keep, top, gained, round = 0.1, -100.0, 0, 1
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


def main():
    method, source, target, train, test = sys.argv[1:6]
    (left, x), (right, z) = read(source), read(target)
    if method != "muse":
        x, z = (unit(unit(y) - unit(y).mean(axis=0)) for y in (x, z))
    train, test = pairs(train, left, right), pairs(test, left, right)
    start = time.process_time()
    if method == "muse":
        a, b = muse(x, z, train)
    elif method == "vecmap-supervised":
        a, b = weighted(x, z, train)
    else:
        a, b = self_learning(x, z, train, int(sys.argv[6]))
    middle = time.process_time()
    a, b = unit(a), unit(b)
    penalty = nearest_mean(b, a)
    sources = np.unique(test[:, 0])
    found = best(a[sources], b, penalty)
    golds = {tuple(pair) for pair in test}
    hits = [(i, j) in golds for i, j in zip(sources, found)]
    end = time.process_time()
    print(f"{method}\tP@1 {100 * np.mean(hits):.2f}\tmap {middle - start:.2f} s\tevaluation {end - middle:.2f} s")


main()
