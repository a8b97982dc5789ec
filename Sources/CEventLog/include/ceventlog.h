// What EventLog needs from C and C++: checksums, the membership kernel, JSON (simdjson), gzip (zlib) and
// the splitting of delimited text.
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

/// Integers of 0 to 57 bits, or 64, one after another from the lowest bit of `base` on: writes `minimum + divisor * stored`
/// for `count` of them, from number `first` on. Eight readable bytes follow the last that is stored.
void ceventlog_unpack(
    const void *base, uint32_t bits, int64_t minimum, int64_t divisor, size_t first, size_t count, int64_t *values);

/// The same for integers of 0 to 8 bits, one byte each and as they are stored. `first` is a multiple of 8.
void ceventlog_unpack8(const void *base, uint32_t bits, size_t first, size_t count, uint8_t *values);

/// Spreads a run of bits over the places of others: the k-th bit that is set in `places` is kept if bit `first + k` of
/// `bits` is set, else cleared. `bits` must be readable for one word after the last bit.
void ceventlog_spread(const uint64_t *bits, size_t first, uint64_t *places, size_t words);

/// Sets `found[i]` to 1 for each of the `wanted` values that an ascending list holds, and leaves the others. Quick when the
/// values are uniform over 64 bits, as hashes are; right for any.
void ceventlog_find_sorted(
    const uint64_t *sorted, size_t count, const uint64_t *wanted, size_t wanted_count, uint8_t *found);

/// Asks for memory that will be read soon. Any address will do.
static inline void ceventlog_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

// MARK: JSON

/// What a token of a parsed JSON document is.
enum {
    CEVENTLOG_JSON_OBJECT = 0,
    CEVENTLOG_JSON_ARRAY = 1,
    CEVENTLOG_JSON_STRING = 2,
    CEVENTLOG_JSON_NUMBER = 3,
    CEVENTLOG_JSON_TRUE = 4,
    CEVENTLOG_JSON_FALSE = 5,
    CEVENTLOG_JSON_NULL = 6
};

/// Why a document was refused.
enum {
    CEVENTLOG_JSON_OK = 0,
    CEVENTLOG_JSON_EMPTY = 1,
    CEVENTLOG_JSON_NOT_AN_OBJECT = 2,
    CEVENTLOG_JSON_SYNTAX = 3,
    CEVENTLOG_JSON_ENDS_EARLY = 4,
    CEVENTLOG_JSON_TRAILING = 5,
    CEVENTLOG_JSON_UTF8 = 6,
    CEVENTLOG_JSON_CONTROL_CHARACTER = 7,
    CEVENTLOG_JSON_UNCLOSED_STRING = 8,
    CEVENTLOG_JSON_ESCAPE = 9,
    CEVENTLOG_JSON_NUMBER_SYNTAX = 10,
    CEVENTLOG_JSON_NUMBER_RANGE = 11,
    CEVENTLOG_JSON_DEPTH = 12,
    CEVENTLOG_JSON_DUPLICATE_KEY = 13,
    CEVENTLOG_JSON_MEMORY = 14
};

/// One value of a document, in document order; the children of a container follow it.
typedef struct {
    /// The member's name, unescaped; NULL for array elements and for the document itself.
    const uint8_t *key;
    /// Strings: the unescaped UTF-8. Everything else: the exact text of the value in the source.
    const uint8_t *text;
    /// Numbers: the nearest double.
    double number;
    uint32_t key_count;
    uint32_t text_count;
    /// The index of the first token after this value and all its children.
    uint32_t next;
    uint8_t kind;
    /// Numbers: 1 when there is neither a fraction nor an exponent.
    uint8_t is_integer;
} ceventlog_json_token;

/// A parser with its buffers, to be used again and again by one thread at a time.
typedef struct ceventlog_json ceventlog_json;

/// Bytes that must be readable (with any content) after the bytes to parse.
#define CEVENTLOG_JSON_PADDING 64

