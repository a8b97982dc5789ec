// What EventLog needs from C and C++: checksums, the membership kernel, JSON (simdjson) and gzip (zlib).
#ifndef CEVENTLOG_H
#define CEVENTLOG_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// CRC32C (Castagnoli) of `count` bytes, going on from `crc` (0 to start).
uint32_t ceventlog_crc32c(uint32_t crc, const void *bytes, size_t count);

/// A checksum of large sections: CRC32C of the CRC32Cs of four quarters (each a multiple of 8 bytes) and the rest.
uint32_t ceventlog_section_checksum(const void *bytes, size_t count);

/// For each of `count` byte codes, sets the bit in `bits` (one word for 64 codes, all words are written) when
/// `members[code]` is not 0. `codes` must be readable up to the next multiple of 64.
void ceventlog_members8(const uint8_t *codes, size_t count, const uint8_t members[256], uint64_t *bits);

/// The same for 16-bit codes; `members` has 65,536 entries.
void ceventlog_members16(const uint16_t *codes, size_t count, const uint8_t *members, uint64_t *bits);

#ifdef __cplusplus
}
#endif
#endif
