#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Text to learn word vectors from, from what a Debian machine can have: package descriptions, messages, manuals and help.

  Benchmarks/vectors/corpora.py OUTPUT [--languages en,de,fi,fr,hr,it,ru,tr]

Writes OUTPUT/LANG.txt: lower-cased runs of letters and digits, one paragraph, message or description a line, no line twice.
Packages and lists are fetched by apt into OUTPUT/fetched, with lists of its own; nothing is installed. Needs python3, apt and dpkg.
"""
import argparse, glob, gettext, gzip, html, os, re, subprocess, sys

MESSAGES = ["krita-l10n", "vlc-l10n", "gnucash-common", "evolution-common", "gimp-data", "nautilus-data",
            "gnome-control-center-data", "gnome-user-docs"]
PER_LANGUAGE = ["libreoffice-help-{}", "libreoffice-l10n-{}", "manpages-{}", "manpages-{}-dev"]
ENGLISH = ["manpages", "manpages-dev", "libreoffice-help-en-us"]


def apt(folder, languages, *command):
    """Runs apt with lists and caches of its own."""
    for part in ("lists/partial", "cache/archives/partial"):
        os.makedirs(f"{folder}/{part}", exist_ok=True)
    options = [f"Dir::State::Lists={folder}/lists", f"Dir::Cache={folder}/cache",
               f"Acquire::Languages={','.join(languages)}", "Acquire::GzipIndexes=false", "APT::Sandbox::User=",
               "Debug::NoLocking=true"]
    return subprocess.run(["apt-get", "-qq", *[f"-o{option}" for option in options], *command], cwd=folder,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def fetch(folder, languages):
    if not apt(folder, languages, "update"):
        sys.exit("apt-get update failed: is there a network, and are there package sources?")
    names = MESSAGES + ENGLISH + [name.format(l) for l in languages if l != "en" for name in PER_LANGUAGE]
    os.makedirs(f"{folder}/tree", exist_ok=True)
    for name in names:
        if glob.glob(f"{folder}/{name}_*.deb") or apt(folder, languages, "download", name):
            for package in glob.glob(f"{folder}/{name}_*.deb"):
                if not os.path.exists(f"{folder}/tree/{name}.there"):
                    subprocess.run(["dpkg", "-x", package, f"{folder}/tree"], check=True)
                    open(f"{folder}/tree/{name}.there", "w").close()
        else:
            print(f"no package {name}", file=sys.stderr)


def descriptions(folder, language):
    for path in sorted(glob.glob(f"{folder}/lists/*_i18n_Translation-{language}")):
        paragraph = ""
        for line in open(path, encoding="utf-8"):
            if line.startswith(" ") and line.strip() != ".":
                paragraph += line
                continue
            if paragraph:
                yield paragraph
            paragraph = line.split(":", 1)[1] if line.startswith(f"Description-{language}") else ""
        if paragraph:
            yield paragraph


def messages(folder, language):
    paths = glob.glob(f"{folder}/tree/**/{language}/LC_MESSAGES/*.mo", recursive=True)
    if language == "en":  # The originals stand in every catalogue.
        paths = glob.glob(f"{folder}/tree/**/de/LC_MESSAGES/*.mo", recursive=True)
    for path in sorted(paths):
        with open(path, "rb") as file:
            catalogue = gettext.GNUTranslations(file)._catalog
        for original, translation in catalogue.items():
            original = original[0] if isinstance(original, tuple) else original
            text = original.split("\x04")[-1] if language == "en" else translation
            if original:
                yield re.sub(r"[_&~](?=\w)|%\w+|<[^>]*>", "", text)


def paragraphs(text):
    text = re.sub(r"<(script|style|code|pre).*?</\1>", " ", text, flags=re.S)
    for part in re.split(r"</?(?:p|title|item|li|h\d|td|th|tr|div|page|section|note)\b[^>]*>", text):
        yield html.unescape(re.sub(r"<[^>]*>", " ", part))


def help_pages(folder, language):
    name = {"en": "en-US"}.get(language, language)
    for pattern in (f"usr/share/libreoffice/help/{name}/**/*.html", f"usr/lib/libreoffice/help/{name}/**/*.html",
                    f"usr/share/help/{'C' if language == 'en' else language}/**/*.page"):
        for path in sorted(glob.glob(f"{folder}/tree/{pattern}", recursive=True)):
            yield from paragraphs(open(path, encoding="utf-8", errors="replace").read())


def manuals(folder, language):
    base = f"{folder}/tree/usr/share/man" + ("" if language == "en" else f"/{language}")
    for path in sorted(glob.glob(f"{base}/man*/*.gz")):
        text = gzip.open(path, "rt", encoding="utf-8", errors="replace").read()
        text = re.sub(r"\\f(?:\[\w*\]|\(\w\w|\w)|\\[&|^]|\\(?=-)", "", text.replace("\\(em", " "))
        paragraph = ""
        for line in text.split("\n"):
            macro = re.match(r"[.'](\w+|\\\")", line)
            if macro and macro[1] in ("B", "I", "BR", "IR", "RB", "RI", "BI", "IB"):
                line = re.sub(r'^.\w+\s+|"', "", line)
            elif macro or not line.strip():
                yield paragraph
                paragraph = ""
                continue
            paragraph += " " + line
        yield paragraph


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output")
    parser.add_argument("--languages", default="en,de,fi,fr,hr,it,ru,tr")
    options = parser.parse_args()
    languages = options.languages.split(",")
    folder = os.path.abspath(f"{options.output}/fetched")
    os.makedirs(folder, exist_ok=True)
    fetch(folder, languages)
    for language in languages:
        seen, tokens = set(), 0
        with open(f"{options.output}/{language}.txt", "w", encoding="utf-8") as output:
            for source in (descriptions, messages, help_pages, manuals):
                for text in source(folder, language):
                    words = re.findall(r"[^\W_]+", text.lower())
                    line = " ".join(words)
                    if words and line not in seen:
                        seen.add(line)
                        tokens += len(words)
                        output.write(line + "\n")
                print(f"{language}: {tokens} words after {source.__name__}", file=sys.stderr)


if __name__ == "__main__":
    main()
