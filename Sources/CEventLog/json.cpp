// One JSON object into a flat list of tokens, over simdjson's on-demand interface.
//
// On-demand gives the exact text of numbers (ids keep all their digits) and leaves strings without escapes where they
// are, so nothing is copied but escaped strings.
#include "ceventlog.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <new>
#include <string_view>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace ondemand = simdjson::ondemand;

struct ceventlog_json {
    ondemand::parser parser;
    std::vector<ceventlog_json_token> tokens;
    std::vector<std::string_view> keys;
    size_t depth_max = 0;
    const uint8_t *bytes = nullptr;
    size_t count = 0;
    size_t error_offset = SIZE_MAX;
};

namespace {

int error_of(simdjson::error_code error) {
    switch (error) {
    case simdjson::SUCCESS: return CEVENTLOG_JSON_OK;
    case simdjson::MEMALLOC: return CEVENTLOG_JSON_MEMORY;
    case simdjson::EMPTY: return CEVENTLOG_JSON_EMPTY;
    case simdjson::UTF8_ERROR: return CEVENTLOG_JSON_UTF8;
    case simdjson::UNESCAPED_CHARS: return CEVENTLOG_JSON_CONTROL_CHARACTER;
    case simdjson::UNCLOSED_STRING: return CEVENTLOG_JSON_UNCLOSED_STRING;
    case simdjson::STRING_ERROR: return CEVENTLOG_JSON_ESCAPE;
    case simdjson::DEPTH_ERROR: return CEVENTLOG_JSON_DEPTH;
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT: return CEVENTLOG_JSON_ENDS_EARLY;
    case simdjson::TRAILING_CONTENT: return CEVENTLOG_JSON_TRAILING;
    default: return CEVENTLOG_JSON_SYNTAX;
    }
}

// The first quote or backslash at or after `text`. There is one before `end`, or the padding after it is readable.
inline const uint8_t *string_end(const uint8_t *text, const uint8_t *end) {
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    for (; text < end; text += 16) {
        __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i *>(text));
        int mask = _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash)));
        if (mask != 0) {
            const uint8_t *found = text + __builtin_ctz(static_cast<unsigned>(mask));
            return found < end ? found : end;
        }
    }
    return end;
#else
    while (text < end && *text != '"' && *text != '\\') text++;
    return text;
#endif
}

inline bool is_digit(uint8_t byte) { return static_cast<uint8_t>(byte - '0') < 10; }

