#include "ceventlog.h"

#include <stdlib.h>
#include <zlib.h>

struct ceventlog_inflate {
    z_stream stream;
};

// The window of 32 KiB, and gzip's header and trailer (RFC 1952) only.
enum { WINDOW_BITS = 15 + 16 };

ceventlog_inflate *ceventlog_inflate_make(void) {
    ceventlog_inflate *self = calloc(1, sizeof *self);
    if (self && inflateInit2(&self->stream, WINDOW_BITS) != Z_OK) {
        free(self);
        return NULL;
    }
    return self;
}

void ceventlog_inflate_free(ceventlog_inflate *self) {
    if (!self) return;
    inflateEnd(&self->stream);
    free(self);
}

int ceventlog_inflate_reset(ceventlog_inflate *self) {
    return inflateReset2(&self->stream, WINDOW_BITS) == Z_OK ? CEVENTLOG_INFLATE_OK : CEVENTLOG_INFLATE_MEMORY;
}

int ceventlog_inflate_run(
    ceventlog_inflate *self, const uint8_t *input, size_t input_count, uint8_t *output, size_t output_count,
    size_t *consumed, size_t *produced) {
    // zlib counts in unsigned int; callers use chunks of megabytes.
    uInt in = input_count > 1u << 30 ? 1u << 30 : (uInt)input_count;
    uInt out = output_count > 1u << 30 ? 1u << 30 : (uInt)output_count;
    self->stream.next_in = (Bytef *)input;
    self->stream.avail_in = in;
    self->stream.next_out = output;
    self->stream.avail_out = out;
    int result = inflate(&self->stream, Z_NO_FLUSH);
    *consumed = in - self->stream.avail_in;
    *produced = out - self->stream.avail_out;
    switch (result) {
    // Z_BUF_ERROR says that there was nothing to do: not an error, more input or room is needed.
    case Z_OK: case Z_BUF_ERROR: return CEVENTLOG_INFLATE_OK;
    case Z_STREAM_END: return CEVENTLOG_INFLATE_MEMBER_END;
    case Z_MEM_ERROR: return CEVENTLOG_INFLATE_MEMORY;
    default: return CEVENTLOG_INFLATE_CORRUPT;
    }
}

const char *ceventlog_inflate_message(const ceventlog_inflate *self) {
    return self->stream.msg ? self->stream.msg : "";
}
