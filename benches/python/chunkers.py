"""Usage: chunkers.py TEXTS text|markdown SIZE

Cuts texts, of which the file TEXTS has one a line as a JSON string, with LangChain's recursive splitter and with chonkie's, at most SIZE characters a chunk, no overlap.
Prints for each its name, seconds (the median of three runs) and number of chunks, separated by tabs.
"""

import json
import statistics
import sys
import time


def chunkers(markdown, size):
    """Name and function of each library; the functions return (start, end) of chunks where asked by spans()."""
    from chonkie import RecursiveChunker
    from langchain_text_splitters import Language, RecursiveCharacterTextSplitter

    settings = {"chunk_size": size, "chunk_overlap": 0}
    if markdown:
        langchain = RecursiveCharacterTextSplitter.from_language(Language.MARKDOWN, **settings)
    else:
        langchain = RecursiveCharacterTextSplitter(**settings)
    chonkie = RecursiveChunker(tokenizer="character", chunk_size=size)
    return {"langchain recursive": langchain.split_text, "chonkie recursive": chonkie.chunk}


def spans(text, chunks):
    """Start and end of chunks that are parts of the text in their order."""
    found, at = [], 0
    for chunk in chunks:
        chunk = getattr(chunk, "text", chunk)
        at = text.index(chunk, at)
        found.append((at, at + len(chunk)))
        at += 1
    return found


def main():
    path, kind, size = sys.argv[1:]
    with open(path, encoding="utf-8", newline="") as file:
        texts = [json.loads(line) for line in file]
    for name, cut in chunkers(kind == "markdown", int(size)).items():
        times = []
        for _ in range(3):
            started = time.perf_counter()
            count = sum(len(cut(text)) for text in texts)
            times.append(time.perf_counter() - started)
        print(name, statistics.median(times), count, sep="\t")


if __name__ == "__main__":
    main()
