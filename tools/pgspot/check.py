"""Usage: check.py PROJECT SCRIPT...

Shows SQL of the extension to pgspot and prints what it finds, except what explained.tsv explains.

The installer gives every function the same search_path (sql/install/pin_search_path.sql). pgspot reads files and knows nothing
of that, so each function is shown to it with that clause, in schemas under names of their own. That the clause is really
there, and that nobody but their owners can create objects in these schemas, is proved in tests/catalogue and tests/privileges.
"""

import re
import sys
from pathlib import Path
from types import SimpleNamespace

from pglast import ast, parse_sql
from pgspot.codes import codes
from pgspot.state import Counter, State
from pgspot.visitors import visit_sql

PATH = "frontdesk_tables, frontdesk, frontdesk_extensions, pg_temp"
# What exists before the extension's script runs.
BEFORE = "create schema frontdesk_tables; create schema frontdesk_extensions; create schema frontdesk_internal"
OPTIONS = SimpleNamespace(
    ignore=[], ignore_lang=[], plpgsql=True, proc_without_search_path=[], sql_fn=[], summary_only=True
)
HERE = Path(__file__).parent


class Findings(Counter):
    """Collects what pgspot finds as (code, what it is about) by file."""

    def __init__(self):
        super().__init__(OPTIONS)
        self.found = []
        self.file = ""

    def print_issue(self, code, context):
        self.found.append((self.file, code, str(context)))

    def unknown(self, message):
        self.found.append((self.file, "unknown", str(message)))


def show(state, file, sql):
    """Lets pgspot visit each statement of a file; one that it cannot read is a finding too."""
    state.counter.file = file
    try:
        statements = parse_sql(sql)
    except Exception as error:  # pylint: disable=broad-exception-caught
        state.counter.found.append((file, "unreadable", str(error)))
        return
    for statement in statements:
        start = statement.stmt_location
        stop = start + statement.stmt_len if statement.stmt_len else len(sql)
        text = sql[start:stop]
        # What is planted stands as it is: there, nobody pins a search_path afterwards.
        if isinstance(statement.stmt, ast.CreateFunctionStmt) and file != "planted.sql":
            text = readable(statement.stmt, text)
        try:
            visit_sql(state, text)
        except Exception as error:  # pylint: disable=broad-exception-caught
            state.counter.found.append((file, "unreadable", f"{error} in {text.strip()[:80]}"))


def readable(function, text):
    """The text of a function with its search_path, and so that pgspot can read it."""
    # It does not know that a variable may be assigned to under the name of its function.
    name = function.funcname[-1].sval
    text = re.sub(rf"\b{name}\.(\w+)(\s*:=)", r"\1\2", text)
    text = re.sub(rf"(\binto\s+(?:\w+,\s*)*){name}\.", r"\1", text)
    settings = [option.arg.name for option in function.options if option.defname == "set"]
    if "search_path" not in settings:
        text = with_search_path(text)
    return text


def with_search_path(function):
    """The clause in front of the body. A body that is an expression becomes a query: pgspot reads no other."""
    clause = f"set search_path = {PATH} "
    if re.search(r"\bas\s+['$]", function, re.I):
        return re.sub(r"\bas\s+(?=['$])", lambda found: clause + found[0], function, count=1, flags=re.I)
    return re.sub(r"\breturn\b(.*)\Z", lambda found: f"{clause} as $body$select{found[1]}$body$", function, count=1, flags=re.S)


def findings(files):
    """What pgspot finds in these files, read one after the other."""
    state = State(Findings())
    visit_sql(state, BEFORE)
    for name, sql in files:
        if name.startswith("sql/"):
            show(state, name, f"set search_path = {PATH}")
        show(state, name, sql)
    return state.counter.found


def explanations():
    lines = (HERE / "explained.tsv").read_text(encoding="utf8").splitlines()
    return [line.split("\t")[:2] for line in lines[1:]]


def check_the_check():
    """Each statement of planted.sql breaks the rule that its comment names."""
    for planted in (HERE / "planted.sql").read_text(encoding="utf8").split("\n\n"):
        code = re.match(r"-- (\S+)", planted)[1]
        found = [finding[1] for finding in findings([("planted.sql", planted)])]
        if code not in found:
            sys.exit(f"pgspot does not notice {code}, it finds {found} in\n{planted}")


def main(project, scripts):
    check_the_check()
    project = Path(project)
    embedded = sorted(path for path in (project / "sql").rglob("*.sql"))
    files = [(Path(script).name, Path(script).read_text(encoding="utf8")) for script in scripts]
    files += [(str(path.relative_to(project)), path.read_text(encoding="utf8")) for path in embedded]
    found = findings(files)
    explained = explanations()
    unexplained = [finding for finding in found if not any(explains(line, finding) for line in explained)]
    for file, code, context in unexplained:
        print(f"{file}: {code}: {codes.get(code, {'title': 'cannot be checked'})['title']}: {context}")
    superfluous = [line for line in explained if not any(explains(line, finding) for finding in found)]
    for code, context in superfluous:
        print(f"tools/pgspot/explained.tsv: nothing is found for {code} {context}")
    print(f"pgspot: {len(files)} files, {len(found)} findings, {len(found) - len(unexplained)} explained")
    return 1 if unexplained or superfluous else 0


def explains(line, finding):
    return line[0] == finding[1] and line[1] == finding[2]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
