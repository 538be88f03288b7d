"""Trains the fast model: features, teacher, its word on unlabelled text, student, file. See README.md.

usage: train.py FEATURES DATA OUT [--work FOLDER]
FEATURES is the built example `features` of the entities crate, DATA the folder with the corpora, OUT the file of weights.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

import corpora
import student
import tags
import teacher


def main():
    arguments = argparse.ArgumentParser()
    for name in ("features", "data", "out"):
        arguments.add_argument(name)
    arguments.add_argument("--work", default="target/training-names", help="what one run keeps for the next")
    arguments.add_argument("--threads", type=int, default=2)
    chosen = arguments.parse_args()
    torch.set_num_threads(chosen.threads)
    work = Path(chosen.work)
    work.mkdir(parents=True, exist_ok=True)
    for name in (*corpora.LABELLED, *corpora.DEVELOPMENT, *corpora.UNLABELLED):
        corpora.prepare(name, chosen.data, chosen.features, work)
    labelled = [document for name in corpora.LABELLED for document in corpora.load(name, work)]
    development = {name: corpora.load(name, work) for name in corpora.DEVELOPMENT}
    taught = [document for name in corpora.UNLABELLED for document in corpora.load(name, work, labelled=False)]

    weights = work / "teacher.pt"
    for documents in (labelled, taught, *development.values()):
        teacher.encode(documents)
    if weights.exists():
        model = teacher.Teacher()
        model.load_state_dict(torch.load(weights))
    else:
        model = teacher.train(labelled, development)
        torch.save(model.state_dict(), weights)
    for document in labelled:
        document["wanted"] = np.eye(len(tags.TAGS), dtype=np.float16)[document["tags"]]
    for document, probabilities in zip(taught, teacher.predict(model, taught)):
        document["wanted"] = probabilities.astype(np.float16)
        del document["pieces"], document["marks"]
    student.write(student.train(labelled, taught, development), chosen.out)


if __name__ == "__main__":
    main()
