"""Usage: chunk_quality.py DATA SPANS MODEL [SIZE...]

Token recall, precision and IoU of chunkers on the Chroma chunking evaluation. DATA is the folder chunking-eval, SPANS the file
that `chunking --spans` writes, MODEL a folder with model.int8.onnx and tokenizer.json of a sentence encoder. For each question
the chunks of all documents are ranked by cosine; taken are the five best, and, so that no chunker gains by larger or smaller
chunks, the best up to 5 x SIZE characters. Figures are means over the questions, in characters of the evidence.
"""

import gzip
import json
import sys

import numpy
import onnxruntime
import tokenizers

from chunkers import chunkers, spans

CHUNKS = 5
BATCH = 64
MOST_TOKENS = 256


class Encoder:
    def __init__(self, folder):
        self.tokenizer = tokenizers.Tokenizer.from_file(f"{folder}/tokenizer.json")
        self.tokenizer.enable_truncation(MOST_TOKENS)
        self.tokenizer.enable_padding()
        self.session = onnxruntime.InferenceSession(f"{folder}/model.int8.onnx")
        self.inputs = {it.name for it in self.session.get_inputs()}
        self.known = {}

    def __call__(self, texts):
        new = sorted({it for it in texts if it not in self.known}, key=len)
        for first in range(0, len(new), BATCH):
            batch = new[first : first + BATCH]
            self.known.update(zip(batch, self.encode(batch)))
        return numpy.array([self.known[it] for it in texts])

    def encode(self, texts):
        encoded = self.tokenizer.encode_batch(texts)
        mask = numpy.array([it.attention_mask for it in encoded])
        given = {
            "input_ids": numpy.array([it.ids for it in encoded]),
            "attention_mask": mask,
            "token_type_ids": numpy.array([it.type_ids for it in encoded]),
        }
        given = {name: value for name, value in given.items() if name in self.inputs}
        output = self.session.run(None, given)[0]
        if output.ndim == 3:
            weights = mask[:, :, None]
            output = (output * weights).sum(axis=1) / weights.sum(axis=1)
        return output / numpy.linalg.norm(output, axis=1, keepdims=True)


def rows(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def scores(question, taken):
    """Recall, precision and IoU. What two chunks share counts twice against them, as in the evaluation's paper."""
    evidence = {at for start, end in question["spans"] for at in range(start, end)}
    found = set()
    length = 0
    for doc, start, end in taken:
        length += end - start
        if doc == question["doc"]:
            found.update(evidence.intersection(range(start, end)))
    hit = len(found)
    return hit / len(evidence), hit / length, hit / (length + len(evidence) - hit)


def within(ranked, budget):
    """The best chunks up to a number of characters; the last one may be cut."""
    taken = []
    for doc, start, end in ranked:
        end = min(end, start + budget)
        taken.append((doc, start, end))
        budget -= end - start
        if budget <= 0:
            break
    return taken


def main():
    data, spans_file, model, *sizes = sys.argv[1:]
    documents = {it["_id"]: it["text"] for it in rows(f"{data}/documents.jsonl.gz")}
    questions = rows(f"{data}/questions.jsonl.gz")
    cuts = {}
    for row in rows(spans_file):
        cuts.setdefault((row["size"], row["chunker"]), []).extend((row["doc"], *it) for it in row["spans"])
    sizes = [int(it) for it in sizes] or sorted({size for size, _ in cuts})
    for size in sizes:
        for name, cut in chunkers(False, size).items():
            cuts[size, name] = [(doc, *it) for doc, text in documents.items() for it in spans(text, cut(text))]
    encode = Encoder(model)
    asked = encode([it["text"] for it in questions])
    print("size  chunker                mean  chunks | 5 best: recall precision IoU | equal length: recall precision IoU")
    for (size, name), cut in sorted(cuts.items()):
        if size not in sizes:
            continue
        vectors = encode([documents[doc][start:end] for doc, start, end in cut])
        order = numpy.argsort(-(asked @ vectors.T), axis=1)[:, : CHUNKS * 8]
        best, equal = [], []
        for question, ranked in zip(questions, order):
            ranked = [cut[n] for n in ranked]
            best.append(scores(question, ranked[:CHUNKS]))
            equal.append(scores(question, within(ranked, CHUNKS * size)))
        mean = sum(end - start for _, start, end in cut) / len(cut)
        figures = [*numpy.mean(best, axis=0), *numpy.mean(equal, axis=0)]
        print(f"{size:5} {name:20} {mean:6.0f} {len(cut):6} | " + " ".join(f"{100 * it:6.2f}" for it in figures), flush=True)


if __name__ == "__main__":
    main()
