"""Which names of a place are kept, and how names are compared."""

import re
import unicodedata
from functools import cache

# Words that say what a division is, in the languages whose names are compared.
HEADS = set(
    """autonomous canton capital city commune council county departamento department departement department's
    district emirate federal governorate gouvernorat krai kraj land metropolitan municipality oblast oblasti oblysy okrug
    parish prefecture principality province provincia provincie provinz region regione região raion republic rayon special
    state territory voivodeship wilaya wojewodztwo zone kanton departamento estado dzongkhag division area atoll island
    область край район республика провинция регион округ область регіон город місто
    province région région's regency gobernación governatorato governorato gouvernement bezirk kreis amt fylke lan
    ili judet judetul zupanija megye vilayati viloyati velayat welayaty oblys""".split()
)
JOINING = {"of", "the", "de", "del", "di", "do", "da", "du", "d", "la", "le", "el", "and", "y", "i", "e", "et"}

_LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ'’‘ʻ. -]+$")
_SMALL = {"de", "del", "della", "di", "da", "do", "dos", "das", "du", "la", "le", "les", "el", "al", "am", "an", "auf", "der",
          "den", "bei", "im", "in", "of", "on", "sur", "upon", "sous", "and", "y", "e", "es", "ad", "as", "ash", "at", "ar",
          "az", "van", "het", "the", "i", "und", "et", "en", "los", "las", "d'", "l'", "aan"}


def plain(name):
    """Without accents, with straight apostrophes."""
    name = name.translate(str.maketrans("’‘ʻʼ`ıøØłŁđĐæÆœßəƏħ", "'''''iøØlLdDæÆœßeEh"))
    for letter, letters in (("ø", "o"), ("Ø", "O"), ("æ", "ae"), ("Æ", "Ae"), ("œ", "oe"), ("ß", "ss")):
        name = name.replace(letter, letters)
    return "".join(each for each in unicodedata.normalize("NFD", name) if not unicodedata.combining(each))


@cache
def key(name):
    """What two spellings of a name have in common."""
    return " ".join(re.findall(r"\w+", plain(name).casefold()))


@cache
def bare(name):
    """The key without what says what the division is."""
    words = key(name).split()
    kept = [word for word in words if word not in HEADS and word not in JOINING]
    return " ".join(kept or words)


def is_usable(name):
    """Whether it is a name in Latin letters as news would print it, not an abbreviation."""
    words = name.split()
    capital = all(word[:1].isupper() or word in _SMALL or "-" in word or "'" in word for word in words)
    return (
        len(name) >= 4
        and _LATIN.match(name)
        and words[0][:1].isupper()
        and capital
        and not any(word.isupper() and len(word) > 1 for word in words)
    )
