// Runs a matrix product's tile over many rows, with code for each height. Included by a tile header
// after
//   #define SD_TILE_ARGS sd_f32_gemm_args
// and the definitions of SD_TILE_STEP (weights in a step along k), SD_TILE_LINE (weights in a cache
// line), `sd_tile`, `sd_tile_run`, which takes the height as a constant, and `sd_tile_advance`,
// which moves a tile down by some rows.
//
// A tile prefetches one cache line of the next panel in each step along k. The panel has as many
// lines as SD_TILE_STEP / SD_TILE_LINE tiles have steps: after that many tiles they start over, and
// find the lines in the cache.

// Computes `count` tiles without a call in between: with a short k a call takes as long as the
// products.
typedef void sd_tile_fn(const SD_TILE_ARGS *args, sd_tile *tile, size_t count);
#define SD_TILE_OF_HEIGHT(rows) SD_TILE_OWN(sd_tile_##rows)
#define SD_TILE_HEIGHT(rows)                                                               \
  static void SD_TILE_OF_HEIGHT(rows)(                                                     \
      const SD_TILE_ARGS *args, sd_tile *first, size_t count) {                            \
    sd_tile tile = *first;                                                                 \
    for (; count > 0; count--) {                                                           \
      sd_tile_run(args, &tile, rows);                                                      \
      sd_tile_advance(args, &tile, rows);                                                  \
      tile.next += tile.lines;                                                             \
      if (tile.next == tile.panel + SD_TILE_STEP / SD_TILE_LINE * tile.lines) {            \
        tile.next = tile.panel;                                                            \
      }                                                                                    \
    }                                                                                      \
    *first = tile;                                                                         \
  }
SD_TILE_HEIGHT(1)
SD_TILE_HEIGHT(2)
SD_TILE_HEIGHT(3)
SD_TILE_HEIGHT(4)
#if SD_TILE_ROWS >= 6
SD_TILE_HEIGHT(5)
SD_TILE_HEIGHT(6)
#endif
#if SD_TILE_ROWS >= 8
SD_TILE_HEIGHT(7)
SD_TILE_HEIGHT(8)
#endif
#if SD_TILE_ROWS >= 12
SD_TILE_HEIGHT(9)
SD_TILE_HEIGHT(10)
SD_TILE_HEIGHT(11)
SD_TILE_HEIGHT(12)
#endif
#if SD_TILE_ROWS >= 16
SD_TILE_HEIGHT(13)
SD_TILE_HEIGHT(14)
SD_TILE_HEIGHT(15)
SD_TILE_HEIGHT(16)
#endif

static sd_tile_fn *const sd_tile_heights[SD_TILE_ROWS + 1] = {
    NULL,
    SD_TILE_OF_HEIGHT(1), SD_TILE_OF_HEIGHT(2), SD_TILE_OF_HEIGHT(3), SD_TILE_OF_HEIGHT(4),
#if SD_TILE_ROWS >= 6
    SD_TILE_OF_HEIGHT(5), SD_TILE_OF_HEIGHT(6),
#endif
#if SD_TILE_ROWS >= 8
    SD_TILE_OF_HEIGHT(7), SD_TILE_OF_HEIGHT(8),
#endif
#if SD_TILE_ROWS >= 12
    SD_TILE_OF_HEIGHT(9), SD_TILE_OF_HEIGHT(10), SD_TILE_OF_HEIGHT(11), SD_TILE_OF_HEIGHT(12),
#endif
#if SD_TILE_ROWS >= 16
    SD_TILE_OF_HEIGHT(13), SD_TILE_OF_HEIGHT(14), SD_TILE_OF_HEIGHT(15), SD_TILE_OF_HEIGHT(16),
#endif
};

// Computes `rows` rows from `tile` on. Heights differ by one row at most, with the higher tiles
// first.
static void sd_tile_all(const SD_TILE_ARGS *args, sd_tile *tile, size_t rows) {
  size_t tiles = (rows + SD_TILE_ROWS - 1) / SD_TILE_ROWS;
  while (rows > 0) {
    const size_t height = (rows + tiles - 1) / tiles;
    const size_t count = rows - (height - 1) * tiles;
    sd_tile_heights[height](args, tile, count);
    rows -= height * count;
    tiles -= count;
  }
}