inline bool is_space(uint8_t byte) { return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r'; }

// Powers of ten that are exact doubles.
const double exact_powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                               1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

int slow_number(const uint8_t *text, size_t count, bool small, double *number) {
    const char *first = reinterpret_cast<const char *>(text);
    auto result = std::from_chars(first, first + count, *number);
    if (result.ec == std::errc::result_out_of_range) {
        if (!small) return CEVENTLOG_JSON_NUMBER_RANGE;
        *number = text[0] == '-' ? -0.0 : 0.0;
    }
    return CEVENTLOG_JSON_OK;
}

// A number in JSON's grammar at the start of `text`; `*used` says how far it goes.
int scan_number(const uint8_t *text, size_t count, size_t *used, double *number, uint8_t *is_integer) {
    size_t i = 0;
    bool negative = count > 0 && text[0] == '-';
    if (negative) i++;
    size_t digits_start = i;
    uint64_t mantissa = 0;
    // Digits up to the 19th fit into 64 bits.
    size_t significant = 0;
    for (; i < count && is_digit(text[i]); i++) {
        if (significant < 19) mantissa = mantissa * 10 + (text[i] - '0');
        if (mantissa != 0) significant++;
    }
    size_t integer_digits = i - digits_start;
    if (integer_digits == 0 || (integer_digits > 1 && text[digits_start] == '0')) return CEVENTLOG_JSON_NUMBER_SYNTAX;
    int exponent = 0;
    bool integer = true;
    if (i < count && text[i] == '.') {
        integer = false;
        size_t start = ++i;
        for (; i < count && is_digit(text[i]); i++) {
            if (significant < 19) mantissa = mantissa * 10 + (text[i] - '0');
            if (mantissa != 0) significant++;
        }
        if (i == start) return CEVENTLOG_JSON_NUMBER_SYNTAX;
        if (i - start > 400) exponent = -400; else exponent = -static_cast<int>(i - start);
    }
    bool negative_exponent = false;
    if (i < count && (text[i] == 'e' || text[i] == 'E')) {
        integer = false;
        i++;
        if (i < count && (text[i] == '+' || text[i] == '-')) negative_exponent = text[i++] == '-';
        size_t start = i;
        int written = 0;
        for (; i < count && is_digit(text[i]); i++)
            if (written < 100000) written = written * 10 + (text[i] - '0');
        if (i == start) return CEVENTLOG_JSON_NUMBER_SYNTAX;
        exponent += negative_exponent ? -written : written;
    }
    *used = i;
    *is_integer = integer;
    // Clinger's fast path: mantissa and power are both exact, so one rounding is correct.
    if (significant <= 19 && mantissa <= (1ull << 53) && exponent >= -22 && exponent <= 22) {
        double value = static_cast<double>(mantissa);
        value = exponent < 0 ? value / exact_powers[-exponent] : value * exact_powers[exponent];
        *number = negative ? -value : value;
        return CEVENTLOG_JSON_OK;
    }
    if (mantissa == 0) {
        *number = negative ? -0.0 : 0.0;
        return CEVENTLOG_JSON_OK;
    }
    return slow_number(text, i, negative_exponent || exponent < 0, number);
}

// Whether a key comes twice among the members that follow the container's token. Most objects are small and their keys
// differ in length or ends, so a filter of 64 bits settles nearly all.
bool has_duplicate_key(ceventlog_json &state, size_t container) {
    auto &tokens = state.tokens;
    uint64_t filter = 0;
    size_t members = 0;
    bool suspect = false;
    for (size_t i = container + 1; i < tokens.size(); i = tokens[i].next) {
        const auto &token = tokens[i];
        unsigned first = token.key_count ? token.key[0] : 0;
        unsigned middle = token.key_count ? token.key[token.key_count / 2] : 0;
        unsigned last = token.key_count ? token.key[token.key_count - 1] : 0;
        uint64_t bit = 1ull << ((token.key_count * 7 + first * 3 + middle * 5 + last) & 63);
        suspect |= (filter & bit) != 0;
        filter |= bit;
        members++;
    }
    if (!suspect) return false;
    state.keys.clear();
    for (size_t i = container + 1; i < tokens.size(); i = tokens[i].next)
        state.keys.emplace_back(reinterpret_cast<const char *>(tokens[i].key), tokens[i].key_count);
    if (members <= 32) {
        for (size_t i = 1; i < members; i++)
            for (size_t k = 0; k < i; k++)
                if (state.keys[i] == state.keys[k]) return true;
        return false;
    }
    std::sort(state.keys.begin(), state.keys.end());
    return std::adjacent_find(state.keys.begin(), state.keys.end()) != state.keys.end();
}

int walk_value(ceventlog_json &state, ondemand::document &document, ondemand::value value, size_t index, size_t depth);

// Where the container that was just left ends: only white space lies between its bracket and the next structural
// character, or the end of the document.
size_t container_end(ceventlog_json &state, ondemand::document &document) {
    const char *here = nullptr;
    const uint8_t *end = state.bytes + state.count;
    if (!document.current_location().get(here)) {
        auto place = reinterpret_cast<const uint8_t *>(here);
        if (place <= end) end = place;
    }
    while (end > state.bytes && is_space(end[-1])) end--;
    return static_cast<size_t>(end - state.bytes);
}

int fail(ceventlog_json &state, ondemand::document &document, simdjson::error_code error) {
    const char *here = nullptr;
    if (!document.current_location().get(here)) state.error_offset = here - reinterpret_cast<const char *>(state.bytes);
    return error_of(error);
}

int fail_at(ceventlog_json &state, const void *place, int error) {
    state.error_offset = static_cast<const uint8_t *>(place) - state.bytes;
    return error;
}

int walk_object(ceventlog_json &state, ondemand::document &document, ondemand::object object, size_t index, size_t depth) {
    if (depth > state.depth_max) return fail_at(state, state.tokens[index].text, CEVENTLOG_JSON_DEPTH);
    const uint8_t *end = state.bytes + state.count;
    for (auto result : object) {
        ondemand::field field;
        if (auto error = std::move(result).get(field)) return fail(state, document, error);
        ceventlog_json_token token{};
        auto key = reinterpret_cast<const uint8_t *>(field.key().raw());
        const uint8_t *key_end = string_end(key, end);
        if (key_end < end && *key_end == '"') {
            token.key = key;
            token.key_count = static_cast<uint32_t>(key_end - key);
        } else {
            std::string_view text;
            if (auto error = field.unescaped_key().get(text)) return fail_at(state, key, error_of(error));
            token.key = reinterpret_cast<const uint8_t *>(text.data());
            token.key_count = static_cast<uint32_t>(text.size());
        }
        size_t child = state.tokens.size();
        state.tokens.push_back(token);
        if (int error = walk_value(state, document, field.value(), child, depth)) return error;
    }
    if (has_duplicate_key(state, index)) return fail_at(state, state.tokens[index].text, CEVENTLOG_JSON_DUPLICATE_KEY);
    return CEVENTLOG_JSON_OK;
}

int walk_array(ceventlog_json &state, ondemand::document &document, ondemand::array array, size_t index, size_t depth) {
    if (depth > state.depth_max) return fail_at(state, state.tokens[index].text, CEVENTLOG_JSON_DEPTH);
    for (auto result : array) {
        ondemand::value value;
        if (auto error = std::move(result).get(value)) return fail(state, document, error);
        size_t child = state.tokens.size();
        state.tokens.push_back(ceventlog_json_token{});
        if (int error = walk_value(state, document, value, child, depth)) return error;
    }
    return CEVENTLOG_JSON_OK;
}

int walk_string(ceventlog_json &state, ondemand::value &value, const uint8_t *text, ceventlog_json_token &token) {
    const uint8_t *end = state.bytes + state.count;
    const uint8_t *text_end = string_end(text + 1, end);
    token.kind = CEVENTLOG_JSON_STRING;
    if (text_end < end && *text_end == '"') {
        token.text = text + 1;
        token.text_count = static_cast<uint32_t>(text_end - text - 1);
        return CEVENTLOG_JSON_OK;
    }
    std::string_view unescaped;
    if (auto error = value.get_string().get(unescaped)) return fail_at(state, text, error_of(error));
    token.text = reinterpret_cast<const uint8_t *>(unescaped.data());
    token.text_count = static_cast<uint32_t>(unescaped.size());
    return CEVENTLOG_JSON_OK;
}

int walk_scalar(ceventlog_json &state, const uint8_t *text, size_t count, ceventlog_json_token &token) {
    token.text = text;
    auto is = [&](const char *word, size_t length) {
        return count == length && std::memcmp(text, word, length) == 0;
    };
    if (*text == '-' || is_digit(*text)) {
        size_t used = 0;
        token.kind = CEVENTLOG_JSON_NUMBER;
        int error = scan_number(text, count, &used, &token.number, &token.is_integer);
        if (!error && used != count) error = CEVENTLOG_JSON_NUMBER_SYNTAX;
        if (error) return fail_at(state, text, error);
    } else if (is("true", 4)) {
        token.kind = CEVENTLOG_JSON_TRUE;
    } else if (is("false", 5)) {
        token.kind = CEVENTLOG_JSON_FALSE;
    } else if (is("null", 4)) {
        token.kind = CEVENTLOG_JSON_NULL;
    } else {
        return fail_at(state, text, CEVENTLOG_JSON_SYNTAX);
    }
    token.text_count = static_cast<uint32_t>(count);
    return CEVENTLOG_JSON_OK;
}

// Fills in the token at `index`, which is the last one, and appends its children. Scalars are left unread: going to the
// next member passes over them.
int walk_value(ceventlog_json &state, ondemand::document &document, ondemand::value value, size_t index, size_t depth) {
    std::string_view raw = value.raw_json_token();
    auto text = reinterpret_cast<const uint8_t *>(raw.data());
    size_t offset = static_cast<size_t>(text - state.bytes);
    if (offset >= state.count) return fail_at(state, state.bytes + state.count, CEVENTLOG_JSON_ENDS_EARLY);
    size_t count = std::min(raw.size(), state.count - offset);
    auto &token = state.tokens[index];
    int error = CEVENTLOG_JSON_OK;
    switch (*text) {
    case '{':
    case '[': {
        bool is_object = *text == '{';
        token.kind = is_object ? CEVENTLOG_JSON_OBJECT : CEVENTLOG_JSON_ARRAY;
        token.text = text;
        if (is_object) {
            ondemand::object object;
            if (auto failure = value.get_object().get(object)) return fail(state, document, failure);
            error = walk_object(state, document, object, index, depth + 1);
        } else {
            ondemand::array array;
            if (auto failure = value.get_array().get(array)) return fail(state, document, failure);
            error = walk_array(state, document, array, index, depth + 1);
        }
        if (error) return error;
        state.tokens[index].text_count = static_cast<uint32_t>(container_end(state, document) - offset);
        break;
    }
    case '"':
        error = walk_string(state, value, text, token);
        break;
    default:
        while (count > 0 && is_space(text[count - 1])) count--;
        error = walk_scalar(state, text, count, token);
    }
    state.tokens[index].next = static_cast<uint32_t>(state.tokens.size());
    return error;
}

int parse(ceventlog_json &state) {
    const auto *text = reinterpret_cast<const char *>(state.bytes);
    size_t first = 0;
    while (first < state.count && is_space(state.bytes[first])) first++;
    if (first == state.count) return CEVENTLOG_JSON_EMPTY;
    if (state.bytes[first] != '{') return fail_at(state, state.bytes + first, CEVENTLOG_JSON_NOT_AN_OBJECT);
    ondemand::document document;
    simdjson::padded_string_view view(text, state.count, state.count + simdjson::SIMDJSON_PADDING);
    if (auto error = state.parser.iterate(view).get(document)) return error_of(error);
    ondemand::object object;
    if (auto error = document.get_object().get(object)) return fail(state, document, error);
    ceventlog_json_token token{};
    token.kind = CEVENTLOG_JSON_OBJECT;
    token.text = state.bytes + first;
    state.tokens.push_back(token);
    if (int error = walk_object(state, document, object, 0, 1)) return error;
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS)
        return fail(state, document, simdjson::TRAILING_CONTENT);
    size_t end = state.count;
    while (end > first && is_space(state.bytes[end - 1])) end--;
    state.tokens[0].text_count = static_cast<uint32_t>(end - first);
    state.tokens[0].next = static_cast<uint32_t>(state.tokens.size());
    return CEVENTLOG_JSON_OK;
}

}  // namespace

