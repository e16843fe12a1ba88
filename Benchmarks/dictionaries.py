#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Links word lists that go by the names of languages to names that recipes look for: OUT/{lang}.txt.

    python3 Benchmarks/dictionaries.py DATA/dictionaries out/dictionaries
    python3 Benchmarks/dictionaries.py DATA/dictionaries out/dictionaries --koine .build/release/koine \\
        --catalogues /usr/share/locale --catalogues /usr/lib/libreoffice/program/resource

A list is an English word and its translation in a line, with a tab between, as Wiktionary's are exported. Tags are those of SIB-200
(eus_Latn) and of home-assistant-intents (eu). A language without a list gets that of a near one where there is such: Nynorsk for the
Bokmål of intents, Kapampangan for Pangasinan.

With --catalogues, folders with LOCALE/LC_MESSAGES in them, 'koine data dictionary' learns a list of each language's gettext catalogues; it
stands behind the other in the same file, which then is no link. Nothing has to be installed: 'apt-get download' and 'dpkg -x' lay
catalogues of packages anywhere.
"""

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

TAGS = {
    "afrikaans": "afr_Latn",
    "albanian": "als_Latn",
    "amharic": "amh_Ethi",
    "arabic": "arb_Arab ars_Arab acm_Arab acq_Arab aeb_Arab",
    "armenian": "hye_Armn",
    "assamese": "asm_Beng",
    "asturian": "ast_Latn",
    "azerbaijani": "azj_Latn",
    "balinese": "ban_Latn",
    "bambara": "bam_Latn dyu_Latn",
    "bashkir": "bak_Cyrl",
    "basque": "eus_Latn eu",
    "belarusian": "bel_Cyrl",
    "bengali": "ben_Beng",
    "bhojpuri": "bho_Deva",
    "bulgarian": "bul_Cyrl bg",
    "burmese": "mya_Mymr",
    "catalan": "cat_Latn ca",
    "cebuano": "ceb_Latn",
    "central atlas tamazight": "tzm_Tfng",
    "central kurdish": "ckb_Arab",
    "chichewa": "nya_Latn",
    "chinese": "zho_Hans zho_Hant yue_Hant zh-CN zh-TW",
    "crimean tatar": "crh_Latn",
    "czech": "ces_Latn cs",
    "danish": "dan_Latn da",
    "dutch": "nld_Latn nl",
    "dzongkha": "dzo_Tibt",
    "egyptian arabic": "arz_Arab",
    "esperanto": "epo_Latn",
    "estonian": "est_Latn",
    "ewe": "ewe_Latn",
    "faroese": "fao_Latn",
    "fijian": "fij_Latn",
    "finnish": "fin_Latn fi",
    "french": "fra_Latn fr",
    "friulian": "fur_Latn",
    "galician": "glg_Latn",
    "georgian": "kat_Geor",
    "german": "deu_Latn de",
    "gujarati": "guj_Gujr",
    "haitian creole": "hat_Latn",
    "hausa": "hau_Latn",
    "hebrew": "heb_Hebr",
    "hiligaynon": "war_Latn",
    "hindi": "hin_Deva",
    "hungarian": "hun_Latn",
    "icelandic": "isl_Latn",
    "indonesian": "ind_Latn",
    "irish": "gle_Latn",
    "italian": "ita_Latn it",
    "japanese": "jpn_Jpan",
    "javanese": "jav_Latn",
    "jingpho": "kac_Latn",
    "kabuverdianu": "kea_Latn",
    "kannada": "kan_Knda",
    "kapampangan": "pag_Latn",
    "kashmiri": "kas_Arab",
    "kazakh": "kaz_Cyrl",
    "khmer": "khm_Khmr",
    "kikuyu": "kik_Latn",
    "korean": "kor_Hang",
    "kyrgyz": "kir_Cyrl",
    "lao": "lao_Laoo",
    "latgalian": "ltg_Latn",
    "latvian": "lvs_Latn",
    "ligurian": "lij_Latn",
    "limburgish": "lim_Latn",
    "lingala": "lin_Latn",
    "lithuanian": "lit_Latn",
    "lombard": "lmo_Latn",
    "luxembourgish": "ltz_Latn",
    "macedonian": "mkd_Cyrl",
    "magahi": "mag_Deva",
    "malagasy": "plt_Latn",
    "malay": "zsm_Latn",
    "malayalam": "mal_Mlym ml",
    "maltese": "mlt_Latn",
    "maori": "mri_Latn",
    "marathi": "mar_Deva",
    "masbatenyo": "ilo_Latn",
    "mongolian": "khk_Cyrl",
    "moroccan arabic": "ary_Arab",
    "nepali": "npi_Deva",
    "northern kurdish": "kmr_Latn",
    "norwegian": "nob_Latn",
    "norwegian nynorsk": "nno_Latn nb",
    "occitan": "oci_Latn",
    "oriya": "ory_Orya",
    "oromo": "gaz_Latn",
    "pashto": "pbt_Arab",
    "persian": "pes_Arab prs_Arab",
    "polish": "pol_Latn pl",
    "portuguese": "por_Latn pt-BR",
    "punjabi": "pan_Guru",
    "quechua": "quy_Latn",
    "romanian": "ron_Latn ro",
    "russian": "rus_Cyrl ru",
    "sanskrit": "san_Deva",
    "santali": "sat_Olck",
    "sardinian": "srd_Latn",
    "scottish gaelic": "gla_Latn",
    "serbo_croatian": "bos_Latn hrv_Latn srp_Cyrl hr sr sr-Latn",
    "shan": "shn_Mymr",
    "shona": "sna_Latn",
    "sicilian": "scn_Latn",
    "silesian": "szl_Latn",
    "sinhalese": "sin_Sinh",
    "slovak": "slk_Latn sk",
    "slovene": "slv_Latn",
    "somali": "som_Latn",
    "south levantine arabic": "apc_Arab ajp_Arab",
    "spanish": "spa_Latn es",
    "sundanese": "sun_Latn",
    "swahili": "swh_Latn",
    "swedish": "swe_Latn",
    "tagalog": "tgl_Latn",
    "tajik": "tgk_Cyrl",
    "tamil": "tam_Taml",
    "tatar": "tat_Cyrl",
    "telugu": "tel_Telu",
    "thai": "tha_Thai th",
    "tibetan": "bod_Tibt",
    "tigrinya": "tir_Ethi",
    "tok pisin": "tpi_Latn",
    "turkish": "tur_Latn",
    "turkmen": "tuk_Latn",
    "ukrainian": "ukr_Cyrl",
    "urdu": "urd_Arab",
    "uyghur": "uig_Arab",
    "uzbek": "uzn_Latn",
    "venetian": "vec_Latn",
    "vietnamese": "vie_Latn",
    "welsh": "cym_Latn",
    "wolof": "wol_Latn",
    "xhosa": "xho_Latn",
    "yiddish": "ydd_Hebr",
    "yoruba": "yor_Latn",
    "zulu": "zul_Latn",
}

LOCALES = {
    "ak": "aka_Latn twi_Latn",
    "am": "amh_Ethi",
    "as": "asm_Beng",
    "ast": "ast_Latn",
    "ay": "ayr_Latn",
    "az": "azj_Latn",
    "ba": "bak_Cyrl",
    "be": "bel_Cyrl",
    "bem": "bem_Latn",
    "bm": "bam_Latn",
    "bo": "bod_Tibt",
    "ckb": "ckb_Arab",
    "crh": "crh_Latn",
    "cy": "cym_Latn",
    "dz": "dzo_Tibt",
    "ee": "ewe_Latn",
    "el": "ell_Grek",
    "eo": "epo_Latn",
    "et": "est_Latn",
    "eu": "eus_Latn",
    "ff": "fuv_Latn",
    "fo": "fao_Latn",
    "fur": "fur_Latn",
    "ga": "gle_Latn",
    "gd": "gla_Latn",
    "gn": "grn_Latn",
    "gug": "grn_Latn",
    "ha": "hau_Latn",
    "hne": "hne_Deva",
    "ht": "hat_Latn",
    "hy": "hye_Armn",
    "ig": "ibo_Latn",
    "is": "isl_Latn",
    "jv": "jav_Latn",
    "ka": "kat_Geor",
    "kab": "kab_Latn",
    "ki": "kik_Latn",
    "kk": "kaz_Cyrl",
    "km": "khm_Khmr",
    "kmr": "kmr_Latn",
    "ks": "kas_Arab",
    "ku": "kmr_Latn",
    "ky": "kir_Cyrl",
    "lb": "ltz_Latn",
    "lg": "lug_Latn",
    "li": "lim_Latn",
    "ln": "lin_Latn",
    "lo": "lao_Laoo",
    "lv": "lvs_Latn",
    "mai": "mai_Deva",
    "mg": "plt_Latn",
    "mi": "mri_Latn",
    "mn": "khk_Cyrl",
    "mni": "mni_Beng",
    "mt": "mlt_Latn",
    "my": "mya_Mymr",
    "ne": "npi_Deva",
    "nso": "nso_Latn",
    "ny": "nya_Latn",
    "oc": "oci_Latn",
    "om": "gaz_Latn",
    "or": "ory_Orya",
    "pa": "pan_Guru",
    "pap": "pap_Latn",
    "ps": "pbt_Arab",
    "qu": "quy_Latn",
    "rn": "run_Latn",
    "rw": "kin_Latn run_Latn",
    "sa": "san_Deva",
    "sat": "sat_Olck",
    "sc": "srd_Latn",
    "sd": "snd_Arab",
    "shn": "shn_Mymr",
    "si": "sin_Sinh",
    "sl": "slv_Latn",
    "sm": "smo_Latn",
    "sn": "sna_Latn",
    "so": "som_Latn",
    "ss": "ssw_Latn",
    "st": "sot_Latn",
    "su": "sun_Latn",
    "sw": "swh_Latn",
    "szl": "szl_Latn",
    "te": "tel_Telu",
    "tg": "tgk_Cyrl",
    "ti": "tir_Ethi",
    "tk": "tuk_Latn",
    "tn": "tsn_Latn",
    "tpi": "tpi_Latn",
    "ts": "tso_Latn",
    "tt": "tat_Cyrl",
    "ug": "uig_Arab",
    "uz": "uzn_Latn",
    "wo": "wol_Latn",
    "xh": "xho_Latn",
    "yi": "ydd_Hebr",
    "yo": "yor_Latn",
    "zu": "zul_Latn",
}


def catalogues(locale, roots):
    """A locale's folders of catalogues; those of its countries too, and not those in other scripts."""
    return [
        folder / "LC_MESSAGES" for root in roots for folder in sorted(root.iterdir())
        if folder.name.split("_")[0] == locale and "@" not in folder.name and any(folder.glob("LC_MESSAGES/*.mo"))]


