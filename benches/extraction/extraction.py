"""How much of a page's main text extractors keep, and how much furniture: frontdesk beside trafilatura and readability-lxml.

    pip install trafilatura lxml_html_clean cssselect chardet && pip install --no-deps readability-lxml
    for package in ...; do apt-get download $package; dpkg-deb -x $package*.deb DIR/$package; done    # packages of sites.json
    cargo build --release -p frontdesk-benches --bin extract
    python benches/extraction/extraction.py --pages DIR --extract target/release/extract

The reference is the text of the elements that sites.json names. Words are compared as multisets: runs of letters and digits in
lower case, an ideograph or kana each for itself. Texts
of images count neither for nor against. Precision, recall and F1 of each page are averaged over a site, then over sites.
Throughput counts the HTML in bytes per second on one core, parsing included.
"""

import argparse
import collections
import glob
import json
import os
import random
import re
import subprocess
import time

import lxml.html
import readability
import trafilatura

SITES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sites.json")
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
LEAST_WORDS = 50
LARGEST_PAGE = 400_000


def words(text):
    return collections.Counter(WORD.findall(text.lower()))


INLINE = {"a", "abbr", "b", "bdi", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "samp", "small",
          "span", "strong", "sub", "sup", "tt", "u", "var", "wbr"}
SILENT = {"script", "style", "noscript", "template", "svg", "textarea", "select"}


def element_text(element):
    parts = []

    def walk(node):
        if isinstance(node.tag, str) and node.tag not in SILENT:
            boundary = "" if node.tag in INLINE else " "
            parts.append(boundary + (node.text or ""))
            for child in node:
                walk(child)
                parts.append(child.tail or "")
            parts.append(boundary)

    walk(element)
    return "".join(parts)


def without(tree, selectors):
    for selector in selectors:
        for element in tree.cssselect(selector):
            if element.getparent() is not None:
                element.drop_tree()


def reference(html, site):
    """The words that belong to the main text, and those that are neither."""
    tree = lxml.html.document_fromstring(html)
    ignored = words(" ".join(element_text(e) for selector in site["ignore"] for e in tree.cssselect(selector)))
    ignored += words(" ".join(tree.xpath("//img/@alt")))
    without(tree, site["ignore"] + site["drop"])
    kept = [element for selector in site["keep"] for element in tree.cssselect(selector)]
    return words(" ".join(element_text(element) for element in kept)), ignored


def judge(found, wanted, ignored):
    common = sum((found & wanted).values())
    extra = sum((found - wanted - ignored).values())
    precision = common / (common + extra) if common + extra else 0.0
    recall = common / sum(wanted.values())
    return precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0


def plain(markdown):
    """Markdown without the addresses of its links and images, and without the numbers of its lists."""
    return re.sub(r"^(\s*(?:> )*)\d+\. ", r"\1", re.sub(r"\]\([^)\s]*\)", "]", markdown), flags=re.MULTILINE)


