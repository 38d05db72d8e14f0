// A strip: the input columns under a run of outputs, interleaved into quads of four rows.

SD_TARGET_BEGIN

typedef struct {
  const sd_u8_depthwise_args *args;
  size_t channel;      // first of the block
  size_t shift;        // log2 of the parts that are side by side in a vector
  sd_packed_block packed;
  size_t first, last;  // output columns
  size_t outputs;      // in each part; the last part may reach beyond `last`
  size_t columns;      // input columns under them
  _Alignas(SD_BYTES) uint8_t outside[SD_BYTES];  // zero points
  _Alignas(SD_BYTES) uint8_t quads[SD_STRIP_COLUMNS * SD_COLUMN_BYTES];  // [row of quads][columns]
} sd_strip;

SD_INLINE void sd_store_quads(const sd_b row[SD_QUAD], uint8_t *to) {
  const sd_b upper_low = sd_b_zip_low(row[0], row[1]), upper_high = sd_b_zip_high(row[0], row[1]);
  const sd_b lower_low = sd_b_zip_low(row[2], row[3]), lower_high = sd_b_zip_high(row[2], row[3]);
  sd_b_store(to, sd_b_zip_pairs_low(upper_low, lower_low));
  sd_b_store(to + SD_BYTES, sd_b_zip_pairs_high(upper_low, lower_low));
  sd_b_store(to + 2 * SD_BYTES, sd_b_zip_pairs_low(upper_high, lower_high));
  sd_b_store(to + 3 * SD_BYTES, sd_b_zip_pairs_high(upper_high, lower_high));
}

// A row of input, or of zero points, whose steps are 0.
typedef struct {
  const uint8_t *x;
  size_t pixel, part;  // steps to the next pixel, and to the same pixel of the next part
} sd_strip_row;

// Fills columns begin..<end, which lie inside the input in all parts.
SD_INLINE void sd_fill_inside(
    const sd_strip_row *rows, const size_t used, const size_t parts, size_t begin, size_t end,
    ptrdiff_t start, uint8_t *to) {
  const uint8_t *x[SD_QUAD];
  size_t pixel[SD_QUAD], part[SD_QUAD];
  SD_UNROLL
  for (size_t i = 0; i < used; i++) {
    pixel[i] = rows[i].pixel;
    part[i] = rows[i].part;
    x[i] = rows[i].x + (size_t)(start + (ptrdiff_t)begin) * pixel[i];
  }
  for (size_t column = begin; column < end; column++) {
    sd_b row[SD_QUAD];
    SD_UNROLL
    for (size_t i = 0; i < SD_QUAD; i++) {
      if (i >= used) {
        row[i] = sd_b_set1(0);
        continue;
      }
      const uint8_t *p[SD_MAX_PARTS];
      SD_UNROLL
      for (size_t l = 0; l < parts; l++) p[l] = x[i] + l * part[i];
      row[i] = sd_b_load_parts(p, parts);
      x[i] += pixel[i];
    }
    sd_store_quads(row, to + column * SD_COLUMN_BYTES);
  }
}

// Fills columns begin..<end, which may lie outside the input in any part.
SD_INLINE void sd_fill_border(
    const sd_strip *strip, const sd_strip_row *rows, const size_t used, const size_t parts,
    size_t begin, size_t end, ptrdiff_t start, uint8_t *to) {
  const ptrdiff_t apart = (ptrdiff_t)(strip->outputs * strip->args->stride);
  for (size_t column = begin; column < end; column++) {
    sd_b row[SD_QUAD];
    SD_UNROLL
    for (size_t i = 0; i < SD_QUAD; i++) {
      if (i >= used) {
        row[i] = sd_b_set1(0);
        continue;
      }
      const uint8_t *p[SD_MAX_PARTS];
      SD_UNROLL
      for (size_t l = 0; l < parts; l++) {
        // Unsigned: a column before the input wraps around to one far beyond it.
        const size_t at = (size_t)(start + (ptrdiff_t)column + (ptrdiff_t)l * apart);
        p[l] = at < strip->args->in_width ? rows[i].x + at * rows[i].pixel : strip->outside;
      }
      row[i] = sd_b_load_parts(p, parts);
    }
    sd_store_quads(row, to + column * SD_COLUMN_BYTES);
  }
}

