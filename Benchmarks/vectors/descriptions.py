#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Text to measure word vectors on: Debian's package descriptions and their translations, in lower case, words only.

  Benchmarks/vectors/descriptions.py FOLDER [--languages it de] [--lists FOLDER]

apt-get fetches the lists into FOLDER/apt, with settings of its own: the machine's package state is neither read nor
changed, and no special rights are needed. Writes

  FOLDER/en.txt, it.txt, …            each line of a description once, for trainings of one language
  FOLDER/en-it.en, en-it.it, …        paragraphs side by side; descriptions with other numbers of paragraphs are left out
  FOLDER/en-it.test.en, .test.it      1,000 pairs more, of packages that are not in the others, for retrieval

A paragraph is taken once, and where both sides are the same words it is left out.
"""
import argparse, glob, hashlib, os, re, subprocess


def fetch(folder, languages):
    folder = os.path.abspath(folder)
    for name in ["lists/partial", "cache/archives/partial"]:
        os.makedirs(f"{folder}/{name}", exist_ok=True)
    with open(f"{folder}/apt.conf", "w") as file:
        file.write(f"""#clear Acquire::Languages;
Acquire::Languages "{','.join(['en'] + languages)}";
Acquire::GzipIndexes "false";
Dir::State::Lists "{folder}/lists";
Dir::Cache "{folder}/cache";
APT::Sandbox::User "";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
""")
    subprocess.run(["apt-get", "-q", "-c", f"{folder}/apt.conf", "update"], check=True)
    return f"{folder}/lists"


def paragraphs(lists, language):
    """The descriptions of a language by the digest of the English text; each a list of paragraphs, a list of lines."""
    found = {}
    for path in sorted(glob.glob(f"{lists}/*_Translation-{language}")):
        digest, text = None, None
        for line in open(path, encoding="utf-8"):
            if line.startswith("Description-md5:"):
                digest = line.split()[1]
            elif line.startswith(f"Description-{language}:"):
                text = found.setdefault(digest, [[line.split(":", 1)[1]], []])
            elif line.startswith(" ") and text is not None:
                if line.strip() == ".":
                    text.append([])
                else:
                    text[-1].append(line)
            else:
                text = None
    return {digest: [lines for lines in text if lines] for digest, text in found.items()}


def words(text):
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def write_lines(path, texts):
    seen = set()
    with open(path, "w", encoding="utf-8") as file:
        for digest in sorted(texts):
            for line in (words(line) for paragraph in texts[digest] for line in paragraph):
                if line and line not in seen:
                    seen.add(line)
                    file.write(line + "\n")


def write_pairs(folder, language, english, other, tested=1000):
    pairs, seen = [], set()
    for digest in sorted(set(english) & set(other)):
        if len(english[digest]) != len(other[digest]):
            continue
        for source, target in zip(english[digest], other[digest]):
            pair = words(" ".join(source)), words(" ".join(target))
            if all(pair) and pair[0] != pair[1] and not {pair[0], (pair[1],)} & seen:
                seen |= {pair[0], (pair[1],)}
                pairs.append((digest, pair))
    # Long paragraphs of packages chosen by a digest are tested; none of their other paragraphs is learnt from.
    rank = lambda digest: hashlib.sha256(digest.encode()).hexdigest()
    kept, held = [], set()
    for digest, pair in sorted(pairs, key=lambda entry: (rank(entry[0]), entry[1])):
        if len(kept) < tested and len(pair[0].split()) >= 8:
            kept.append(pair)
            held.add(digest)
    train = [pair for digest, pair in pairs if digest not in held]
    for name, chosen in [("", train), (".test", kept)]:
        for side, code in enumerate(["en", language]):
            with open(f"{folder}/en-{language}{name}.{code}", "w", encoding="utf-8") as file:
                file.writelines(pair[side] + "\n" for pair in chosen)
    print(f"en-{language}: {len(train)} pairs, {len(kept)} to test")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--languages", nargs="+", default=["it", "de"])
    parser.add_argument("--lists", help="lists that apt-get fetched before")
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    lists = options.lists or fetch(f"{options.folder}/apt", options.languages)
    english = paragraphs(lists, "en")
    write_lines(f"{options.folder}/en.txt", english)
    for language in options.languages:
        other = paragraphs(lists, language)
        write_lines(f"{options.folder}/{language}.txt", other)
        write_pairs(options.folder, language, english, other)