def frontdesk(pages, program):
    lines = "".join(json.dumps({"html": page["html"]}) + "\n" for page in pages)
    answer = subprocess.run([program], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout.decode()
    results = [json.loads(line) for line in answer.splitlines()]
    return [plain(result["content"]) for result in results], sum(result["nanos"] for result in results) / 1e9


def timed(extract):
    def run(pages):
        started = time.perf_counter()
        texts = [extract(page["html"]) for page in pages]
        return texts, time.perf_counter() - started

    return run


def by_trafilatura(**options):
    return timed(lambda html: trafilatura.extract(html, include_comments=False, **options) or "")


def by_readability(html):
    return element_text(lxml.html.fromstring(readability.Document(html).summary()))


def decoded(data):
    declared = re.search(rb"charset=[\"']?([-\w]+)", data[:2000])
    encoding = declared.group(1).decode() if declared else "utf-8"
    try:
        return data.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        return data.decode("utf-8", "replace")


def sample(site, root, count):
    """Up to `count` pages with enough main text to judge, the same ones each time."""
    files = sorted(glob.glob(os.path.join(root, site["package"], site["files"]), recursive=True))
    random.Random(4).shuffle(files)
    pages, seen = [], set()
    for file in files:
        if len(pages) == count:
            break
        if not os.path.isfile(file) or os.path.realpath(file) in seen or os.path.getsize(file) > LARGEST_PAGE:
            continue
        seen.add(os.path.realpath(file))
        with open(file, "rb") as opened:
            html = re.sub(r"^<\?xml[^>]*>", "", decoded(opened.read()))
        wanted, ignored = reference(html, site)
        if sum(wanted.values()) >= LEAST_WORDS:
            pages.append({"site": site["name"], "file": file, "html": html, "wanted": wanted, "ignored": ignored})
    return pages


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else 0.0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", required=True, help="folder that holds one folder of unpacked files per package")
    parser.add_argument("--extract", required=True, help="the program extract, built for release")
    parser.add_argument("--scale", type=int, default=50, help="pages per site")
    parser.add_argument("--site", action="append", help="only this site")
    parser.add_argument("--worst", type=int, default=0, help="show so many pages on which frontdesk does worst, of sites marked tuning")
    parser.add_argument("--ours-only", action="store_true")
    arguments = parser.parse_args()

    with open(SITES) as opened:
        sites = json.load(opened)["sites"]
    sites = [site for site in sites if not arguments.site or site["name"] in arguments.site]
    pages = [page for site in sites for page in sample(site, arguments.pages, arguments.scale)]
    megabytes = sum(len(page["html"].encode()) for page in pages) / 1e6
    print(f"{len(pages)} pages of {len(sites)} sites, {megabytes:.1f} MB")

    extractors = {"frontdesk": lambda all_pages: frontdesk(all_pages, arguments.extract)}
    if not arguments.ours_only:
        extractors["trafilatura"] = by_trafilatura()
        extractors["trafilatura, recall"] = by_trafilatura(favor_recall=True)
        extractors["readability"] = timed(by_readability)

    scores, rates = {}, {}
    for name, extract in extractors.items():
        texts, seconds = extract(pages)
        rates[name] = (megabytes / seconds, len(pages) / seconds)
        for page, text in zip(pages, texts):
            found = words(text)
            page[name] = found
            scores.setdefault(name, {}).setdefault(page["site"], []).append(judge(found, page["wanted"], page["ignored"]))

    print(f"{'F1 by site':16}" + "".join(f"{name:>22}" for name in extractors))
    for site in sites:
        cells = [f"{mean(s[2] for s in scores[name].get(site['name'], [])):22.3f}" for name in extractors]
        print(f"{site['name'] + ('' if not site['tuning'] else ' *'):16}" + "".join(cells))
    for which, chosen in (("all", sites), ("held out", [site for site in sites if not site["tuning"]])):
        for place, measure in enumerate(("precision", "recall", "F1")):
            cells = [f"{mean(mean(s[place] for s in scores[name][site['name']]) for site in chosen):22.3f}" for name in extractors]
            print(f"{which + ', ' + measure:16}"[:20].ljust(20) + "".join(cells)[4:])
    print(f"{'MB/s, one core':16}" + "".join(f"{rates[name][0]:22.2f}" for name in extractors))
    print(f"{'pages/s':16}" + "".join(f"{rates[name][1]:22.1f}" for name in extractors))

    tuning = {site["name"] for site in sites if site["tuning"]}
    worst = sorted((page for page in pages if page["site"] in tuning), key=lambda p: judge(p["frontdesk"], p["wanted"], p["ignored"])[2])
    for page in worst[: arguments.worst]:
        found, wanted = page["frontdesk"], page["wanted"]
        print("\n%s\n  %.3f %.3f %.3f" % (page["file"], *judge(found, wanted, page["ignored"])))
        print("  missing:", (wanted - found).most_common(25))
        print("  extra:", (found - wanted - page["ignored"]).most_common(25))


if __name__ == "__main__":
    main()
