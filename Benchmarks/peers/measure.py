"""Builds one peer's table of the synthetic events and measures the questions.

    python measure.py clickhouse --rows 10000000 --data DIR > clickhouse.json

Each form of each question runs once to warm up and then `--runs` times inside this process; its time is the median.
The fastest form counts. Forms that need more than `--patience` seconds once are run that once only.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import time

import dataset
import questions


def parquet_chunks(rows, folder, persons_per_chunk=20_000):
    import pyarrow as pa
    import pyarrow.parquet as pq
    persons = rows // dataset.EVENTS_PER_PERSON
    path = os.path.join(folder, "chunk.parquet")
    for first in range(0, persons, persons_per_chunk):
        c = dataset.columns(first, min(persons_per_chunk, persons - first))
        strings = {"name": dataset.NAMES, "city": dataset.CITIES, "device": dataset.DEVICES}
        table = pa.table({
            "person": c["person"], "time": c["time"],
            **{key: pa.DictionaryArray.from_arrays(pa.array(c[key]), pa.array(values)) for key, values in strings.items()},
            "amount_cents": pa.array(c["amount_cents"]),
        })
        pq.write_table(table, path, compression="none")
        yield path
    os.remove(path)


def build(engine, rows, folder):
    started = time.perf_counter()
    inserting = 0.0
    engine.create()
    for path in parquet_chunks(rows, folder):
        begun = time.perf_counter()
        engine.insert(path)
        inserting += time.perf_counter() - begun
        print(f"\r{engine.name}: built {time.perf_counter() - started:.0f} s", end="", file=sys.stderr)
    begun = time.perf_counter()
    engine.finish()
    inserting += time.perf_counter() - begun
    print(file=sys.stderr)
    return inserting


def measure(engine, question, runs, patience):
    timed, answers = {}, {}
    for form, run in engine.forms(question).items():
        begun = time.perf_counter()
        answers[form] = run()
        first = time.perf_counter() - begun
        if first > patience:
            timed[form] = [first]
            continue
        timed[form] = []
        for _ in range(runs):
            begun = time.perf_counter()
            answers[form] = run()
            timed[form].append(time.perf_counter() - begun)
    best = min(timed, key=lambda form: statistics.median(timed[form]))
    return {
        "form": best,
        "seconds": statistics.median(timed[best]),
        "runs": timed[best],
        "forms": {form: statistics.median(times) for form, times in timed.items()},
        "formsAgree": all(answer == answers[best] for answer in answers.values()),
        "answer": answers[best],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine", choices=["clickhouse", "duckdb"])
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--data", required=True, help="a folder for the engine's files; kept, and reused when complete")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--patience", type=float, default=20)
    parser.add_argument("--only", nargs="*", choices=questions.ALL)
    parser.add_argument("--build-only", action="store_true")
    options = parser.parse_args()

    folder = os.path.join(os.path.abspath(options.data), f"{options.rows}")
    os.makedirs(folder, exist_ok=True)
    if options.engine == "clickhouse":
        from clickhouse import ClickHouse as Engine
    else:
        from duck import DuckDB as Engine
    engine = Engine(folder, options.threads)
    report = {"engine": engine.name, "version": engine.version, "rows": options.rows, "threads": options.threads}
    if not engine.is_built(options.rows):
        report["loadSeconds"] = build(engine, options.rows, folder)
    report["bytesOnDisk"] = engine.bytes_on_disk()
    if not options.build_only:
        report["questions"] = {}
        for question in options.only or questions.ALL:
            result = measure(engine, question, options.runs, options.patience)
            report["questions"][question] = result
            print(f"{engine.name} {question}: {result['seconds'] * 1000:.1f} ms ({result['form']})"
                  + ("" if result["formsAgree"] else "  FORMS DISAGREE"), file=sys.stderr)
    report["peakMemoryBytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    engine.close()
    json.dump(report, sys.stdout)
    print()


if __name__ == "__main__":
    main()
