"""The catalogues are complete, agree with the code, and are kept so by the commands in bot/locales/README.md."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.views.words import LANGUAGES, LOCALES, SOURCE_LANGUAGE, words_for

ROOT = LOCALES.parents[1]
TRANSLATED = [language for language in LANGUAGES if language != SOURCE_LANGUAGE]
PATH = Path("LC_MESSAGES") / "factdesk.po"


def documented(command: str) -> list[str]:
    """Return a command of the README as its arguments."""
    readme = (LOCALES / "README.md").read_text(encoding="utf-8")
    line = next(line for line in readme.splitlines() if line.startswith(f"pybabel {command} "))
    return shlex.split(line)[1:]


def pybabel(*arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", "-q", *arguments], cwd=ROOT, check=True, capture_output=True
    )


def read(path: Path, language: str | None = None) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=language)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that the code says, as the documented command finds it."""
    path = tmp_path_factory.mktemp("locales") / "factdesk.pot"
    arguments = documented("extract")
    arguments[arguments.index("-o") + 1] = str(path)
    pybabel(*arguments)
    return path


def forms(message: Message) -> list[tuple[str, str]]:
    """Return pairs of a msgid and its translation, one per plural form."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return list(zip(message.id, message.string, strict=True))


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def tags(text: str) -> list[str]:
    return re.findall(r"</?[a-z]+>", text)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated_and_no_translation_is_left_over(language: str, template: Path) -> None:
    catalogue = read(LOCALES / language / PATH, language)
    said = {message.id for message in messages(read(template))}
    assert len(said) > 250
    assert said == {message.id for message in messages(catalogue)}
    assert not catalogue.obsolete
    for message in messages(catalogue):
        assert not message.fuzzy, message.id
        assert all(string.strip() for _, string in forms(message)), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_placeholders_and_tags_of_the_english_text(language: str) -> None:
    for message in messages(read(LOCALES / language / PATH, language)):
        for msgid, string in forms(message):
            assert fields(string) == fields(msgid), msgid
            assert tags(string) == tags(msgid), msgid
            assert string == unicodedata.normalize("NFC", string), msgid
            assert string[0].isspace() == msgid[0].isspace(), msgid


@pytest.mark.parametrize("language", TRANSLATED)
def test_commands_and_their_examples_stay_as_they_are_typed(language: str) -> None:
    """Every command of the English text is in the translation, and no Western digit but those typed with one."""
    for message in messages(read(LOCALES / language / PATH, language)):
        for msgid, string in forms(message):
            commands = re.compile(r"(?<![<\w/])/[a-z]+")
            assert sorted(commands.findall(string)) == sorted(commands.findall(msgid)), msgid
            if re.search(r"[0-9]", string):
                assert commands.search(msgid), msgid
                assert set(re.findall(r"[0-9][0-9:]*", string)) <= set(re.findall(r"[0-9][0-9:]*", msgid)), msgid


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_documented_update_leaves_the_catalogue_as_it_is(language: str, template: Path, tmp_path: Path) -> None:
    copy = tmp_path / "locales"
    shutil.copytree(LOCALES, copy)
    arguments = documented("update")
    arguments[arguments.index("-i") + 1] = str(template)
    arguments[arguments.index("-d") + 1] = str(copy)
    pybabel(*arguments)
    before, after = (path / language / PATH for path in (LOCALES, copy))
    assert re.findall(r"^\"Plural-Forms:.*", after.read_text(encoding="utf-8"), re.MULTILINE) == re.findall(
        r"^\"Plural-Forms:.*", before.read_text(encoding="utf-8"), re.MULTILINE
    )
    texts = [path.read_text(encoding="utf-8").partition("\n\n")[2] for path in (before, after)]
    assert texts[0] == texts[1], "run the commands of bot/locales/README.md"


def test_zero_is_singular_in_bengali_and_plural_in_english() -> None:
    pair = ("<b>The queue</b>: {n} claim, the most urgent first", "<b>The queue</b>: {n} claims, the most urgent first")
    bengali, english = words_for("bn"), words_for("en")
    assert bengali.form(*pair, 0) == bengali.form(*pair, 1) != bengali.form(*pair, 2)
    assert english.form(*pair, 0) == english.form(*pair, 2) != english.form(*pair, 1)


def test_nothing_compiled_is_kept_that_could_be_older_than_its_source() -> None:
    assert not list(LOCALES.rglob("*.mo"))
    assert not list(LOCALES.rglob("*.pot"))
    assert sorted(path.parents[1].name for path in LOCALES.rglob("*.po")) == TRANSLATED
