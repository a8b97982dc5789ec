#include "ceventlog.h"

#include <string.h>

// Table for the portable form: polynomial 0x1EDC6F41, reflected 0x82F63B78 (RFC 3720, appendix B.4).
static uint32_t table[8][256];

__attribute__((constructor)) static void make_table(void) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0x82F63B78u & (0u - (crc & 1)));
        table[0][i] = crc;
    }
    for (uint32_t i = 0; i < 256; i++)
        for (int k = 1; k < 8; k++) table[k][i] = (table[k - 1][i] >> 8) ^ table[0][table[k - 1][i] & 0xff];
}

static uint32_t portable(uint32_t crc, const uint8_t *p, size_t n) {
    while (n >= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        word ^= crc;
        crc = 0;
        for (int k = 0; k < 8; k++) crc ^= table[7 - k][(word >> (8 * k)) & 0xff];
        p += 8;
        n -= 8;
    }
    while (n--) crc = (crc >> 8) ^ table[0][(crc ^ *p++) & 0xff];
    return crc;
}

#if defined(__x86_64__)
#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t hardware(uint32_t crc, const uint8_t *p, size_t n) {
    uint64_t wide = crc;
    while (n >= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        wide = _mm_crc32_u64(wide, word);
        p += 8;
        n -= 8;
    }
    crc = (uint32_t)wide;
    while (n--) crc = _mm_crc32_u8(crc, *p++);
    return crc;
}

static int has_hardware(void) {
    static int known = -1;
    if (known < 0) known = __builtin_cpu_supports("sse4.2") != 0;
    return known;
}
#else
static uint32_t hardware(uint32_t crc, const uint8_t *p, size_t n) { return portable(crc, p, n); }
static int has_hardware(void) { return 0; }
#endif

uint32_t ceventlog_crc32c(uint32_t crc, const void *bytes, size_t count) {
    crc = ~crc;
    crc = has_hardware() ? hardware(crc, bytes, count) : portable(crc, bytes, count);
    return ~crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static void quarters(const uint8_t *p, size_t quarter, uint32_t out[4]) {
    uint64_t a = 0xffffffffu, b = a, c = a, d = a;
    for (size_t i = 0; i < quarter; i += 8) {
        uint64_t w, x, y, z;
        memcpy(&w, p + i, 8);
        memcpy(&x, p + quarter + i, 8);
        memcpy(&y, p + 2 * quarter + i, 8);
        memcpy(&z, p + 3 * quarter + i, 8);
        a = _mm_crc32_u64(a, w);
        b = _mm_crc32_u64(b, x);
        c = _mm_crc32_u64(c, y);
        d = _mm_crc32_u64(d, z);
    }
    out[0] = ~(uint32_t)a;
    out[1] = ~(uint32_t)b;
    out[2] = ~(uint32_t)c;
    out[3] = ~(uint32_t)d;
}
#else
static void quarters(const uint8_t *p, size_t quarter, uint32_t out[4]) { (void)p; (void)quarter; (void)out; }
#endif

uint32_t ceventlog_section_checksum(const void *bytes, size_t count) {
    const uint8_t *p = bytes;
    const size_t quarter = count / 32 * 8;
    uint32_t parts[5];
    if (has_hardware()) {
        quarters(p, quarter, parts);
    } else {
        for (int i = 0; i < 4; i++) parts[i] = ceventlog_crc32c(0, p + i * quarter, quarter);
    }
    parts[4] = ceventlog_crc32c(0, p + 4 * quarter, count - 4 * quarter);
    return ceventlog_crc32c(0, parts, sizeof parts);
}
