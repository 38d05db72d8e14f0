// Depthwise convolution of bfloat16, for windows of 3 and 5 and strides of 1 and 2.
//
// Input rows are interleaved in pairs, so that a sum takes two taps of a column in one step. A
// strip is such a pair of rows, with zeros outside the input. Strips stay in the first-level cache
// while outputs need them: one row of outputs, or two at a stride of 1, use a window of strips, and
// the next rows need one new strip.
#include "bf16_depthwise_tile.h"

SD_TARGET_BEGIN

// A block of channels and output columns.
typedef struct {
  const sd_bf16_depthwise_args *args;
  size_t channel, groups;        // the first channel, and groups of SD_LANES channels
  size_t first, last;            // output columns
  size_t columns;                // input columns in a strip
  sd_bf16 *strips;
} sd_block;

SD_INLINE sd_bf16 *sd_strip(const sd_block *block, size_t group, size_t slot) {
  return block->strips + (group * SD_MOST_STRIPS + slot) * block->columns * SD_STRIP_PIXEL;
}

// Interleaves input rows `row` and `row + 1`, counted from the start of the padding. A row that no
// window reaches is not read, because the caller may not have computed it yet.
static void sd_fill(const sd_block *block, size_t row, size_t slot) {
  static const sd_bf16 zeros[2 * SD_LANES];
  const sd_bf16_depthwise_args *args = block->args;
  const size_t reach = (args->row_end - 1) * args->stride + args->kernel;
  const size_t bottom = sd_smaller(args->pad_top + args->in_height, reach);
  const size_t start = block->first * args->stride;  // counted from the start of the padding
  const size_t left = start < args->pad_left ? args->pad_left - start : 0;
  const size_t end = args->pad_left + args->in_width;
  const size_t inside = sd_smaller(block->columns, end > start ? end - start : 0);
  const sd_bf16 *from[2];
  size_t step[2];
  for (size_t t = 0; t < 2; t++) {
    const bool exists = row + t >= args->pad_top && row + t < bottom;
    step[t] = exists ? args->x_pixel_stride : 0;
    from[t] = exists ? args->x + (row + t - args->pad_top) * args->x_row_stride +
                           (start + left - args->pad_left) * args->x_pixel_stride + block->channel
                     : zeros;
  }
  for (size_t g = 0; g < block->groups; g++) {
    sd_bf16 *to = sd_strip(block, g, slot);
    const sd_pairs zero = sd_pairs_zip(zeros, zeros);
    size_t column = 0;
    for (; column < sd_smaller(left, block->columns); column++, to += SD_STRIP_PIXEL) {
      sd_pairs_store(to, zero);
    }
    const sd_bf16 *a = from[0] + g * SD_LANES, *b = from[1] + g * SD_LANES;
    for (; column < inside; column++, to += SD_STRIP_PIXEL, a += step[0], b += step[1]) {
      sd_pairs_store(to, sd_pairs_zip(a, b));
    }
    for (; column < block->columns; column++, to += SD_STRIP_PIXEL) sd_pairs_store(to, zero);
  }
}

// Computes the rows of outputs from `row` on that share strips; the first strip is in slot `first`.
static void sd_rows(
    const sd_block *block, sd_rows_fn *tiles, size_t strips, size_t row, size_t first) {
  const sd_bf16_depthwise_args *args = block->args;
  const size_t kernel = args->kernel;
  for (size_t g = 0; g < block->groups; g++) {
    const size_t channel = block->channel + g * SD_LANES;
    sd_strips strip = {
        .weights = args->packed + channel * sd_bf16_depthwise_pairs_of_channel(kernel),
        .bias = args->bias + channel,
        .y = args->y + row * args->y_row_stride + block->first * args->y_pixel_stride + channel,
        .columns = block->last - block->first,
    };
    for (size_t p = 0; p < strips; p++) strip.x[p] = sd_strip(block, g, (first + p) % strips);
    tiles(args, &strip);
  }
}

static void sd_depthwise_block(const sd_block *block, const sd_tiles *tiles) {
  const sd_bf16_depthwise_args *args = block->args;
  const size_t strips = (args->kernel + 1) / 2;
  const size_t height = args->stride == 1 ? 2 : 1;
  size_t next = args->row_begin * args->stride;  // the first input row that is in no strip yet
  size_t slot = 0;
  for (; slot + 1 < strips; slot++, next += 2) sd_fill(block, next, slot);
  for (size_t row = args->row_begin; row < args->row_end; row += height, next += 2) {
    sd_fill(block, next, slot);
    slot = slot + 1 < strips ? slot + 1 : 0;
    const bool is_last = args->row_end - row < height;
    sd_rows(block, is_last ? tiles->one : tiles->all, strips, row, slot);
  }
}

void SD_NAME(bf16_depthwise)(const sd_bf16_depthwise_args *args) {
  const sd_tiles *tiles = sd_tiles_of(args->kernel, args->stride);
  if (!tiles) {
    sd_bf16_depthwise__scalar(args);
    return;
  }
  _Alignas(64) sd_bf16 strips[SD_STRIP_GROUPS * SD_STRIPS_PIXELS * SD_STRIP_PIXEL];
  const size_t kernel = args->kernel, stride = args->stride;
  const size_t most = SD_STRIPS_PIXELS / SD_MOST_STRIPS;
  const size_t widest = (most - kernel) / stride + 1;
  size_t parts = (args->out_width + widest - 1) / widest;
  sd_block block = {.args = args, .strips = strips};
  for (; block.first < args->out_width; block.first = block.last, parts--) {
    const size_t width = (args->out_width - block.first + parts - 1) / parts;
    block.last = block.first + width;
    block.columns = (width - 1) * stride + kernel;
    block.channel = 0;
    while (block.channel < args->channels) {
      block.groups = sd_smaller((args->channels - block.channel) / SD_LANES, SD_STRIP_GROUPS);
      sd_depthwise_block(&block, tiles);
      block.channel += block.groups * SD_LANES;
    }
  }
}

SD_TARGET_END
