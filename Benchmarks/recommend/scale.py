#!/usr/bin/env python3
"""Training on many interactions: time, memory and quality of Dangol and of implicit's ALS on the same data.

Leaves a data folder with the model, which `bench decide` asks.

The data are made: every item belongs to one of 250 kinds, every person likes a few kinds, and within a kind some items
are far more popular than others. A person's last item is hidden from both; 10,000 persons are asked for.

  scale.py --dangol PROGRAM [--persons N] [--items N] [--interactions N] [--folder DIR]

Writes a line of JSON, after a table on standard error.
"""
import argparse, json, os, resource, shutil, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dangol", required=True, help="the program")
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--interactions", type=int, default=10_000_000)
    parser.add_argument("--asked", type=int, default=10_000)
    parser.add_argument("--folder", default=".build-bench/recommend-scale")
    parser.add_argument("--python", help="an interpreter with numpy, scipy, implicit (default: made in the folder)")
    parser.add_argument("--part", choices=["data", "dangol", "implicit"], help="used by itself: one step")
    return parser.parse_args()


# --- Data, in the interpreter that has numpy ---------------------------------------------------------------------------

def make(options):
    """Rows of person, item, seconds, ordered by person and time; the last of each person goes to hidden.npy."""
    import numpy as np
    draw = np.random.default_rng(7)
    kinds = 250
    size = options.items // kinds
    # Persons differ in how much they do: at least two interactions each, the rest by a heavy tail.
    activity = draw.lognormal(0, 0.8, options.persons)
    spare = options.interactions - 2 * options.persons
    counts = 2 + np.floor(activity / activity.sum() * spare).astype(np.int64)
    person = np.repeat(np.arange(options.persons, dtype=np.int32), counts)
    total = len(person)
    # Three kinds a person, liked unequally; one in ten choices is of any kind.
    kind_popularity = draw.dirichlet(np.full(kinds, 0.5))
    liked = draw.choice(kinds, size=(options.persons, 3), p=kind_popularity)
    which = draw.choice(3, size=total, p=[0.6, 0.25, 0.15])
    kind = liked[person, which]
    stray = draw.random(total) < 0.1
    kind[stray] = draw.choice(kinds, size=int(stray.sum()), p=kind_popularity)
    # Within a kind the popularity falls off as 1 / rank, 30 of 400 items taking half.
    weights = 1 / (np.arange(size) + 3.0)
    place = np.searchsorted(np.cumsum(weights) / weights.sum(), draw.random(total)).clip(0, size - 1)
    item = (kind * size + place).astype(np.int32)
    seconds = 1_700_000_000 + draw.integers(0, 90 * 86_400, total)
    order = np.lexsort((seconds, person))
    person, item, seconds = person[order], item[order], seconds[order]
    last = np.append(person[1:] != person[:-1], True)
    np.save(os.path.join(options.folder, "shown.npy"), np.stack([person[~last], item[~last], seconds[~last]]))
    hidden = np.stack([person[last], item[last]])
    asked = draw.choice(hidden.shape[1], size=min(options.asked, hidden.shape[1]), replace=False)
    np.save(os.path.join(options.folder, "hidden.npy"), hidden[:, np.sort(asked)])
    with open(os.path.join(options.folder, "asked.txt"), "w") as out:
        out.writelines(f"p{number}\n" for number in hidden[0, np.sort(asked)])
    with open(os.path.join(options.folder, "items.csv"), "w") as out:
        out.write("id,title,category,price\n")
        out.writelines(f"i{i},Item {i},kind {i // size},{1_000 + i % 97 * 500}\n" for i in range(options.items))
    shown = np.load(os.path.join(options.folder, "shown.npy"))
    with open(os.path.join(options.folder, "shown.tsv"), "w") as out:
        for start in range(0, shown.shape[1], 1_000_000):
            part = shown[:, start:start + 1_000_000].tolist()
            out.writelines(f"p{p}\ti{i}\t{s}\n" for p, i, s in zip(*part))


def scored(lists, hidden):
    """NDCG@10 and recall@20 of one hidden item a person, without those that were known already."""
    from math import log2
    ndcg = recall = 0.0
    for person, item in zip(*hidden.tolist()):
        found = lists.get(person, [])
        place = found.index(item) if item in found else None
        if place is not None and place < 10:
            ndcg += 1 / log2(place + 2)
        if place is not None and place < 20:
            recall += 1
    count = hidden.shape[1]
    return {"ndcg10": ndcg / count, "recall20": recall / count}