/// NULL when there is no memory. Documents nested deeper than `depth_max` containers are refused.
ceventlog_json *ceventlog_json_make(size_t depth_max);
void ceventlog_json_free(ceventlog_json *parser);

/// Parses one JSON object. The tokens are valid until the next call and refer to `bytes`, which must stay alive as long.
/// Returns CEVENTLOG_JSON_OK or why not; then `*error_offset` is the place in bytes, or SIZE_MAX when it is not known.
int ceventlog_json_parse(
    ceventlog_json *parser, const uint8_t *bytes, size_t count, const ceventlog_json_token **tokens,
    size_t *token_count, size_t *error_offset);

/// A sentence part that says what the error is, such as "a string is not closed".
const char *ceventlog_json_error_text(int error);

/// Whether the bytes are valid UTF-8. Does not look beyond them.
int ceventlog_is_utf8(const uint8_t *bytes, size_t count);

/// A number in JSON's grammar that is exactly the whole text. Returns CEVENTLOG_JSON_OK, _NUMBER_SYNTAX or _NUMBER_RANGE.
int ceventlog_parse_number(const uint8_t *text, size_t count, double *number, uint8_t *is_integer);

// MARK: Gzip

/// A streaming decompressor for gzip files of one or more members.
typedef struct ceventlog_inflate ceventlog_inflate;

enum {
    CEVENTLOG_INFLATE_OK = 0,
    /// The end of a member: what follows is another member, or padding of zeros, or nothing.
    CEVENTLOG_INFLATE_MEMBER_END = 1,
    CEVENTLOG_INFLATE_CORRUPT = 2,
    CEVENTLOG_INFLATE_MEMORY = 3
};

ceventlog_inflate *ceventlog_inflate_make(void);
void ceventlog_inflate_free(ceventlog_inflate *stream);
/// Makes ready for the next member.
int ceventlog_inflate_reset(ceventlog_inflate *stream);
/// Decompresses from `input` to `output`; `*consumed` and `*produced` say how far it came. The member's checksum and
/// length are verified.
int ceventlog_inflate_run(
    ceventlog_inflate *stream, const uint8_t *input, size_t input_count, uint8_t *output, size_t output_count,
    size_t *consumed, size_t *produced);
/// What zlib says about the last error, or an empty string.
const char *ceventlog_inflate_message(const ceventlog_inflate *stream);

// MARK: Delimited text

enum {
    CEVENTLOG_RECORD_OK = 0,
    /// The bytes end inside the record, and they are not the last.
    CEVENTLOG_RECORD_INCOMPLETE = 1,
    /// A quote was opened and not closed before the end of the input.
    CEVENTLOG_RECORD_UNCLOSED_QUOTE = 2,
    /// A closing quote is followed by something other than a delimiter or the end of the line.
    CEVENTLOG_RECORD_AFTER_QUOTE = 3,
    CEVENTLOG_RECORD_TOO_MANY_FIELDS = 4
};

typedef struct {
    /// Offsets in the bytes given; quotes around the field are left out.
    uint32_t start;
    uint32_t end;
    uint8_t is_quoted;
    /// The field has doubled quotes inside, each of which stands for one.
    uint8_t has_doubled_quotes;
} ceventlog_field;

/// Splits the record at the start of `bytes` (RFC 4180). With `delimiter` 0, runs of spaces and tabs separate fields and
/// those at both ends of the line do not count. `*content_end` is the end of the record without its line break,
/// `*next` the start of the next record, `*newlines` the number of line feeds between the start and `*next`. After an
/// error `*content_end` is the offset of the byte where it was noticed, for an unclosed quote that of the quote.
int ceventlog_split_record(
    const uint8_t *bytes, size_t count, int is_last, uint8_t delimiter, ceventlog_field *fields, size_t fields_max,
    size_t *field_count, size_t *content_end, size_t *next, size_t *newlines);

#ifdef __cplusplus
}
#endif
#endif
