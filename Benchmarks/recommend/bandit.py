#!/usr/bin/env python3
"""Bandits beside Vowpal Wabbit: decisions a second, and what is missed, on the same simulated problem.

A round has eight actions with ten features each; an action is rewarded with the probability logistic(w · features), the
same w for all. Both sides decide, see the reward of what they chose, and learn, round by round. Vowpal Wabbit is also
given the rounds as a file of logged decisions, which it reads in its own process: its fastest form.

  bandit.py --bench PROGRAM [--rounds N] [--folder DIR]

Writes a line of JSON, after a table on standard error.
"""
import argparse, json, os, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
ACTIONS, FEATURES = 8, 10
# Its ways to explore, and of each the setting that misses least of a few.
WAYS = {
    "VW SquareCB": "--squarecb --gamma_scale 100",
    "VW epsilon-greedy": "--epsilon 0.05",
    "VW online cover": "--cover 5",
}


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", required=True, help="the program of Sources/bench")
    parser.add_argument("--rounds", type=int, default=100_000)
    parser.add_argument("--folder", default=".build-bench/bandit")
    parser.add_argument("--python", help="an interpreter with numpy and vowpalwabbit (default: made in the folder)")
    parser.add_argument("--inside", action="store_true", help="used by itself: in that interpreter")
    return parser.parse_args()


def make(options):
    import numpy as np
    draw = np.random.default_rng(11)
    weights = draw.normal(0, 1, FEATURES)
    features = draw.uniform(-1, 1, (options.rounds, ACTIONS, FEATURES)).astype(np.float32)
    rates = (1 / (1 + np.exp(-(features @ weights) - 0.5))).astype(np.float32)
    chances = draw.random((options.rounds, 1)).astype(np.float32)
    rounds = np.concatenate([features.reshape(options.rounds, -1), rates, chances], axis=1)
    rounds.astype("<f4").tofile(os.path.join(options.folder, "problem.f32"))
    return features, rates, chances[:, 0]


def lines(features):
    """Each round as Vowpal Wabbit reads it, without a label."""
    names = [f"f{number}" for number in range(FEATURES)]
    return [
        ["|a " + " ".join(f"{name}:{value:.4f}" for name, value in zip(names, action)) for action in actions]
        for actions in features.tolist()
    ]


def interactive(way, texts, rates, chances):
    import numpy as np
    from vowpalwabbit import Workspace
    vw = Workspace(f"--cb_explore_adf {way} --quiet --random_seed 1")
    draw = np.random.default_rng(3).random(len(texts))
    regrets = np.zeros(len(texts))
    start = time.perf_counter()
    for number, actions in enumerate(texts):
        probabilities = vw.predict("\n".join(actions))
        chosen, left = 0, draw[number]
        for chosen, probability in enumerate(probabilities):
            left -= probability
            if left < 0:
                break
        cost = 0 if rates[number, chosen] > chances[number] else 1
        labelled = list(actions)
        labelled[chosen] = f"0:{cost}:{probabilities[chosen]} {labelled[chosen]}"
        vw.learn("\n".join(labelled))
        regrets[number] = rates[number].max() - rates[number, chosen]
    seconds = time.perf_counter() - start
    vw.finish()
    return {"decisionsPerSecond": len(texts) / seconds, "regret": float(regrets.mean()),
            "lastRegret": float(regrets[-max(1, len(texts) // 10):].mean())}


def from_file(options, way, texts, rates, chances):
    """The same rounds as a log of a uniform policy, read and learned from in one process."""
    import numpy as np
    from vowpalwabbit import Workspace
    path = os.path.join(options.folder, "logged.vw")
    if not os.path.exists(path):
        chosen = np.random.default_rng(5).integers(0, ACTIONS, len(texts))
        with open(path, "w") as out:
            for number, actions in enumerate(texts):
                place = chosen[number]
                cost = 0 if rates[number, place] > chances[number] else 1
                labelled = list(actions)
                labelled[place] = f"0:{cost}:{1 / ACTIONS} {labelled[place]}"
                out.write("\n".join(labelled) + "\n\n")
    start = time.perf_counter()
    Workspace(f"--cb_explore_adf {way} --quiet --random_seed 1 -d {path}").finish()
    return len(texts) / (time.perf_counter() - start)


def inside(options):
    features, rates, chances = make(options)
    texts = lines(features)
    own = json.loads(subprocess.run(
        [options.bench, "bandit", "--problem", os.path.join(options.folder, "problem.f32")], check=True,
        stdout=subprocess.PIPE, text=True).stdout)
    others = {}
    for name, way in WAYS.items():
        others[name] = interactive(way, texts, rates, chances)
        others[name]["fromFilePerSecond"] = from_file(options, way, texts, rates, chances)
    own["vowpalwabbit"] = others
    print(f"random misses {own['randomRegret']:.4f}", file=sys.stderr)
    for name, side in {**own["policies"], **others}.items():
        more = f", {side['fromFilePerSecond']:,.0f} from a file" if "fromFilePerSecond" in side else ""
        print(f"{name:18} {side['decisionsPerSecond']:10,.0f} decisions/s{more}  misses {side['regret']:.4f}, "
              f"in the last tenth {side['lastRegret']:.4f}", file=sys.stderr)
    print(json.dumps(own))


def main(options):
    os.makedirs(options.folder, exist_ok=True)
    python = options.python or os.path.join(options.folder, "python", "bin", "python")
    if not os.path.exists(python):
        subprocess.run([sys.executable, "-m", "venv", os.path.join(options.folder, "python")], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", os.path.join(HERE, "requirements.txt")],
                       check=True, stdout=sys.stderr)
    sys.exit(subprocess.run([python, os.path.abspath(__file__), "--inside", "--bench", os.path.abspath(options.bench),
                             "--folder", options.folder, "--rounds", str(options.rounds)]).returncode)


if __name__ == "__main__":
    options = parse()
    os.makedirs(options.folder, exist_ok=True)
    (inside if options.inside else main)(options)
