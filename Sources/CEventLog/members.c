#include "ceventlog.h"

static void members8_portable(const uint8_t *codes, size_t count, const uint8_t *members, uint64_t *bits) {
    for (size_t i = 0; i < count; i += 64) {
        size_t n = count - i < 64 ? count - i : 64;
        uint64_t word = 0;
        for (size_t k = 0; k < n; k++) word |= (uint64_t)(members[codes[i + k]] != 0) << k;
        bits[i / 64] = word;
    }
}

#if defined(__x86_64__)
#include <immintrin.h>

// Membership of a byte in a set of 256 by two shuffles: the low nibble picks a row of eight bits for the high nibbles
// 0 to 7 and another for 8 to 15; the high nibble picks the bit.
__attribute__((target("avx2"))) static void members8_avx2(
    const uint8_t *codes, size_t count, const uint8_t *members, uint64_t *bits) {
    uint8_t low_rows[16] = {0}, high_rows[16] = {0};
    for (int code = 0; code < 256; code++) {
        if (!members[code]) continue;
        int low = code & 15, high = code >> 4;
        if (high < 8) low_rows[low] |= (uint8_t)(1 << high);
        else high_rows[low] |= (uint8_t)(1 << (high - 8));
    }
    const __m256i rows_low = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)low_rows));
    const __m256i rows_high = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)high_rows));
    const __m256i powers = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128));
    const __m256i nibble = _mm256_set1_epi8(15);
    const __m256i zero = _mm256_setzero_si256();
    for (size_t i = 0; i < count; i += 64) {
        uint64_t word = 0;
        for (int half = 0; half < 2; half++) {
            __m256i value = _mm256_loadu_si256((const __m256i *)(codes + i + 32 * half));
            __m256i low = _mm256_and_si256(value, nibble);
            __m256i high = _mm256_and_si256(_mm256_srli_epi16(value, 4), nibble);
            __m256i below = _mm256_shuffle_epi8(rows_low, low);
            __m256i above = _mm256_shuffle_epi8(rows_high, low);
            // The top bit of the value says which of the two rows holds.
            __m256i row = _mm256_blendv_epi8(below, above, value);
            __m256i bit = _mm256_shuffle_epi8(powers, high);
            __m256i miss = _mm256_cmpeq_epi8(_mm256_and_si256(row, bit), zero);
            word |= (uint64_t)(uint32_t)~_mm256_movemask_epi8(miss) << (32 * half);
        }
        if (count - i < 64) word &= ~0ull >> (64 - (count - i));
        bits[i / 64] = word;
    }
}

// Membership in a set of one: a comparison.
__attribute__((target("avx2"))) static void member8_avx2(
    const uint8_t *codes, size_t count, uint8_t member, uint64_t *bits) {
    const __m256i wanted = _mm256_set1_epi8((char)member);
    for (size_t i = 0; i < count; i += 64) {
        __m256i low = _mm256_loadu_si256((const __m256i *)(codes + i));
        __m256i high = _mm256_loadu_si256((const __m256i *)(codes + i + 32));
        uint64_t word = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted));
        word |= (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted)) << 32;
        if (count - i < 64) word &= ~0ull >> (64 - (count - i));
        bits[i / 64] = word;
    }
}
#endif

void ceventlog_members8(const uint8_t *codes, size_t count, const uint8_t members[256], uint64_t *bits) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        int found = 0, last = 0;
        for (int code = 0; code < 256 && found < 2; code++) {
            if (members[code]) found++, last = code;
        }
        if (found == 1) member8_avx2(codes, count, (uint8_t)last, bits);
        else members8_avx2(codes, count, members, bits);
        return;
    }
#endif
    members8_portable(codes, count, members, bits);
}

void ceventlog_members16(const uint16_t *codes, size_t count, const uint8_t *members, uint64_t *bits) {
    for (size_t i = 0; i < count; i += 64) {
        size_t n = count - i < 64 ? count - i : 64;
        uint64_t word = 0;
        for (size_t k = 0; k < n; k++) word |= (uint64_t)(members[codes[i + k]] != 0) << k;
        bits[i / 64] = word;
    }
}

static uint64_t spread_portable(uint64_t bits, uint64_t places) {
    uint64_t kept = 0;
    for (; places != 0; places &= places - 1, bits >>= 1) {
        if (bits & 1) kept |= places & -places;
    }
    return kept;
}

static uint64_t bits_from(const uint64_t *bits, size_t first) {
    size_t shift = first & 63;
    return bits[first / 64] >> shift | bits[first / 64 + 1] << 1 << (63 - shift);
}

#if defined(__x86_64__)
__attribute__((target("bmi2,popcnt"))) static void spread_bmi2(
    const uint64_t *bits, size_t first, uint64_t *places, size_t words) {
    for (size_t i = 0; i < words; i++) {
        uint64_t here = places[i];
        places[i] = _pdep_u64(bits_from(bits, first), here);
        first += (size_t)__builtin_popcountll(here);
    }
}
#endif

void ceventlog_spread(const uint64_t *bits, size_t first, uint64_t *places, size_t words) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("bmi2")) {
        spread_bmi2(bits, first, places, words);
        return;
    }
#endif
    for (size_t i = 0; i < words; i++) {
        uint64_t here = places[i];
        places[i] = spread_portable(bits_from(bits, first), here);
        first += (size_t)__builtin_popcountll(here);
    }
}
