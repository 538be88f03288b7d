"""Trains both models: features, teacher, its word on unlabelled text, accurate model, fast model. See README.md.

usage: train.py FEATURES DATA ENTITIES [--work FOLDER]
FEATURES is the built example `features` of the entities crate, DATA the folder with the corpora, ENTITIES the folder of the
crate, which the weights are written to.
"""

import argparse
import random
from pathlib import Path

import numpy as np
import torch

import accurate
import corpora
import exchange
import finetune
import published
import student
import tags
from encoder import Encoder


def tuned(path, model, batches, *how, development):
    """The model as it was trained before, or as it is trained now."""
    if path.exists():
        model.load_state_dict(torch.load(path))
    else:
        finetune.train(model, batches, *how)
        torch.save(model.state_dict(), path)
    print(f"{path.stem}: {finetune.scores(model, batches, development)}", flush=True)
    return model


def weighed(document, word):
    """What is to be learnt of a document, by a model's word. Of labelled texts it counts for a half: it is right where a
    label is a slip."""
    if document["tags"] is None:
        return word.astype(np.float16)
    return ((np.eye(len(tags.TAGS))[document["tags"]] + word) / 2).astype(np.float16)


def with_other_names(labelled, others, seen):
    """The labelled documents, and those of one of the corpora without labels, with other names."""
    chance, found = random.Random(11), []
    known = exchange.sorts([*labelled, *others["polnear.train"], *others["timebank"], *others["news"]])
    for name, documents in (("labelled", labelled), ("polnear.train", others["polnear.train"])):
        changed = [exchange.exchanged(document, known, chance) for document in documents]
        corpora.see(f"{name}.exchanged", changed, *seen)
        found += corpora.load(f"{name}.exchanged", seen[-1], labelled=name == "labelled")
    return found


def main():
    arguments = argparse.ArgumentParser()
    for name in ("features", "data", "entities"):
        arguments.add_argument(name)
    arguments.add_argument("--work", default="target/training-names", help="what one run keeps for the next")
    arguments.add_argument("--threads", type=int, default=2)
    chosen = arguments.parse_args()
    torch.set_num_threads(chosen.threads)
    work, entities = Path(chosen.work), Path(chosen.entities)
    work.mkdir(parents=True, exist_ok=True)

    small, large = published.minilm(), published.mpnet(work)
    seen = chosen.features, small.folder / "vocab.txt", work
    for name in (*corpora.LABELLED, *corpora.DEVELOPMENT, *corpora.UNLABELLED):
        corpora.prepare(name, chosen.data, *seen)
    labelled = [document for name in corpora.LABELLED for document in corpora.load(name, work)]
    development = {name: corpora.load(name, work) for name in corpora.DEVELOPMENT}
    others = {name: corpora.load(name, work, labelled=False) for name in corpora.UNLABELLED}
    taught = [document for documents in others.values() for document in documents]
    for document in labelled:
        document["wanted"] = np.eye(len(tags.TAGS), dtype=np.float16)[document["tags"]]

    of_large = finetune.Batches(small.vocabulary(), large.vocabulary())
    teacher = Encoder.pretrained(large)
    tuned(work / "teacher.pt", teacher, of_large, labelled, 2, 6e-5, 8, development=development)
    (work / "word").mkdir(exist_ok=True)
    for number, document in enumerate(labelled + taught):
        path = work / "word" / f"{number}.npy"
        if not path.exists():
            np.save(path, finetune.predict(teacher, of_large, [document])[0])
        document["taught"] = weighed(document, np.load(path))

    of_small = finetune.Batches(small.vocabulary(), small.vocabulary())
    model = Encoder.pretrained(small)
    tuned(work / "labelled.pt", model, of_small, labelled, 4, 2e-4, 16, development=development)
    for document in labelled + taught:
        document["wanted"] = document["taught"]
    tuned(work / "accurate.pt", model, of_small, labelled + taught, 1, 1e-4, 16, development=development)
    accurate.write(model, entities / "accurate")

    # The fast model learns what the accurate one says together with a network of its own kind that learnt of the teacher.
    first = student.train(labelled + taught, development, epochs=7, seed=2)
    for document, scores in zip(labelled + taught, student.predict(first, labelled + taught), strict=True):
        [document["word"]] = finetune.predict(model, of_small, [document])
        document["wanted"] = weighed(document, 0.6 * document["word"] + 0.4 * np.exp(scores))
    exchanged = with_other_names(labelled, others, seen)
    for document, word in zip(exchanged, finetune.predict(model, of_small, exchanged), strict=True):
        document["wanted"] = weighed(document, word)
    fast = student.train(labelled + taught + exchanged, development, epochs=4, seed=4)
    student.write(fast, entities / "data/names.safetensors")


if __name__ == "__main__":
    main()
