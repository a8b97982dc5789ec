"""The questions that every side answers, and the shape of each answer.

    funnel             people who reached each of three steps in order, 7 days from the first step, inclusive
    funnel_filtered    the same with a property filter on the first step (city) and on the last (amount)
    funnel_by_city     the same as `funnel`, by the city of the person's first event of any step (first touch)
    retention          weekly, recurring: of the people with the target event in week w, those with the return event in week w + j
    daily_uniques      different people by event name and day
    trends_total       events by event name and day
    paths              sessions end after 30 minutes without an event; transitions between the first five events of a session,
                       by position: [step, from, to, count], the 50 most frequent ones
    rare_funnel        a two-step funnel that starts with a very rare event (about 1 in 100,000)
    rare_count         a very rare event by day
"""

from dataset import BASE_MS, DAY_MS, DAYS, NAMES, RARE, WEEK_MS, WEEKS

STEPS = ["Product Viewed", "Checkout Started", "Order Completed"]
RARE_STEPS = [RARE, "App Opened"]
WINDOW_MS = 7 * DAY_MS
TARGET, RETURN = "App Opened", "Order Completed"
CITY, AMOUNT = "Seoul", 500
SESSION_GAP_MS = 30 * 60_000
PATH_STEPS = 5
PATH_EDGES = 50

ALL = ["funnel", "funnel_filtered", "funnel_by_city", "retention", "daily_uniques", "trends_total", "paths",
       "rare_funnel", "rare_count"]


def quoted(names):
    return ", ".join("'" + name + "'" for name in names)


def from_levels(rows, steps=3):
    """(level, people) rows, where level is the last step reached, to people who reached each step."""
    reached = [0] * steps
    for level, people in rows:
        for step in range(int(level)):
            reached[step] += int(people)
    return reached


def by_city(rows):
    cities = {}
    for city, level, people in rows:
        cities.setdefault(city, []).append((level, people))
    return {city: from_levels(levels) for city, levels in sorted(cities.items())}


def triangle(values):
    """91 numbers in row order to the 13 rows of a retention table."""
    values = iter(values)
    return [[int(next(values)) for _ in range(WEEKS - week)] for week in range(WEEKS)]


def retention_pairs():
    return [(week, week + later) for week in range(WEEKS) for later in range(WEEKS - week)]


def per_day(rows):
    """(name, day number, count) rows to a list of 90 numbers for each name."""
    days = {name: [0] * DAYS for name in NAMES}
    for name, day, count in rows:
        days[name][int(day)] = int(count)
    return days


def one_per_day(rows):
    days = [0] * DAYS
    for day, count in rows:
        days[int(day)] = int(count)
    return days


def edges(rows):
    """The most frequent transitions; ties in the order of step and names."""
    rows = [[int(step), source, target, int(count)] for step, source, target, count in rows]
    return sorted(rows, key=lambda edge: (-edge[3], edge[0], edge[1], edge[2]))[:PATH_EDGES]
