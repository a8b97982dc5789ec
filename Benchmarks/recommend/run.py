#!/usr/bin/env python3
"""Recommendations on MovieLens 100k: quality by the protocol of the splits, and training beside implicit's ALS.

Needs the folders with u.data and with recommend_split.py and recommend_eval.py. Everything goes through the command
line as users would do it: import, train, export.

  run.py tune     trains on tune_train and scores tune_val: what settings are chosen by
  run.py score    trains on train and scores test: what is reported, once
  run.py beside   trains Dangol and implicit in turn on user80, same threads, median CPU and wall seconds
"""
import argparse, json, os, resource, shutil, statistics, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=["tune", "score", "beside"])
    parser.add_argument("--dangol", required=True, help="the program")
    parser.add_argument("--movielens", required=True, help="the folder with u.data")
    parser.add_argument("--eval", required=True, help="the folder with recommend_split.py and recommend_eval.py")
    parser.add_argument("--folder", default=".build-bench/recommend", help="where data and lists go")
    parser.add_argument("--split", action="append", choices=["user80", "lastone", "global80"])
    parser.add_argument("--config", help="other settings than those of the split")
    parser.add_argument("--runs", type=int, default=5)
    return parser.parse_args()


def call(*command, quiet=True):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0,):
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    if not quiet:
        print(done.stdout, end="")
    return done.stdout


def splits(options):
    folder = os.path.join(options.folder, "splits")
    if not os.path.exists(os.path.join(folder, "global80", "tune_val.tsv")):
        call(sys.executable, os.path.join(options.eval, "recommend_split.py"), options.movielens, folder)
    return folder


def load(options, split, file):
    """A workspace with the events of one file, made anew."""
    data = os.path.join(options.folder, "data")
    shutil.rmtree(data, ignore_errors=True)
    call(options.dangol, "import", file, "--data", data, "--format", "columns", "--delimiter", "tab", "--no-header",
         "--person", "1", "--property", "item=2:string", "--property", "rating=3:number", "--time", "4",
         "--time-format", "epoch", "--event-name", "Rated")
    return data


def train(options, split, data, *more):
    config = options.config or os.path.join(HERE, split + ".yaml")
    text = call(options.dangol, "recommend", "train", "--data", data, "--config", config, "--json", *more)
    return json.loads(text)


def quality(options, tune):
    folder = splits(options)
    for split in options.split or ["user80", "lastone", "global80"]:
        shown, hidden = ("tune_train.tsv", "tune_val.tsv") if tune else ("train.tsv", "test.tsv")
        shown, hidden = (os.path.join(folder, split, name) for name in (shown, hidden))
        data = load(options, split, shown)
        version = train(options, split, data)
        lists = os.path.join(options.folder, split + ".lists.tsv")
        call(options.dangol, "recommend", "export", "--data", data, "--top", "20", lists)
        scored = json.loads(call(sys.executable, os.path.join(options.eval, "recommend_eval.py"), "score", "--train",
                                 shown, "--test", hidden, "--recs", lists))
        print(f"{split:9} {'tuning' if tune else 'test':7} NDCG@10 {scored['ndcg10']:.4f} "
              f"[{scored['ndcg10_lo']:.4f}, {scored['ndcg10_hi']:.4f}]  recall@20 {scored['recall20']:.4f}  "
              f"own validation {version['metrics']['ndcg10']:.4f}  fit {version['fitSeconds']:.2f} s  "
              f"violations {scored['violations']}", flush=True)


IMPLICIT = """
import json, resource, sys, time
import numpy as np, scipy.sparse as sp
from threadpoolctl import threadpool_limits
from implicit.als import AlternatingLeastSquares
rows = [l.split("\\t") for l in open(sys.argv[1])]
users = {u: k for k, u in enumerate(sorted({r[0] for r in rows}))}
items = {i: k for k, i in enumerate(sorted({r[1] for r in rows}))}
names = list(items)
seen = sp.csr_matrix(([1.0] * len(rows), ([users[r[0]] for r in rows], [items[r[1]] for r in rows])))
m = sp.csr_matrix(([float(int(r[2]) >= 4) for r in rows], ([users[r[0]] for r in rows], [items[r[1]] for r in rows])))
m.eliminate_zeros()
# The best on tune_val among strengths (rating / 5, liked only, disliked as 0.3), regularization 10 and 30, alpha 1, 4, 10.
model = AlternatingLeastSquares(factors=64, regularization=10, alpha=1, iterations=15, random_state=1, num_threads=2)
with threadpool_limits(1):  # as implicit advises
    before = resource.getrusage(resource.RUSAGE_SELF)
    start = time.perf_counter()
    model.fit(m, show_progress=False)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF)
scores = model.user_factors @ model.item_factors.T
scores[seen.nonzero()] = -np.inf
ids = np.argsort(-scores, axis=1)[:, :20]
with open(sys.argv[2], "w") as out:
    for user, k in users.items():
        for place, item in enumerate(ids[k]):
            out.write(f"{user}\\t{names[item]}\\t{place + 1}\\n")
print(json.dumps({"wall": wall, "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}))
"""


def beside(options):
    """In turn, so that what else the machine does falls on both."""
    folder = splits(options)
    python = os.path.join(options.folder, "python")
    if not os.path.exists(os.path.join(python, "bin", "python")):
        call(sys.executable, "-m", "venv", python)
        call(os.path.join(python, "bin", "pip"), "install", "--quiet", "-r", os.path.join(HERE, "requirements.txt"))
    shown, hidden = (os.path.join(folder, "user80", name) for name in ("train.tsv", "test.tsv"))
    data = load(options, "user80", shown)
    # As implicit, without a part for validation.
    plain = os.path.join(options.folder, "plain.yaml")
    with open(options.config or os.path.join(HERE, "user80.yaml")) as file, open(plain, "w") as out:
        out.write("".join("validation: { kind: off }\n" if l.startswith("validation:") else l for l in file))
    options.config = plain
    figures = {"dangol": [], "dangol cpu": [], "implicit": [], "implicit cpu": []}
    lists = {name: os.path.join(options.folder, name + ".tsv") for name in ("dangol", "implicit")}
    for _ in range(options.runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        version = train(options, "user80", data, "--force")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        figures["dangol"].append(version["fitSeconds"])
        figures["dangol cpu"].append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        other = json.loads(call(os.path.join(python, "bin", "python"), "-c", IMPLICIT, shown, lists["implicit"]))
        figures["implicit"].append(other["wall"])
        figures["implicit cpu"].append(other["cpu"])
    call(options.dangol, "recommend", "export", "--data", data, "--top", "20", lists["dangol"])
    for name in ("dangol", "implicit"):
        scored = json.loads(call(sys.executable, os.path.join(options.eval, "recommend_eval.py"), "score", "--train",
                                 shown, "--test", hidden, "--recs", lists[name]))
        what = "CPU of the whole command" if name == "dangol" else "CPU of fit"
        print(f"{name:9} NDCG@10 {scored['ndcg10']:.4f}  fit {statistics.median(figures[name]):.2f} s "
              f"(from {min(figures[name]):.2f})  {what} {statistics.median(figures[name + ' cpu']):.2f} s", flush=True)


if __name__ == "__main__":
    options = parse()
    os.makedirs(options.folder, exist_ok=True)
    if options.part == "beside":
        beside(options)
    else:
        quality(options, options.part == "tune")
