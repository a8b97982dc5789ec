"""The synthetic events of the benchmarks, by formula.

Both sides generate the same events from the row number alone, so no file has to be exchanged: this file is the numpy
side, Sources/bench/SyntheticEvents.swift the Swift side. Everything is integer arithmetic on 64-bit words.

    hash(stream, x) = mix64(stream * 0xD1342543DE82EF95 + (x + 1) * 0x9E3779B97F4A7C15)   (SplitMix64's finaliser)
    below(h, n)     = ((h >> 32) * n) >> 32

Row i belongs to person p = i / 100 and is their event k = i % 100, in session j = k / 8 of 13:

    time    = 2024-01-01T00:00Z + 1000 * below(hash(1, 16 p + j), 90 days - 1 hour, in seconds)
              + (k % 8) * 180000 + below(hash(2, i), 180000), with its last two digits replaced by k (no ties within a person)
    name    = the name whose cumulative weight covers below(hash(3, i), total): weight 1000000 / rank for 29 names, and
              one very rare name with about 1 event in 100,000
    city    = the person's, below(hash(4, p), 20); for one event in eight below(hash(5, i), 20)
    amount  = below(hash(6, i), 100000) cents
    device  = the session's, hash(7, 16 p + j) >> 62
"""

import numpy as np

EVENTS_PER_PERSON = 100
SESSION_EVENTS = 8
DAYS = 90
BASE_MS = 1_704_067_200_000  # 2024-01-01T00:00:00Z, a Monday
DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS
WEEKS = 13

NAMES = [
    "Page Viewed", "Product Viewed", "App Opened", "Product Searched", "Category Viewed",
    "Product Added", "Cart Viewed", "Push Received", "Checkout Started", "Email Opened",
    "Order Completed", "Product Wished", "Push Opened", "Coupon Viewed", "Review Read",
    "Email Clicked", "Coupon Applied", "Product Removed", "Product Shared", "Signed In",
    "Review Written", "Order Shipped", "Address Added", "Payment Failed", "Support Asked",
    "Points Used", "Order Refunded", "Friend Invited", "Plan Upgraded", "Account Deleted",
]
RARE = "Account Deleted"
CITIES = [
    "Seoul", "Busan", "Incheon", "Daegu", "Daejeon", "Gwangju", "Suwon", "Ulsan", "Goyang", "Yongin",
    "Seongnam", "Changwon", "Cheongju", "Bucheon", "Hwaseong", "Jeonju", "Cheonan", "Ansan", "Pohang", "Jeju",
]
DEVICES = ["ios", "android", "web", "tablet"]

WEIGHTS = [1_000_000 // rank for rank in range(1, len(NAMES))]
WEIGHTS.append(sum(WEIGHTS) // 100_000)
CUMULATIVE = np.cumsum(np.array(WEIGHTS, dtype=np.uint64))
TOTAL_WEIGHT = int(CUMULATIVE[-1])


def hash64(stream, x):
    """SplitMix64's finaliser over a counter. `x` is a uint64 array; wraps around."""
    offset = np.uint64((stream * 0xD1342543DE82EF95) & 0xFFFFFFFFFFFFFFFF)
    z = (x + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15) + offset
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def below(h, n):
    return ((h >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32)


def columns(first_person, persons):
    """The events of some persons, sorted by (person, time): a dict of numpy arrays."""
    first = first_person * EVENTS_PER_PERSON
    i = np.arange(first, first + persons * EVENTS_PER_PERSON, dtype=np.uint64)
    p = i // np.uint64(EVENTS_PER_PERSON)
    k = i % np.uint64(EVENTS_PER_PERSON)
    session = p * np.uint64(16) + k // np.uint64(SESSION_EVENTS)
    start = below(hash64(1, session), DAYS * 86_400 - 3_600) * np.uint64(1000)
    time = np.uint64(BASE_MS) + start + (k % np.uint64(SESSION_EVENTS)) * np.uint64(180_000) + below(hash64(2, i), 180_000)
    time = time - time % np.uint64(100) + k
    name = np.searchsorted(CUMULATIVE, below(hash64(3, i), TOTAL_WEIGHT), side="right").astype(np.uint8)
    elsewhere = hash64(5, i)
    city = np.where(elsewhere & np.uint64(7) == 0, below(elsewhere, 20), below(hash64(4, p), 20)).astype(np.uint8)
    amount = below(hash64(6, i), 100_000).astype(np.int64)
    device = (hash64(7, session) >> np.uint64(62)).astype(np.uint8)
    order = np.argsort(time.reshape(persons, EVENTS_PER_PERSON), axis=1, kind="stable")
    order = (order + np.arange(persons)[:, None] * EVENTS_PER_PERSON).reshape(-1)
    return {
        "person": p[order], "time": time[order].astype(np.int64), "name": name[order],
        "city": city[order], "amount_cents": amount[order], "device": device[order],
    }