SD_INLINE void sd_fill(
    const sd_strip *strip, const sd_strip_row *rows, const size_t used, const size_t parts,
    uint8_t *to) {
  const sd_u8_depthwise_args *args = strip->args;
  const ptrdiff_t start = (ptrdiff_t)(strip->first * args->stride) - (ptrdiff_t)args->pad_left;
  const ptrdiff_t last_part = (ptrdiff_t)((parts - 1) * strip->outputs * args->stride);
  const ptrdiff_t columns = (ptrdiff_t)strip->columns;
  ptrdiff_t end = (ptrdiff_t)args->in_width - start - last_part;
  if (end > columns) end = columns;
  ptrdiff_t begin = start < 0 ? -start : 0;
  if (begin > columns) begin = columns;
  if (end < begin) end = begin;
  sd_fill_border(strip, rows, used, parts, 0, (size_t)begin, start, to);
  if (begin < end) {
    sd_fill_inside(rows, used, parts, (size_t)begin, (size_t)end, start, to);
  }
  sd_fill_border(strip, rows, used, parts, (size_t)end, strip->columns, start, to);
}

typedef void sd_fill_fn(const sd_strip *strip, const sd_strip_row *rows, uint8_t *to);
#define SD_FILL(used, parts)                                                            \
  static void sd_fill_##used##_##parts(                                                 \
      const sd_strip *strip, const sd_strip_row *rows, uint8_t *to) {                   \
    sd_fill(strip, rows, used, parts, to);                                              \
  }
SD_FILL(1, 1) SD_FILL(2, 1) SD_FILL(3, 1) SD_FILL(4, 1)
#if SD_MAX_PARTS >= 2
SD_FILL(1, 2) SD_FILL(2, 2) SD_FILL(3, 2) SD_FILL(4, 2)
#endif
#if SD_MAX_PARTS >= 4
SD_FILL(1, 4) SD_FILL(2, 4) SD_FILL(3, 4) SD_FILL(4, 4)
#endif

// [log2 of the parts][rows in use - 1]
static sd_fill_fn *const sd_fills[][SD_QUAD] = {
    {sd_fill_1_1, sd_fill_2_1, sd_fill_3_1, sd_fill_4_1},
#if SD_MAX_PARTS >= 2
    {sd_fill_1_2, sd_fill_2_2, sd_fill_3_2, sd_fill_4_2},
#endif
#if SD_MAX_PARTS >= 4
    {sd_fill_1_4, sd_fill_2_4, sd_fill_3_4, sd_fill_4_4},
#endif
};

// Fills a strip with the `height` rows of input under output row `row`.
static void sd_strip_fill(sd_strip *strip, size_t row, size_t height) {
  const sd_u8_depthwise_args *args = strip->args;
  uint8_t *to = strip->quads;
  for (size_t top = 0; top < height; top += SD_QUAD, to += strip->columns * SD_COLUMN_BYTES) {
    const size_t used = height - top < SD_QUAD ? height - top : SD_QUAD;
    sd_strip_row rows[SD_QUAD];
    for (size_t i = 0; i < used; i++) {
      // Unsigned: a row above the input wraps around to one far below it.
      const size_t at = row * args->stride + top + i - args->pad_top;
      rows[i] = (sd_strip_row){.x = strip->outside};
      if (at >= args->in_height) continue;
      rows[i].x = args->x + at * args->x_row_stride + strip->channel;
      rows[i].pixel = args->x_pixel_stride;
      rows[i].part = strip->outputs * args->stride * args->x_pixel_stride;
    }
    sd_fills[strip->shift][used - 1](strip, rows, to);
  }
}

SD_TARGET_END