def implicit_part(options):
    import numpy as np, scipy.sparse as sp
    from threadpoolctl import threadpool_limits
    from implicit.als import AlternatingLeastSquares
    person, item, _ = np.load(os.path.join(options.folder, "shown.npy"))
    hidden = np.load(os.path.join(options.folder, "hidden.npy"))
    matrix = sp.csr_matrix((np.ones(len(person), dtype=np.float32), (person, item)),
                           shape=(options.persons, options.items))
    matrix.sum_duplicates()
    best = None
    # Its own defaults and the settings that were best on MovieLens; the better counts.
    for settings in ({"regularization": 0.01, "alpha": 1.0}, {"regularization": 5, "alpha": 4.0}):
        model = AlternatingLeastSquares(factors=64, iterations=15, random_state=1, num_threads=2, **settings)
        with threadpool_limits(1):  # as implicit advises
            start = time.perf_counter()
            model.fit(matrix, show_progress=False)
            seconds = time.perf_counter() - start
        lists = {}
        for start in range(0, hidden.shape[1], 500):
            rows = hidden[0, start:start + 500]
            ids, _ = model.recommend(rows, matrix[rows], N=20, filter_already_liked_items=True)
            lists.update(zip(rows.tolist(), ids.tolist()))
        result = {"seconds": seconds, "settings": settings, **scored(lists, hidden)}
        print(result, file=sys.stderr)
        if best is None or result["ndcg10"] > best["ndcg10"]:
            best = result
    best["bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(best))


def score_part(options):
    import numpy as np
    hidden = np.load(os.path.join(options.folder, "hidden.npy"))
    lists = {}
    for line in open(os.path.join(options.folder, "lists.tsv")):
        person, item, _ = line.rstrip("\n").split("\t")
        lists.setdefault(int(person[1:]), []).append(int(item[1:]))
    print(json.dumps(scored(lists, hidden)))


# --- Steps ------------------------------------------------------------------------------------------------------------

def call(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"failed: {' '.join(command)}")
    return done.stdout


def python(options):
    if options.python:
        return options.python
    folder = os.path.join(options.folder, "python")
    if not os.path.exists(os.path.join(folder, "bin", "python")):
        call(sys.executable, "-m", "venv", folder)
        call(os.path.join(folder, "bin", "pip"), "install", "--quiet", "-r", os.path.join(HERE, "requirements.txt"))
    return os.path.join(folder, "bin", "python")


def measured(*command):
    """The output of a command, with its peak memory in bytes."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"failed: {' '.join(command)}")
    return output, time.perf_counter() - start, usage.ru_maxrss * 1024


def main(options):
    os.makedirs(options.folder, exist_ok=True)
    own = [python(options), os.path.abspath(__file__), "--dangol", options.dangol, "--folder", options.folder,
           "--persons", str(options.persons), "--items", str(options.items),
           "--interactions", str(options.interactions), "--asked", str(options.asked)]
    if not os.path.exists(os.path.join(options.folder, "shown.tsv")):
        call(*own, "--part", "data")
    data = os.path.join(options.folder, "data")
    shutil.rmtree(data, ignore_errors=True)
    _, import_seconds, _ = measured(
        options.dangol, "import", os.path.join(options.folder, "shown.tsv"), "--data", data, "--format", "columns",
        "--delimiter", "tab", "--no-header", "--person", "1", "--property", "item=2:string", "--time", "3",
        "--time-format", "epoch", "--event-name", "Product Viewed")
    call(options.dangol, "items", "import", os.path.join(options.folder, "items.csv"), "--data", data,
         "--kind", "product", "--currency", "KRW")
    text, train_seconds, train_bytes = measured(
        options.dangol, "recommend", "train", "--data", data, "--config", os.path.join(HERE, "scale.yaml"), "--json")
    version = json.loads(text)
    lists = os.path.join(options.folder, "lists.tsv")
    _, export_seconds, _ = measured(
        options.dangol, "recommend", "export", "--data", data, "--top", "20", "--persons",
        os.path.join(options.folder, "asked.txt"), lists)
    result = {
        "persons": options.persons, "items": options.items, "interactions": version["interactions"],
        "importSeconds": import_seconds, "exportSeconds": export_seconds,
        "dangol": {"fitSeconds": version["fitSeconds"], "seconds": train_seconds, "bytes": train_bytes,
                   "modelBytes": version["bytes"], "weights": version["weights"],
                   **json.loads(call(*own, "--part", "dangol"))},
        "implicit": json.loads(call(*own, "--part", "implicit")),
    }
    for name in ("dangol", "implicit"):
        side = result[name]
        fit = side.get("fitSeconds", side["seconds"])
        print(f"{name:9} NDCG@10 {side['ndcg10']:.4f}  recall@20 {side['recall20']:.4f}  fit {fit:.1f} s  "
              f"in all {side['seconds']:.1f} s  memory {side['bytes'] / 1e6:,.0f} MB", file=sys.stderr)
    print(json.dumps(result))


if __name__ == "__main__":
    options = parse()
    {None: main, "data": make, "dangol": score_part, "implicit": implicit_part}[options.part](options)
