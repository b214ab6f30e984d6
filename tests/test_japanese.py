"""The Japanese half: complete, up to date, with the numbers of the English pages, and Japanese.

Which chapters are in Japanese follows from the files in ja/po; a further one needs no change here,
but is then held to all of this.
"""

import ast
import base64
import gettext
import json
import re
import string
import struct
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from tools import catalogue, index, notebooks, prose, translate
from twostep.data import glossary

ROOT = Path(__file__).parents[1]
FILES = translate.files(ROOT)
MESSAGES = [each for each in catalogue.read(catalogue.of_package(ROOT)) if each.id]
STEMS = translate.stems(ROOT)
TEXTS = [
    each for stem in STEMS for each in catalogue.read(translate.file_of(ROOT, stem)) if each.id
]
PAGES = translate.pages(ROOT)
CHAPTERS = ["00_start_here", "01_two_offers_two_jobs", "02_plan_backwards",
            "03_the_contact_is_the_product"]  # fmt: skip
JAPANESE = r"[\u3040-\u30ff\u3400-\u9fff々]"
each_page = pytest.mark.parametrize(
    "path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}"
)


def twin(path):
    """The English page of a Japanese one."""
    return ROOT / path.parent.name / path.name


def pairs(path):
    """The cells of a Japanese page, each with its English one."""
    return list(zip(notebooks.read(path).cells, notebooks.read(twin(path)).cells, strict=True))


# Complete, and up to date


def test_there_is_enough_to_look_at():
    assert set(CHAPTERS) <= set(STEMS)
    assert len(PAGES) >= 10
    assert len(TEXTS) >= 300
    assert len(MESSAGES) >= 2_000


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_files_of_words_are_as_refresh_leaves_them(path):
    assert path.read_text(encoding="utf-8") == FILES[path], "run make refresh"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_text_is_translated_and_none_is_out_of_date(path):
    # Notes for instructors may wait: they show the English text meanwhile, and say so.
    missing = [each for each in translate.missing(catalogue.read(path))
               if not each.startswith(f"{translate.NOTES}:")]  # fmt: skip
    listed = "\n".join(missing[:20])
    assert not missing, f"{len(missing)} to translate in {path.relative_to(ROOT)}:\n{listed}"


def test_the_package_reads_the_messages_as_they_are_now():
    """The file that the package reads was made from this one; else: make refresh."""
    folder = ROOT / "src" / "twostep" / "locale"
    spoken = gettext.translation("twostep", folder, ["ja"])
    assert [m.id for m in MESSAGES if m.string and not m.fuzzy
            and spoken.gettext(m.id) != m.string] == []  # fmt: skip


@each_page
def test_no_page_is_edited_by_hand(path):
    assert notebooks.complaint(path) is None
    assert translate.BEHIND not in path.read_text(encoding="utf-8")
    assert translate.CODE_BEHIND not in path.read_text(encoding="utf-8")


def test_readme_worksheet_and_notes_are_up_to_date():
    said = index.speaking_japanese(
        "import json; print(json.dumps({str(p): t for p, t in index.in_japanese().items()}))"
    )
    found = json.loads(said)
    assert len(found) >= 2 + len(CHAPTERS)
    wrong = [path for path, text in found.items() if Path(path).read_text(encoding="utf-8") != text]
    assert not wrong, "run make refresh"


# The same page


@each_page
def test_cells_and_code_are_those_of_the_english_page(path):
    first = True
    for mine, theirs in pairs(path):
        assert (mine.id, mine.cell_type, mine.metadata) == (
            theirs.id, theirs.cell_type, theirs.metadata,
        )  # fmt: skip
        if mine.cell_type == "code":
            source = mine.source
            if first:
                assert source.startswith(translate.CHOICE)
                source, first = source.removeprefix(translate.CHOICE), False
            assert without_words(source) == without_words(theirs.source)
            ast.parse(source)


def without_words(source):
    """Code with every text and comment that a reader sees taken out."""
    for begins, ends, _ in reversed(translate.words(source)):
        source = source[:begins] + source[ends:]
    return source


