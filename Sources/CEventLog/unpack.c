#include "ceventlog.h"

#include <string.h>

static int64_t value_at(const uint8_t *base, uint32_t bits, int64_t minimum, int64_t divisor, size_t index) {
    size_t bit = index * bits;
    uint64_t word;
    memcpy(&word, base + (bit >> 3), 8);
    uint64_t mask = bits == 0 ? 0 : ~0ull >> (64 - bits);
    // Wraps around as the sums of the reader do.
    return (int64_t)((uint64_t)minimum + (uint64_t)divisor * ((word >> (bit & 7)) & mask));
}

static void unpack_portable(
    const uint8_t *base, uint32_t bits, int64_t minimum, int64_t divisor, size_t first, size_t count, int64_t *values) {
    for (size_t i = 0; i < count; i++) values[i] = value_at(base, bits, minimum, divisor, first + i);
}

#if defined(__x86_64__)
#include <immintrin.h>

// Four values at a time: each half of a register takes two from the 16 bytes in which they lie, a shuffle puts the eight
// bytes of each into a word of its own, and a shift drops the bits before. Where in the bytes values lie repeats after
// eight of them, so there are two patterns.
__attribute__((target("avx2"))) static void unpack_avx2(
    const uint8_t *base, uint32_t bits, int64_t minimum, int64_t divisor, size_t first, size_t count, int64_t *values) {
    size_t end = first + count, index = first;
    for (; index < end && (index & 3) != 0; index++) {
        values[index - first] = value_at(base, bits, minimum, divisor, index);
    }
    uint8_t shuffles[2][32];
    uint64_t shifts[2][4];
    size_t offsets[2][2];
    for (uint32_t group = 0; group < 2; group++) {
        for (uint32_t k = 0; k < 4; k++) {
            uint32_t bit = (4 * group + k) * bits, start = (4 * group + (k & 2)) * bits;
            shifts[group][k] = bit & 7;
            for (uint32_t byte = 0; byte < 8; byte++) {
                shuffles[group][8 * k + byte] = (uint8_t)((bit >> 3) - (start >> 3) + byte);
            }
            if ((k & 1) == 0) offsets[group][k / 2] = start >> 3;
        }
    }
    const __m256i mask = _mm256_set1_epi64x((int64_t)(~0ull >> (64 - bits)));
    const __m256i least = _mm256_set1_epi64x(minimum);
    const __m256i factor_low = _mm256_set1_epi64x((int64_t)((uint64_t)divisor & 0xffffffff));
    const __m256i factor_high = _mm256_set1_epi64x((int64_t)((uint64_t)divisor >> 32));
    // 16 bytes hold at most eight values of 16 bits and more, so no load reaches beyond the last value.
    for (; index + 10 <= end; index += 4) {
        size_t group = (index >> 2) & 1;
        const uint8_t *place = base + (index >> 3) * bits;
        __m256i bytes = _mm256_inserti128_si256(
            _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(place + offsets[group][0]))),
            _mm_loadu_si128((const __m128i *)(place + offsets[group][1])), 1);
        __m256i words = _mm256_shuffle_epi8(bytes, _mm256_loadu_si256((const __m256i *)shuffles[group]));
        words = _mm256_and_si256(
            _mm256_srlv_epi64(words, _mm256_loadu_si256((const __m256i *)shifts[group])), mask);
        if (divisor != 1) {
            // The low 64 bits of a product of two words.
            __m256i cross = _mm256_add_epi64(
                _mm256_mul_epu32(_mm256_srli_epi64(words, 32), factor_low), _mm256_mul_epu32(words, factor_high));
            words = _mm256_add_epi64(_mm256_mul_epu32(words, factor_low), _mm256_slli_epi64(cross, 32));
        }
        _mm256_storeu_si256((__m256i *)(values + (index - first)), _mm256_add_epi64(words, least));
    }
    for (; index < end; index++) values[index - first] = value_at(base, bits, minimum, divisor, index);
}
#endif

void ceventlog_unpack(
    const void *base, uint32_t bits, int64_t minimum, int64_t divisor, size_t first, size_t count, int64_t *values) {
#if defined(__x86_64__)
    if (bits >= 16 && bits <= 57 && __builtin_cpu_supports("avx2")) {
        unpack_avx2(base, bits, minimum, divisor, first, count, values);
        return;
    }
#endif
    unpack_portable(base, bits, minimum, divisor, first, count, values);
}

// MARK: Small values

static void unpack8_portable(const uint8_t *base, uint32_t bits, size_t first, size_t count, uint8_t *values) {
    for (size_t i = 0; i < count; i++) values[i] = (uint8_t)value_at(base, bits, 0, 1, first + i);
}

#if defined(__x86_64__)
// Thirty-two values at a time. Eight of them are `bits` whole bytes: a shuffle puts the two bytes in which each lies
// into a word of its own, a product shifts it to the middle of the word, and a shift back drops what lies below it.
__attribute__((target("avx2"))) static void unpack8_avx2(
    const uint8_t *base, uint32_t bits, size_t first, size_t count, uint8_t *values) {
    uint8_t shuffles[32];
    uint16_t factors[16];
    for (uint32_t k = 0; k < 16; k++) {
        uint32_t bit = (k & 7) * bits;
        shuffles[2 * k] = (uint8_t)(bit >> 3);
        shuffles[2 * k + 1] = (uint8_t)((bit >> 3) + 1);
        factors[k] = (uint16_t)(1 << (8 - (bit & 7)));
    }
    const __m256i shuffle = _mm256_loadu_si256((const __m256i *)shuffles);
    const __m256i factor = _mm256_loadu_si256((const __m256i *)factors);
    const __m256i mask = _mm256_set1_epi16((short)((1 << bits) - 1));
    const uint8_t *place = base + (first >> 3) * bits;
    size_t i = 0;
    for (; i + 32 <= count; i += 32) {
        __m256i words[2];
        for (int half = 0; half < 2; half++) {
            __m256i bytes = _mm256_inserti128_si256(
                _mm256_castsi128_si256(_mm_loadl_epi64((const __m128i *)place)),
                _mm_loadl_epi64((const __m128i *)(place + bits)), 1);
            bytes = _mm256_mullo_epi16(_mm256_shuffle_epi8(bytes, shuffle), factor);
            words[half] = _mm256_and_si256(_mm256_srli_epi16(bytes, 8), mask);
            place += 2 * bits;
        }
        // Packing goes by halves of a register: the quarters come out as 0, 2, 1, 3.
        __m256i packed = _mm256_permute4x64_epi64(_mm256_packus_epi16(words[0], words[1]), 0xd8);
        _mm256_storeu_si256((__m256i *)(values + i), packed);
    }
    unpack8_portable(base, bits, first + i, count - i, values + i);
}
#endif

void ceventlog_unpack8(const void *base, uint32_t bits, size_t first, size_t count, uint8_t *values) {
#if defined(__x86_64__)
    if (bits >= 1 && __builtin_cpu_supports("avx2")) {
        unpack8_avx2(base, bits, first, count, values);
        return;
    }
#endif
    unpack8_portable(base, bits, first, count, values);
}
