#!/usr/bin/env python3
"""Off-policy estimates on the sample of the Open Bandit Dataset that obp carries (Saito et al., 2021).

Gets obp's wheel from PyPI (nothing of it is installed or kept), takes the decisions that were made at random and the
beta priors that Thompson sampling had on the shop, and asks `bench off-policy` what Thompson sampling would have
brought. obp draws the chances of Thompson sampling 100,000 times from a seed; `drawn` does the same, which gives the
published figure, and `integrated` has the chances without drawing.

    Benchmarks/recommend/offpolicy.py .build/release/bench        # needs numpy
"""
import argparse, csv, io, json, pathlib, re, subprocess, sys, tempfile, zipfile


def wheel(folder):
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, "obp==0.4.1"],
                   check=True)
    return zipfile.ZipFile(next(pathlib.Path(folder).glob("obp-*.whl")))


def priors(text, campaign):
    """Alpha and beta of each item, from YAML of known shape: campaign, alpha or beta, then `- number` lines."""
    found, place, name = {}, None, None
    for line in text.splitlines():
        if match := re.match(r"^(\w+):", line):
            place = match[1]
        elif match := re.match(r"^\s+(alpha|beta):", line):
            name = match[1]
        if place == campaign and name:
            found.setdefault(name, []).extend(float(number) for number in re.findall(r"(?<![\w])\d+\.\d+|(?<=- )\d+", line))
    return list(zip(found["alpha"], found["beta"]))


def drawn(beliefs, places, seed=12345, draws=100_000):
    """How often each item is among the largest of draws from the priors, by place, as obp's seed has it."""
    import numpy

    random, (alpha, beta) = numpy.random.RandomState(seed), zip(*beliefs)
    counts = numpy.zeros((places, len(beliefs)))
    for _ in range(draws // 1_000):
        order = numpy.argsort(-random.beta(alpha, beta, size=(1_000, len(beliefs))), axis=1)
        for place in range(places):
            counts[place] += numpy.bincount(order[:, place], minlength=len(beliefs))
    return counts / draws


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", help="the program bench, built for release")
    parser.add_argument("--campaign", default="all", choices=["all", "men", "women"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        package = wheel(folder)
        beliefs = priors(package.read("obp/policy/conf/prior_bts.yaml").decode(), options.campaign)
        name = f"obp/dataset/obd/random/{options.campaign}/{options.campaign}.csv"
        rows = list(csv.DictReader(io.TextIOWrapper(package.open(name))))
        places = sorted({int(row["position"]) for row in rows})
        decisions, priors_file = pathlib.Path(folder, "decisions"), pathlib.Path(folder, "priors")
        decisions.write_text("".join(
            f"{row['item_id']} {places.index(int(row['position']))} {row['click']} {row['propensity_score']}\n"
            for row in rows))
        priors_file.write_text("".join(f"{item} {alpha} {beta}\n" for item, (alpha, beta) in enumerate(beliefs)))
        chances_file = pathlib.Path(folder, "chances")
        chances_file.write_text("".join(
            f"{place} {item} {chance}\n" for place, row in enumerate(drawn(beliefs, len(places)))
            for item, chance in enumerate(row)))

        def ask(*target):
            command = [options.bench, "off-policy", "--decisions", decisions, *target]
            return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

        answer = {"drawn": ask("--chances", chances_file), "integrated": ask("--priors", priors_file)}
        print(json.dumps(answer, indent=2, sort_keys=True))


main()
