#!/usr/bin/env python3
"""Verifies sentences.jsonl and prints how many records each tag has."""
import collections
import datetime
import json
import pathlib
import re
import sys

KINDS = {"count", "measure", "money", "percent", "change", "ratio", "age", "rank", "score"}
MODIFIERS = {"exact", "about", "at_least", "more_than", "at_most", "less_than", "up_to", "vague"}
OPEN_HIGH = {"at_least", "more_than"}
OPEN_LOW = {"at_most", "less_than", "up_to"}
STATUSES = {"actual", "negated", "planned", "denied"}
RELATIONS = {"part_of", "additional_to", "from", "to", "same_as"}
TIMES = {"date", "time", "duration", "set"}
CLASSES = set(
    "killed injured missing displaced arrested kidnapped evacuated infected hired laid_off sold bought produced spent "
    "earned voted built destroyed rescued recruited detained sentenced born homeless invested donated borrowed exported "
    "imported delayed cancelled".split()
)
FAILURES = (
    "money_scale range vague ordinal ratio percentage_points rate section product nine_eleven phone_street".split()
)
FURTHER = (
    "change_from_to elided_head partitive lakh_crore negated planned denied attribution attribution_carried "
    "apposition_age unit_measure temperature basis_points currency_inferred words_number mixed_number score none "
    "half_double open_bound same_as part_of additional_to".split()
)
RECORD = ["id", "half", "tags", "text", "published_at", "country", "places", "times", "figures"]
FIGURE = {
    "start", "end", "text", "kind", "value", "modifier", "direction", "unit", "counted", "event", "place", "time",
    "source", "relation",
}
DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
VALUE = re.compile(
    r"PRESENT_REF|\d{3}|\d{4}(-(0[1-9]|1[0-2])(-\d\d)?|-W\d\d|-Q[1-4])?(T(NI|MO|AF|EV|\d\d:\d\d))?|T\d\d:\d\d"
    r"|P(\d+[YMWD])*(T(\d+[HMS])+)?"
)

problems = []


def check(condition, record, message):
    if not condition:
        problems.append(f"{record.get('id')}: {message}")


def span(record, item, key="text"):
    text = record["text"]
    check(0 <= item["start"] < item["end"] <= len(text), record, f"span out of text: {item}")
    got = text[item["start"] : item["end"]]
    check(got == item[key], record, f"span reads {got!r}, not {item[key]!r}")
    check(got == got.strip(), record, f"span has blanks at its ends: {got!r}")


def words(record, value, what):
    check(isinstance(value, str) and value in record["text"], record, f"{what} {value!r} is not in the text")


def figure(record, number, f):
    text, count = record["text"], len(record["figures"])
    check(set(f) == FIGURE, record, f"keys of figure {number}")
    span(record, f)
    check(f["kind"] in KINDS, record, f"kind {f['kind']}")
    check(f["modifier"] in MODIFIERS, record, f"modifier {f['modifier']}")
    check(f["direction"] in (None, "up", "down"), record, f"direction {f['direction']}")
    check((f["direction"] is not None) == (f["kind"] == "change"), record, "a direction goes with kind change")
    check(set(f["value"]) == {"low", "high"}, record, "keys of value")
    low, high = f["value"]["low"], f["value"]["high"]
    for bound in (low, high):
        plain = bound is None or (isinstance(bound, (int, float)) and not isinstance(bound, bool))
        check(plain, record, f"bound {bound!r}")
    if f["modifier"] in OPEN_HIGH:
        check(low is not None and high is None, record, "at least and more than leave high open")
    elif f["modifier"] in OPEN_LOW:
        check(low is None and high is not None, record, "at most, less than and up to leave low open")
    else:
        check(low is not None and high is not None and low <= high, record, f"bounds {low}..{high}")
    unit = f["unit"]
    check(set(unit) == {"name", "ucum", "currency", "per"}, record, "keys of unit")
    check((f["kind"] == "money") <= bool(unit["currency"] and unit["name"]), record, "money without a currency")
    check(f["kind"] not in ("measure", "percent", "age") or unit["name"], record, "no name of unit")
    check(unit["currency"] is None or re.fullmatch("[A-Z]{3}", unit["currency"]), record, "currency code")
    if unit["per"]:
        words(record, unit["per"], "per")
    if (c := f["counted"]) is not None:
        check(set(c) == {"head", "phrase", "lemma"} and all(c.values()), record, "keys of counted")
        words(record, c["phrase"], "phrase")
        check(c["head"] in c["phrase"].split(), record, f"head {c['head']!r} is not in the phrase")
    if (e := f["event"]) is not None:
        check(set(e) == {"class", "trigger", "status"}, record, "keys of event")
        check(e["class"] in CLASSES, record, f"class {e['class']}")
        check(e["status"] in STATUSES, record, f"status {e['status']}")
        words(record, e["trigger"], "trigger")
    for key, list_ in (("place", "places"), ("time", "times")):
        index = f[key]
        check(index is None or 0 <= index < len(record[list_]), record, f"{key} {index}")
    if f["time"] is not None and f["time"] < len(record["times"]):
        t = record["times"][f["time"]]
        apart = t["end"] <= f["start"] or f["end"] <= t["start"]
        check(apart, record, "the time of a figure lies within the figure")
    if (s := f["source"]) is not None:
        check(set(s) == {"start", "end", "name", "cue"}, record, "keys of source")
        span(record, s, "name")
        words(record, s["cue"], "cue")
    if (r := f["relation"]) is not None:
        check(set(r) == {"type", "figure"}, record, "keys of relation")
        check(r["type"] in RELATIONS, record, f"relation {r['type']}")
        check(0 <= r["figure"] < count and r["figure"] != number, record, f"relation to {r['figure']}")
        back = {"from": "to", "to": "from"}.get(r["type"])
        if back and r["figure"] < count:
            other = record["figures"][r["figure"]]["relation"]
            check(other == {"type": back, "figure": number}, record, "from and to do not point at each other")


