#include "ceventlog.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// The first delimiter or line feed in [p, end), or `end`.
static inline const uint8_t *plain_end(const uint8_t *p, const uint8_t *end, uint8_t delimiter) {
#if defined(__SSE2__)
    const __m128i separators = _mm_set1_epi8((char)delimiter);
    const __m128i feeds = _mm_set1_epi8('\n');
    for (; end - p >= 16; p += 16) {
        __m128i block = _mm_loadu_si128((const __m128i *)p);
        unsigned mask = (unsigned)_mm_movemask_epi8(
            _mm_or_si128(_mm_cmpeq_epi8(block, separators), _mm_cmpeq_epi8(block, feeds)));
        if (mask) return p + __builtin_ctz(mask);
    }
#endif
    while (p < end && *p != delimiter && *p != '\n') p++;
    return p;
}

static inline int is_blank(uint8_t byte) { return byte == ' ' || byte == '\t'; }

// The first quote in [p, end), or `end`; counts line feeds on the way.
static const uint8_t *quote_end(const uint8_t *p, const uint8_t *end, size_t *newlines) {
    for (; p < end && *p != '"'; p++) *newlines += *p == '\n';
    return p;
}

int ceventlog_split_record(
    const uint8_t *bytes, size_t count, int is_last, uint8_t delimiter, ceventlog_field *fields, size_t fields_max,
    size_t *field_count, size_t *content_end, size_t *next, size_t *newlines) {
    const uint8_t *p = bytes;
    const uint8_t *end = bytes + count;
    const int by_blanks = delimiter == 0;
    // A tab among spaces ends a field just as a space does, so blanks need the plain loop.
    size_t n = 0;
    *field_count = 0;
    *newlines = 0;
    for (;;) {
        if (by_blanks) {
            while (p < end && is_blank(*p)) p++;
            if (p < end && *p == '\n') break;
            if (p < end && *p == '\r' && (p + 1 == end ? is_last : p[1] == '\n')) {
                p++;
                break;
            }
            if (p == end) {
                if (!is_last) return CEVENTLOG_RECORD_INCOMPLETE;
                break;
            }
        }
        if (n == fields_max) {
            *content_end = (size_t)(p - bytes);
            return CEVENTLOG_RECORD_TOO_MANY_FIELDS;
        }
        ceventlog_field *field = &fields[n];
        field->is_quoted = 0;
        field->has_doubled_quotes = 0;
        if (p < end && *p == '"') {
            const uint8_t *start = ++p;
            field->is_quoted = 1;
            field->start = (uint32_t)(start - bytes);
            for (;;) {
                p = quote_end(p, end, newlines);
                if (p == end || (p + 1 == end && !is_last)) {
                    if (!is_last) return CEVENTLOG_RECORD_INCOMPLETE;
                    *content_end = (size_t)(start - 1 - bytes);
                    return CEVENTLOG_RECORD_UNCLOSED_QUOTE;
                }
                if (p + 1 < end && p[1] == '"') {
                    field->has_doubled_quotes = 1;
                    p += 2;
                    continue;
                }
                break;
            }
            field->end = (uint32_t)(p - bytes);
            p++;
            if (p < end && *p == '\r' && p + 1 == end && !is_last) return CEVENTLOG_RECORD_INCOMPLETE;
            int closes = p == end || *p == '\n' || (*p == '\r' && (p + 1 == end || p[1] == '\n')) ||
                         (by_blanks ? is_blank(*p) : *p == delimiter);
            if (!closes) {
                *content_end = (size_t)(p - bytes);
                return CEVENTLOG_RECORD_AFTER_QUOTE;
            }
            if (p < end && *p == '\r') p++;
        } else {
            field->start = (uint32_t)(p - bytes);
            if (by_blanks) {
                while (p < end && !is_blank(*p) && *p != '\n') p++;
            } else {
                p = plain_end(p, end, delimiter);
            }
            field->end = (uint32_t)(p - bytes);
            if (p > bytes + field->start && p[-1] == '\r' && (p == end || *p == '\n')) field->end--;
        }
        n++;
        if (p == end) {
            if (!is_last) return CEVENTLOG_RECORD_INCOMPLETE;
            break;
        }
        if (*p == '\n') break;
        if (!by_blanks) p++;
    }
    *field_count = n;
    const uint8_t *content = p;
    if (content > bytes && content[-1] == '\r') content--;
    *content_end = (size_t)(content - bytes);
    *newlines += p < end;
    *next = (size_t)(p - bytes) + (p < end);
    return CEVENTLOG_RECORD_OK;
}
