// Pictures that are stored in tiles; a part of shim.h.
#pragma once

// A picture that a file stores as a grid of tiles, each a stream of its own; since libavformat 61
// (FFmpeg 7).
typedef struct SDTileGrid {
  int tile_count;
  // The canvas on which the tiles lie.
  int coded_width, coded_height;
  // The part of it that is the picture.
  int x, y, width, height;
} SDTileGrid;

static inline int sd_has_tile_grids(void) {
  return LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(61, 0, 100);
}

// Reads the grid that is the source's picture (the default one, or else the first); 0 without one.
// With `tile` not below zero, also that tile's stream and its place on the canvas.
static inline int sd_tile_grid(const AVFormatContext *context, SDTileGrid *grid, int tile,
                               int *stream, int *tile_x, int *tile_y) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(61, 0, 100)
  const AVStreamGroup *group = NULL;
  for (unsigned i = 0; i < context->nb_stream_groups; i++) {
    const AVStreamGroup *candidate = context->stream_groups[i];
    if (candidate->type != AV_STREAM_GROUP_PARAMS_TILE_GRID) continue;
    if (!group || (candidate->disposition & ~group->disposition & AV_DISPOSITION_DEFAULT))
      group = candidate;
  }
  if (!group || !group->params.tile_grid) return 0;
  const AVStreamGroupTileGrid *found = group->params.tile_grid;
  grid->tile_count = (int)found->nb_tiles;
  grid->coded_width = found->coded_width;
  grid->coded_height = found->coded_height;
  grid->x = found->horizontal_offset;
  grid->y = found->vertical_offset;
  grid->width = found->width;
  grid->height = found->height;
  if (tile >= 0) {
    if (tile >= grid->tile_count || found->offsets[tile].idx >= group->nb_streams) return 0;
    *stream = group->streams[found->offsets[tile].idx]->index;
    *tile_x = found->offsets[tile].horizontal;
    *tile_y = found->offsets[tile].vertical;
  }
  return 1;
#else
  (void)context, (void)grid, (void)tile, (void)stream, (void)tile_x, (void)tile_y;
  return 0;
#endif
}

// Makes a frame's picture black. Written in C, as the next one, because planes are arrays.
static inline int sd_fill_black(AVFrame *frame) {
  ptrdiff_t strides[4];
  for (int i = 0; i < 4; i++) strides[i] = frame->linesize[i];
  return av_image_fill_black(frame->data, strides, (enum AVPixelFormat)frame->format,
                             frame->color_range, frame->width, frame->height);
}

// Copies a tile to its place on a canvas of the same format, as far as it lies on it; 0 if it
// can't lie there.
static inline int sd_copy_tile(AVFrame *canvas, const AVFrame *tile, int x, int y) {
  enum AVPixelFormat format = (enum AVPixelFormat)canvas->format;
  const AVPixFmtDescriptor *about = av_pix_fmt_desc_get(format);
  if (!about || tile->format != canvas->format || x < 0 || y < 0 || x >= canvas->width ||
      y >= canvas->height || x & ((1 << about->log2_chroma_w) - 1) ||
      y & ((1 << about->log2_chroma_h) - 1))
    return 0;
  uint8_t *target[4] = {0};
  const uint8_t *source[4] = {0};
  for (int plane = 0; plane < av_pix_fmt_count_planes(format); plane++) {
    int shift = plane == 1 || plane == 2 ? about->log2_chroma_h : 0;
    int before = av_image_get_linesize(format, x, plane);
    if (before < 0 || !canvas->data[plane] || !tile->data[plane]) return 0;
    target[plane] =
        canvas->data[plane] + (ptrdiff_t)(y >> shift) * canvas->linesize[plane] + before;
    source[plane] = tile->data[plane];
  }
  int width = canvas->width - x < tile->width ? canvas->width - x : tile->width;
  int height = canvas->height - y < tile->height ? canvas->height - y : tile->height;
  av_image_copy(target, canvas->linesize, source, tile->linesize, format, width, height);
  return 1;
}