@each_page
def test_links_lead_to_the_same_places_or_their_japanese_ones(path):
    count = 0
    for mine, theirs in pairs(path):
        if mine.cell_type == "markdown":
            to, wanted = (re.findall(r"\]\(([^)\s]+)\)", each.source) for each in (mine, theirs))
            name = path.parent.name
            # The link to the other language leads back.
            back = {translate.to_twin(name, path.name): f"../../{name}/{path.name}"}
            leads = [back.get(each) or translate.address(ROOT, name, each) for each in wanted]
            assert sorted(to) == sorted(leads)
            for each in to:
                file, _, anchor = each.partition("#")
                place = path.parent / file
                assert place.exists(), f"{mine.id} leads to {each}, which is not there"
                if anchor and place.name == "README.ja.md":
                    assert f'<a id="{anchor}"></a>' in place.read_text(encoding="utf-8")
            count += len(to)
    assert count >= 2 or path.parent.name == "app"


# The same numbers

TEN_THOUSANDS = re.compile(r"(\d[\d,]*(?:\.\d+)?)万(?:(\d[\d,]*))?")
NUMBER = re.compile(r"(?<![A-Za-z_\d.])\d+(?:[,_]\d{3})*(?:\.\d+)?(?:e[+-]?\d+)?")


def numbers(text):
    """How often each number stands in a text; 22万9,200 is 229200."""

    def plain(found):
        whole = float(found[1].replace(",", "")) * 10_000
        return f" {whole + float((found[2] or '0').replace(',', '')):.0f} "

    text = re.sub(r"\]\([^)\s]*\)|&#x?\w+;", " ", text)
    text = TEN_THOUSANDS.sub(plain, text)
    return Counter(float(re.sub("[,_]", "", each)) for each in NUMBER.findall(text))


WORDS = {**prose.SMALL, "half": 0.5, "once": 1, "twice": 2, "third": 3, "quarter": 4}


def in_words(text):
    """The numbers that an English text says in words."""
    text = re.sub(r"\b[Aa] (?=hundred|thousand)", "one ", text)
    found = {figure.value for figure in prose.worded(text)}
    return found | {value for word, value in WORDS.items() if re.search(rf"\b{word}", text, re.I)}


def differing(japanese, english):
    """The numbers of an English text that the Japanese lacks, and those that only it has.

    What English says in words Japanese writes in digits; small numbers count things there.
    """
    mine, theirs = numbers(japanese), numbers(english)
    free = in_words(english) | {100.0, *map(float, range(13))}
    missing = {each for each in theirs - mine if each > 1}
    added = mine.keys() - theirs.keys() - free
    return missing, added


def test_numbers_are_read_as_a_japanese_reader_reads_them():
    assert numbers("月に15万円、22万9,200円、1.5万円、30,000円") == Counter(
        [150_000, 229_200, 15_000, 30_000]
    )
    assert differing("48人に4,500円", "forty-eight of them, ¥4,500") == (set(), set())
    assert differing("47人に4,500円", "forty-eight of them, ¥4,500") == (set(), {47})
    assert differing("48人に5,400円", "48 of them, ¥4,500") == ({4_500}, {5_400})
    assert differing("15万円", "¥150,000") == (set(), set())
    assert differing("1.5万円", "¥150,000") == ({150_000}, {15_000})


@each_page
def test_a_page_has_the_numbers_of_its_english_twin(path):
    wrong, count = [], 0
    for mine, theirs in pairs(path):
        if mine.cell_type == "markdown":
            missing, added = differing(mine.source, theirs.source)
            count += sum(numbers(theirs.source).values())
            if missing or added:
                wrong.append(f"{mine.id}: lacks {missing}, adds {added}")
        else:
            assert len(mine.outputs) == len(theirs.outputs), mine.id
            for my_output, their_output in zip(mine.outputs, theirs.outputs, strict=True):
                my, their = (dict(prose.shown(each)) for each in (my_output, their_output))
                assert my.keys() == their.keys()
                for kind in my:
                    if "vegalite" in kind:  # its data are of numbers only
                        same = drawn(my[kind]) == drawn(their[kind])
                        missing, added = set() if same else {"its data"}, set()
                    else:
                        missing, added = differing(my[kind], their[kind])
                    count += sum(numbers(their[kind]).values())
                    if missing or added:
                        wrong.append(f"{mine.id}, {kind}: lacks {missing}, adds {added}")
    assert not wrong, "\n".join(wrong)
    assert count >= 20 or path.parent.name == "app"


def drawn(specification):
    """The numbers in the data of a chart, in their order."""
    data = json.loads(specification)
    rows = [row for rows in data.get("datasets", {}).values() for row in rows]
    return [value for row in rows for value in row.values() if not isinstance(value, str)]


