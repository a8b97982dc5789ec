#include "ceventlog.h"

// The place where a uniform value lies in a list of `count`, as near as its size alone tells.
static inline size_t guess(uint64_t value, size_t count) { return (size_t)(((unsigned __int128)value * count) >> 64); }

// The first place whose value is at least `wanted`, looked for from `near` on outwards.
static size_t lower_bound(const uint64_t *sorted, size_t count, uint64_t wanted, size_t near) {
    size_t low = 0, high = count;
    if (sorted[near] < wanted) {
        low = near + 1;
        for (size_t step = 8; low + step < count; step *= 2) {
            if (sorted[low + step] >= wanted) { high = low + step; break; }
            low += step + 1;
        }
    } else {
        high = near;
        for (size_t step = 8; high >= step; step *= 2) {
            if (sorted[high - step] < wanted) { low = high - step + 1; break; }
            high -= step;
        }
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < wanted) low = middle + 1;
        else high = middle;
    }
    return low;
}

void ceventlog_find_sorted(
    const uint64_t *sorted, size_t count, const uint64_t *wanted, size_t wanted_count, uint8_t *found) {
    enum { batch = 32 };
    size_t places[batch];
    if (count == 0) return;
    for (size_t first = 0; first < wanted_count; first += batch) {
        size_t n = wanted_count - first < batch ? wanted_count - first : batch;
        for (size_t i = 0; i < n; i++) {
            places[i] = guess(wanted[first + i], count);
            __builtin_prefetch(sorted + places[i]);
        }
        // What lies at the guess says how far off it is, up to the unevenness of the stretch between.
        for (size_t i = 0; i < n; i++) {
            uint64_t value = wanted[first + i], here = sorted[places[i]];
            size_t place = places[i];
            if (here < value) {
                size_t off = guess(value - here, count);
                place = off < count - place ? place + off : count - 1;
            } else {
                size_t off = guess(here - value, count);
                place = off < place ? place - off : 0;
            }
            places[i] = place;
            __builtin_prefetch(sorted + place);
        }
        for (size_t i = 0; i < n; i++) {
            uint64_t value = wanted[first + i];
            size_t place = lower_bound(sorted, count, value, places[i]);
            if (place < count && sorted[place] == value) found[first + i] = 1;
        }
    }
}
