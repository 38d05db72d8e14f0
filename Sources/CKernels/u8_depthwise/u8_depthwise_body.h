// Depthwise convolution of bytes.
//
// A step multiplies a quad: four rows of one column of a channel. Input rows are interleaved into
// quads in a strip that fits into the first-level cache, and each quad serves all outputs whose
// windows hold its column, in two rows of outputs with a stride of 1. The strip holds zero points
// for pixels outside the input, so tiles need no special case at the borders.
//
// Channels are split into blocks of SD_BYTES, and the rest into blocks of SD_BYTES / 2 and / 4. In
// those a vector holds the same channels of 2 or 4 parts of the output columns, side by side.
#include "../simd/window.h"

enum {
  SD_VECTORS = 4,                        // filled by the quads of one column
  SD_COLUMN_BYTES = SD_VECTORS * SD_BYTES,
  SD_STRIP_COLUMNS = 96,                 // in all rows of quads: half of 48 KiB
  SD_ROWS = 2,                           // in a tile with stride 1
  SD_TILE_COLUMNS = 4,                   // with AVX-512, 16 sums and the weights they share
};

// The packed form of a block: scales, biases and offsets in the order of the quads, then weights
// [row of the tile][row of quads][kernel column][SD_COLUMN_BYTES]. Windows of a tile's second row
// start one input row lower, so its weights are shifted down by one.
enum {
  SD_NUMBERS = SD_VECTORS * SD_LANES,
  SD_PARAMETER_BYTES = SD_NUMBERS * (2 * sizeof(float) + sizeof(int32_t)),
};

typedef struct {
  const float *scale, *bias;
  const int32_t *offset;
  const int8_t *weights;
} sd_packed_block;

SD_INLINE size_t sd_quads_of(size_t kernel) { return (kernel + 1 + SD_QUAD - 1) / SD_QUAD; }

SD_INLINE size_t sd_block_bytes(size_t kernel) {
  return SD_PARAMETER_BYTES + SD_ROWS * sd_quads_of(kernel) * kernel * SD_COLUMN_BYTES;
}

// log2 of the parts of the next block, with `channels` left.
SD_INLINE size_t sd_block_shift(size_t channels) {
  size_t shift = 0;
  while ((size_t)SD_BYTES >> shift > channels) shift++;
  return shift;
}

SD_INLINE sd_packed_block sd_packed_block_at(const void *packed) {
  const float *scale = packed;
  return (sd_packed_block){
      .scale = scale,
      .bias = scale + SD_NUMBERS,
      .offset = (const int32_t *)(scale + 2 * SD_NUMBERS),
      .weights = (const int8_t *)(scale + 3 * SD_NUMBERS),
  };
}

#include "u8_depthwise_pack.h"
#include "u8_depthwise_strip.h"
#include "u8_depthwise_tile.h"

SD_TARGET_BEGIN

// The outputs of a strip in rows row..<row + height.
static void sd_strip_outputs(
    const sd_strip *strip, const sd_tiles *tiles, size_t row, size_t height) {
  const sd_u8_depthwise_args *args = strip->args;
  sd_tile_fn *const *const tile = height == 2 ? tiles->pair : tiles->row;
  uint8_t *y = args->y + row * args->y_row_stride + strip->first * args->y_pixel_stride +
               strip->channel;
  size_t width;
  for (size_t column = 0; column < strip->outputs; column += width) {
    const size_t left = strip->outputs - column;
    width = left < tiles->widest ? left : tiles->widest;
    tile[width - 1](strip, column, y);
    y += width * args->y_pixel_stride;
  }
}

// The outputs of a block of channels in rows row..<row + height. Without divisions, because there
// are many small blocks.
static void sd_block_rows(
    sd_strip *strip, const sd_tiles *tiles, size_t room, size_t row, size_t height) {
  const sd_u8_depthwise_args *args = strip->args;
  size_t count;
  for (size_t column = 0; column < args->out_width; column += count) {
    const size_t left = args->out_width - column;
    count = left < room << strip->shift ? left : room << strip->shift;
    strip->first = column;
    strip->last = column + count;
    strip->outputs = (count + ((size_t)1 << strip->shift) - 1) >> strip->shift;
    strip->columns = (strip->outputs - 1) * args->stride + args->kernel;
    sd_strip_fill(strip, row, args->kernel + height - 1);
    sd_strip_outputs(strip, tiles, row, height);
  }
}

void SD_NAME(u8_depthwise)(const sd_u8_depthwise_args *args) {
  const sd_tiles *tiles = sd_tiles_of(args->kernel, args->stride);
  if (!tiles) {
    sd_u8_depthwise__scalar(args);
    return;
  }
  sd_strip strip;  // not zeroed: it is large
  strip.args = args;
  for (size_t i = 0; i < SD_BYTES; i++) strip.outside[i] = args->zero;
  const size_t block_bytes = sd_block_bytes(args->kernel);
  const size_t columns = SD_STRIP_COLUMNS / sd_quads_of(args->kernel);
  const size_t room = (columns - args->kernel) / args->stride + 1;  // outputs in a part
  size_t height;
  for (size_t row = args->row_begin; row < args->row_end; row += height) {
    height = tiles->pair && row + 2 <= args->row_end ? 2 : 1;
    const uint8_t *packed = args->packed;
    strip.channel = 0;
    while (strip.channel < args->channels) {
      strip.shift = sd_block_shift(args->channels - strip.channel);
      strip.packed = sd_packed_block_at(packed);
      sd_block_rows(&strip, tiles, room, row, height);
      strip.channel += (size_t)SD_BYTES >> strip.shift;
      packed += block_bytes;
    }
  }
}

SD_TARGET_END