# Messages


def places(text):
    return Counter(
        (name, form, kind)
        for _, name, form, kind in string.Formatter().parse(text)
        if name is not None
    )


def test_placeholders_are_intact():
    held = [message for message in MESSAGES if "{" in message.id and message.string]
    assert len(held) >= 700
    assert [message.id for message in held if places(message.id) != places(message.string)] == []


def test_texts_keep_their_marks_and_their_code():
    wrong = [
        f"{text.context}: {text.id}"
        for text in [*TEXTS, *MESSAGES]
        if text.string
        and (
            Counter(re.findall(r"`[^`]*`", text.id)) != Counter(re.findall(r"`[^`]*`", text.string))
            if text.context
            else text.id.count("`") != text.string.count("`")
        )
    ]
    # What a learner types as a comment is Japanese too.
    assert [each for each in wrong if "# guess" not in each] == []


# The Japanese


def test_the_terms_are_those_of_the_glossary():
    wrong = []
    for text in [*TEXTS, *MESSAGES]:
        said = text.string or ""
        if "受注単価" in said:
            wrong.append(f"受注単価 for a CPO: {said}")
        for english, right, other in TRAPS:
            if re.search(english, text.id, re.I) and other in said and right not in said:
                wrong.append(f"{other}, not {right}, for {text.id}")
    assert wrong == []


# Terms that no text uses in another sense; a lead may be a verb, and anything may fit.
PLAIN = [
    "allowable CPA", "allowable CPO", "attach rate", "block rate", "bottleneck", "break-even",
    "churn", "cohort", "contribution margin", "expected value", "fixed cost", "opt-in",
    "refund rate", "success rate", "take rate", "takings", "upgrade rate",
]  # fmt: skip


def test_a_term_of_the_glossary_is_its_japanese_term_everywhere():
    variants = {
        name: row.japanese.split(" / ")
        for row in glossary().itertuples()
        for name in row.english.split(" / ")
    }
    said = [
        (text, term)
        for text in [*TEXTS, *MESSAGES]
        for term in PLAIN
        if re.search(rf"\b{term}s?\b", text.id, re.I)
    ]
    # And where an English text gives the Japanese term itself.
    said += [
        (text, name)
        for text in TEXTS
        for name, words in variants.items()
        if any(word in text.id for word in words)
    ]
    assert {term for _text, term in said} >= {*PLAIN}
    assert len(said) >= 150
    other = [
        (text.id, term)
        for text, term in said
        if not any(word in (text.string or "") for word in variants[term])
    ]
    assert other == []


# What is easily taken for one another: English, its term, and the term of the other.
TRAPS = [
    (r"\bsurviv", "残存", "継続率"),
    (r"\bretention\b", "継続", "残存率"),
    (r"\bgross margin\b", "粗利", "限界利益"),
    (r"\bcontribution margin\b", "限界利益", "粗利"),
    (r"\bpaid pre-order", "予約販売", "先行予約"),
    (r"\bupgrade rate\b", "引上率", "アップグレード"),
    (r"\bholdout\b", "非配信群", "対照群"),
    (r"\boutcome guarantee\b", "成果保証", "返金保証"),
    (r"\brefund guarantee\b", "返金保証", "成果保証"),
]


def test_labels_are_named_as_the_calculator_names_them():
    """*hours per client* in English is the label that the Japanese calculator shows."""
    labels = {str(each.id): each.string for each in MESSAGES if len(str(each.id)) < 40}
    count, wrong = 0, []
    for text in TEXTS:
        for named in re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", str(text.id)):
            label = labels.get(named) or labels.get(named[:1].upper() + named[1:])
            # Not the verbs under "What you'll learn".
            if label and text.string and not text.context.endswith("/title"):
                count += 1
                if label not in text.string:
                    wrong.append(f"{text.context}: *{named}* is 「{label}」")
    assert wrong == []
    assert count >= 8


def test_no_japanese_stands_in_italics():
    """Slanted かな are hard to read: emphasis is bold, labels stand in 「」."""
    wrong = [
        text.string
        for text in TEXTS
        if re.search(rf"(?<!\*)\*[^*\n`]*{JAPANESE}[^*\n`]*\*(?!\*)", text.string or "")
    ]
    assert wrong == []