def main():
    path = pathlib.Path(__file__).with_name("sentences.jsonl")
    records = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            records.append(json.loads(line))
        except ValueError as error:
            problems.append(f"line {number}: {error}")
    for record in records:
        check(list(record) == RECORD, record, f"keys {list(record)}")
        check(record["half"] in ("dev", "test"), record, f"half {record['half']}")
        check(record["tags"] and len(set(record["tags"])) == len(record["tags"]), record, "tags")
        check(set(record["tags"]) <= set(FAILURES + FURTHER), record, f"tags {record['tags']}")
        check(("none" in record["tags"]) == (not record["figures"]), record, "tag none and figures disagree")
        check(record["text"] == record["text"].strip(), record, "blanks at the ends of the text")
        country = record["country"]
        check(country is None or re.fullmatch("[A-Z]{2}", country), record, f"country {country}")
        day = datetime.datetime.strptime(record["published_at"], "%Y-%m-%dT%H:%M:%SZ").date()
        for place in record["places"]:
            check(set(place) == {"start", "end", "text"}, record, "keys of place")
            span(record, place)
        for time in record["times"]:
            check(set(time) == {"start", "end", "text", "type", "value"}, record, "keys of time")
            span(record, time)
            check(time["type"] in TIMES, record, f"type {time['type']}")
            check(VALUE.fullmatch(time["value"]), record, f"value {time['value']}")
            name = time["text"].split()[0].lower()
            if name in DAYS:
                date = datetime.date.fromisoformat(time["value"][:10])
                check(date.weekday() == DAYS.index(name), record, f"{time['value']} is no {name}")
                check(abs((date - day).days) <= 7, record, f"{time['value']} is far from {day}")
        for key in ("places", "times", "figures"):
            items = record[key]
            for one, other in zip(items, items[1:]):
                check(one["end"] <= other["start"], record, f"{key} overlap or are out of order")
        for number, f in enumerate(record["figures"]):
            figure(record, number, f)
    for what in ("id", "text"):
        for value, times in collections.Counter(r[what] for r in records).items():
            if times > 1:
                problems.append(f"{what} {value!r} occurs {times} times")
    halves = collections.Counter(r["half"] for r in records)
    if halves != {"dev": 75, "test": 75}:
        problems.append(f"halves {dict(halves)}")
    tags = collections.Counter((tag, r["half"]) for r in records for tag in r["tags"])
    print(f"{'tag':20} dev test all")
    for tag in FAILURES + FURTHER:
        dev, test = tags[tag, "dev"], tags[tag, "test"]
        print(f"{tag:20} {dev:3} {test:4} {dev + test:3}")
        if dev + test < (5 if tag in FAILURES else 2):
            problems.append(f"too few records with tag {tag}")
        if abs(dev - test) > 2:
            problems.append(f"tag {tag} is uneven: {dev} dev, {test} test")
    for half in ("dev", "test"):
        mine = [r for r in records if r["half"] == half]
        figures = sum(len(r["figures"]) for r in mine)
        print(f"{half}: {len(mine)} records, {figures} figures, {sum(not r['figures'] for r in mine)} without a figure")
    kinds = collections.Counter(f["kind"] for r in records for f in r["figures"])
    print("kinds:", ", ".join(f"{kind} {n}" for kind, n in kinds.most_common()))
    for key in ("event", "place", "time", "source", "relation", "counted"):
        print(f"with {key}:", sum(f[key] is not None for r in records for f in r["figures"]))
    print("\n".join(problems) if problems else "all records pass")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
