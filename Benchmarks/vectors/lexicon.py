# SPDX-License-Identifier: Apache-2.0
"""Vectors as text, orthogonal maps and P@1 in NumPy: what the scripts beside this one judge vectors by."""
import numpy as np


def load(path, limit=50_000):
    with open(path, encoding="utf-8") as file:
        count, dimension = map(int, file.readline().split())
        words, vectors = {}, np.zeros((min(count, limit), dimension), dtype=np.float32)
        for index, line in zip(range(limit), file):
            fields = line.rstrip().split(" ")
            words[fields[0]] = index
            vectors[index] = [float(field) for field in fields[1:]]
    vectors = unit(vectors)
    return words, unit(vectors - vectors.mean(axis=0))


def unit(x):
    return x / (np.linalg.norm(x, axis=1, keepdims=True) + 1e-9)


def pairs(path, source, target):
    found = []
    for line in open(path, encoding="utf-8"):
        left, right = line.split()[:2]
        if left in source and right in target:
            found.append((source[left], target[right]))
    return found


def nearness(x, z, k=10):
    """The mean cosine of each row of x with its k nearest of z."""
    return np.concatenate([np.partition(x[i:i + 1000] @ z.T, -k, axis=1)[:, -k:].mean(axis=1)
                           for i in range(0, len(x), 1000)])


def csls(x, z, hubness):
    return np.concatenate([(2 * x[i:i + 1000] @ z.T - hubness).argmax(axis=1) for i in range(0, len(x), 1000)])


def rotate(x, z, known):
    left, right = zip(*known)
    u, _, v = np.linalg.svd(z[list(right)].T @ x[list(left)])
    return x @ (u @ v).T


def map_without_dictionary(source, target, rounds=5, size=10_000):
    (words, x), (others, z) = source, target
    known = [(i, others[word]) for word, i in words.items() if word in others]
    for _ in range(rounds):
        y = rotate(x, z, known)
        a, b = y[:size], z[:size]
        there, back = csls(a, b, nearness(b, a)), csls(b, a, nearness(a, b))
        known = [(i, j) for i, j in enumerate(there) if back[j] == i]
    return rotate(x, z, known)


def lexicon(source, target, path):
    (words, x), (others, z) = source, target
    wanted = {}
    for i, j in pairs(path, words, others):
        wanted.setdefault(i, set()).add(j)
    queries = sorted(wanted)
    zero = np.zeros(len(z), dtype=np.float32)
    result = [100 * float(np.mean([b in wanted[q] for q, b in zip(queries, csls(x[queries], z, h))]))
              for h in (zero, nearness(z, x))]
    return result + [len(queries)]