def test_punctuation_is_japanese():
    wrong = []
    for text in [*TEXTS, *MESSAGES]:
        said = re.sub(r"`[^`]*`|\$\$.*?\$\$|<[^>]*>|\]\([^)]*\)|\{[^{}]*\}", "0", text.string or "")
        found = re.findall(
            rf"{JAPANESE}[,;!?]|{JAPANESE}[.:](?!\S)|{JAPANESE} +[A-Za-z0-9¥]"
            rf"|[A-Za-z0-9%] +{JAPANESE}|[０-９Ａ-Ｚａ-ｚ]",
            said,
        )
        if found and text.id != text.string:
            wrong.append(f"{found} in {said}")
    assert wrong == []


# Names of menus and of files, which JupyterLab and others say in English.
MENUS = r"Kernel|Interrupt|Run|All|Above|Selected|Cells?…?|Restart|and|Error|displaying|widget"
LEAKS = re.compile(r"[A-Za-z][a-z']+(?: [A-Za-z'][a-z']+){2,}")


@each_page
def test_no_english_sentence_is_left(path):
    left, seen = [], 0
    for cell in notebooks.read(path).cells:
        texts = [cell.source] if cell.cell_type == "markdown" else [
            text for output in cell.outputs for kind, text in prose.shown(output)
            if not kind.endswith("json")
        ]  # fmt: skip
        if cell.cell_type == "code":
            texts += [text for _, _, text in translate.words(cell.source)]
        for text in texts:
            seen += 1
            plain = re.sub(r"`[^`]*`|\$\$.*?\$\$|<[^>]*>|\]\([^)]*\)", " ", text)
            plain = re.sub(rf"\b(?:{MENUS})\b", "·", plain)
            # Chapters that are not translated are linked with their English titles.
            plain = re.sub(r"(?:前の章|次の章)：\[[^（]*（英語）", " ", plain)
            left += [f"{cell.id}: {each}" for each in LEAKS.findall(plain)]
    assert not left, "\n".join(left)
    assert seen >= 20 or path.parent.name == "app"


@each_page
def test_every_emphasis_is_shown_as_such(path):
    """`**「…」**は` is not: a closing mark after a bracket needs a space or a mark behind it."""
    wrong = []
    for cell in notebooks.read(path).cells:
        if cell.cell_type == "markdown":
            text = re.sub(r"`[^`]*`|\$\$.*?\$\$|\]\([^)]*\)|c\*(?= \|)", "0", cell.source)
            wrong += [f"{cell.id}: {each}" for each in unshown(text)]
    assert wrong == []


def unshown(text):
    """The emphasis marks of a text that CommonMark leaves standing."""
    open_marks, wrong = [], []
    for found in re.finditer(r"\*+", re.sub(r"^- ", "  ", text, flags=re.M)):
        before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
        opens = not blank(after) and (not mark(after) or blank(before) or mark(before))
        closes = not blank(before) and (not mark(before) or blank(after) or mark(after))
        around = text[max(0, found.start() - 8) : found.end() + 8]
        if open_marks and open_marks[-1] == found.group() and closes:
            open_marks.pop()
        elif opens and found.group() not in open_marks:
            open_marks.append(found.group())
        else:
            wrong.append(around)
    return wrong + open_marks


def blank(letter):
    return not letter or letter.isspace()


def mark(letter):
    return unicodedata.category(letter)[0] in "PS"


def test_unshown_emphasis_is_found():
    assert unshown("**太字**です。*「斜体」*、**「引用」**\n") == []
    assert unshown("**「引用」**は") != []
    assert unshown("*何か。*あれば") != []
    # Another one behind it would be taken for its end.
    assert unshown("**800人。**です。これを**見込み客**という") != []


# The pictures


def width(png):
    """How wide a PNG is, in pixels."""
    return struct.unpack(">I", base64.b64decode(png)[16:20])[0]


@each_page
def test_titles_and_labels_fit_the_picture(path):
    """A title that is too long, or labels that need more room, make the picture wider."""
    wide = []
    for mine, theirs in pairs(path):
        for my, their in zip(mine.get("outputs", []), theirs.get("outputs", []), strict=True):
            if "image/png" in my.get("data", {}):
                sizes = width(my.data["image/png"]), width(their.data["image/png"])
                if sizes[0] > max(sizes[1], 560):
                    wide.append((mine.id, sizes))
    assert wide == []