static_assert(CEVENTLOG_JSON_PADDING >= simdjson::SIMDJSON_PADDING, "callers give too little padding");

extern "C" ceventlog_json *ceventlog_json_make(size_t depth_max) {
    auto *parser = new (std::nothrow) ceventlog_json;
    if (parser) parser->depth_max = depth_max;
    return parser;
}

extern "C" void ceventlog_json_free(ceventlog_json *parser) { delete parser; }

extern "C" int ceventlog_json_parse(
    ceventlog_json *parser, const uint8_t *bytes, size_t count, const ceventlog_json_token **tokens,
    size_t *token_count, size_t *error_offset) {
    parser->bytes = bytes;
    parser->count = count;
    parser->tokens.clear();
    parser->error_offset = SIZE_MAX;
    int error = CEVENTLOG_JSON_MEMORY;
    try {
        error = parse(*parser);
    } catch (const std::bad_alloc &) {
    }
    *tokens = parser->tokens.data();
    *token_count = error ? 0 : parser->tokens.size();
    *error_offset = parser->error_offset <= count ? parser->error_offset : SIZE_MAX;
    return error;
}

extern "C" const char *ceventlog_json_error_text(int error) {
    switch (error) {
    case CEVENTLOG_JSON_OK: return "no error";
    case CEVENTLOG_JSON_EMPTY: return "there is nothing but white space";
    case CEVENTLOG_JSON_NOT_AN_OBJECT: return "the line is not a JSON object (it does not begin with '{')";
    case CEVENTLOG_JSON_SYNTAX: return "the JSON syntax is wrong";
    case CEVENTLOG_JSON_ENDS_EARLY: return "the JSON object ends early: a bracket is not closed";
    case CEVENTLOG_JSON_TRAILING: return "something follows the JSON object; put each object on a line of its own";
    case CEVENTLOG_JSON_UTF8: return "the text is not valid UTF-8";
    case CEVENTLOG_JSON_CONTROL_CHARACTER: return "a string holds a control character, which JSON writes as an escape";
    case CEVENTLOG_JSON_UNCLOSED_STRING: return "a string is not closed";
    case CEVENTLOG_JSON_ESCAPE: return "a string holds an invalid escape, or half of a surrogate pair";
    case CEVENTLOG_JSON_NUMBER_SYNTAX: return "a number is not written as JSON writes numbers";
    case CEVENTLOG_JSON_NUMBER_RANGE: return "a number is too large for a double";
    case CEVENTLOG_JSON_DEPTH: return "the objects and arrays are nested too deep";
    case CEVENTLOG_JSON_DUPLICATE_KEY: return "an object has the same key twice";
    case CEVENTLOG_JSON_MEMORY: return "there is not enough memory";
    default: return "unknown error";
    }
}

extern "C" int ceventlog_is_utf8(const uint8_t *bytes, size_t count) {
    return count == 0 || simdjson::validate_utf8(reinterpret_cast<const char *>(bytes), count);
}

extern "C" int ceventlog_parse_number(const uint8_t *text, size_t count, double *number, uint8_t *is_integer) {
    size_t used = 0;
    int error = scan_number(text, count, &used, number, is_integer);
    if (error == CEVENTLOG_JSON_OK && used != count) error = CEVENTLOG_JSON_NUMBER_SYNTAX;
    return error;
}
