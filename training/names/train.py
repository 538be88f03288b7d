"""Trains both models: features, teacher, its word on unlabelled text, accurate model, fast model. See README.md.

usage: train.py FEATURES DATA ENTITIES [--work FOLDER]
FEATURES is the built example `features` of the entities crate, DATA the folder with the corpora, ENTITIES the folder of the
crate, which the weights are written to.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

import accurate
import corpora
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
    for name in (*corpora.LABELLED, *corpora.DEVELOPMENT, *corpora.UNLABELLED):
        corpora.prepare(name, chosen.data, chosen.features, small.folder / "vocab.txt", work)
    labelled = [document for name in corpora.LABELLED for document in corpora.load(name, work)]
    development = {name: corpora.load(name, work) for name in corpora.DEVELOPMENT}
    taught = [document for name in corpora.UNLABELLED for document in corpora.load(name, work, labelled=False)]
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
        # Of labelled texts the teacher's word counts for a half: it is right where a label is a slip.
        own = document.get("wanted")
        document["taught"] = np.load(path) if own is None else ((own + np.load(path)) / 2).astype(np.float16)

    of_small = finetune.Batches(small.vocabulary(), small.vocabulary())
    model = Encoder.pretrained(small)
    tuned(work / "labelled.pt", model, of_small, labelled, 4, 2e-4, 16, development=development)
    for document in labelled + taught:
        document["wanted"] = document["taught"]
    tuned(work / "accurate.pt", model, of_small, labelled + taught, 1, 1e-4, 16, development=development)
    accurate.write(model, entities / "accurate")

    student.write(student.train(labelled + taught, development), entities / "data/names.safetensors")


if __name__ == "__main__":
    main()