def extend(koine, file, folders, threads):
    """Puts the words that catalogues teach behind a list, or makes one of them; leaves it as it is where they teach none."""
    with tempfile.TemporaryDirectory() as scratch:
        longer = Path(scratch) / "list.txt"
        after = ["--after", str(file)] if file.exists() else []
        done = subprocess.run(
            [koine, "data", "dictionary", *map(str, folders), *after, "--output", str(longer), "--threads", str(threads)],
            capture_output=True, text=True)
        print(f"{file.stem}: {done.stderr.strip().splitlines()[-1]}", flush=True)
        if longer.exists():
            file.unlink(missing_ok=True)
            shutil.copyfile(longer, file)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lists", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--koine")
    parser.add_argument("--catalogues", type=Path, action="append", default=[])
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    if arguments.catalogues and not arguments.koine:
        parser.error("--catalogues needs --koine, the program that learns lists of them")
    arguments.output.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, tags in TAGS.items():
        file = (arguments.lists / f"{name}.txt").resolve()
        if not file.exists():
            continue
        for tag in tags.split():
            link = arguments.output / f"{tag}.txt"
            link.unlink(missing_ok=True)
            link.symlink_to(file)
            count += 1
    if count == 0:
        raise SystemExit(f"{arguments.lists}: no list is there; expected such files as {arguments.lists / 'basque.txt'}")
    for locale, tags in LOCALES.items() if arguments.catalogues else ():
        folders = catalogues(locale, arguments.catalogues)
        for tag in tags.split() if folders else ():
            extend(arguments.koine, arguments.output / f"{tag}.txt", folders, arguments.threads)
    print(f"{len(list(arguments.output.glob('*.txt')))} languages in {arguments.output}")


if __name__ == "__main__":
    main()
