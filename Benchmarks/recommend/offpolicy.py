#!/usr/bin/env python3
"""Off-policy estimates on the sample of the Open Bandit Dataset that obp carries (Saito et al., 2021).

Gets obp's wheel from PyPI (nothing of it is installed or kept), takes the decisions that were made at random and the
beta priors that Thompson sampling had on the shop, and asks `bench off-policy` what Thompson sampling would have
brought. Prints JSON; with --behaviour bts the other way round is asked, which the estimates should refuse to conclude.

    Benchmarks/recommend/offpolicy.py .build/release/bench
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
        answer = subprocess.run(
            [options.bench, "off-policy", "--decisions", decisions, "--priors", priors_file], check=True,
            capture_output=True, text=True).stdout
        print(json.dumps(json.loads(answer), indent=2, sort_keys=True))


main()
