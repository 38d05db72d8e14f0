// What Swift cannot import from FFmpeg's headers: function-like macros and casts, and the few names
// that differ between FFmpeg versions from 4.4 on.
#pragma once

#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavdevice/version.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/cpu.h>
#include <libavutil/dict.h>
#include <libavutil/display.h>
#include <libavutil/error.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/mathematics.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/time.h>
#include <libswscale/swscale.h>

static const int SD_AVERROR_EAGAIN = AVERROR(EAGAIN);
static const int SD_AVERROR_EOF = AVERROR_EOF;
static const int SD_AVERROR_EIO = AVERROR(EIO);
static const int SD_AVERROR_EXIT = AVERROR_EXIT;
static const int SD_AVERROR_INVALIDDATA = AVERROR_INVALIDDATA;
static const int SD_AVERROR_BUG = AVERROR_BUG;
static const int SD_AVERROR_PATCHWELCOME = AVERROR_PATCHWELCOME;
static const int SD_AVERROR_DECODER_NOT_FOUND = AVERROR_DECODER_NOT_FOUND;
static const int SD_AVERROR_ENCODER_NOT_FOUND = AVERROR_ENCODER_NOT_FOUND;
static const int SD_AVERROR_DEMUXER_NOT_FOUND = AVERROR_DEMUXER_NOT_FOUND;
static const int SD_AVERROR_MUXER_NOT_FOUND = AVERROR_MUXER_NOT_FOUND;
static const int SD_AVERROR_PROTOCOL_NOT_FOUND = AVERROR_PROTOCOL_NOT_FOUND;
static const int SD_AVERROR_STREAM_NOT_FOUND = AVERROR_STREAM_NOT_FOUND;
static const int SD_AVERROR_OPTION_NOT_FOUND = AVERROR_OPTION_NOT_FOUND;
static const int SD_AVERROR_HTTP_BAD_REQUEST = AVERROR_HTTP_BAD_REQUEST;
static const int SD_AVERROR_HTTP_UNAUTHORIZED = AVERROR_HTTP_UNAUTHORIZED;
static const int SD_AVERROR_HTTP_FORBIDDEN = AVERROR_HTTP_FORBIDDEN;
static const int SD_AVERROR_HTTP_NOT_FOUND = AVERROR_HTTP_NOT_FOUND;
static const int SD_AVERROR_HTTP_OTHER_4XX = AVERROR_HTTP_OTHER_4XX;
static const int SD_AVERROR_HTTP_SERVER_ERROR = AVERROR_HTTP_SERVER_ERROR;
static const int64_t SD_NO_PTS = AV_NOPTS_VALUE;

// An enum since FFmpeg 8 and macros before; here it has the same type for all versions.
static const int SD_SWS_SHRINK = SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT;

// Before FFmpeg 5 the format parameter is not const.
static inline int sd_open_input(AVFormatContext **context, const char *url,
                                const AVInputFormat *format, AVDictionary **options) {
  return avformat_open_input(context, url, (AVInputFormat *)format, options);
}

// Replaces a string that FFmpeg frees.
static inline void sd_set_string(char **string, const char *value) {
  av_free(*string);
  *string = av_strdup(value);
}

// Renamed in libavutil 57.30 (FFmpeg 6).
static inline int64_t sd_frame_duration(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
  return frame->duration;
#else
  return frame->pkt_duration;
#endif
}

// A flag since libavutil 58 (FFmpeg 6.1), a field of its own before.
static inline int sd_frame_is_key(const AVFrame *frame) {
#ifdef AV_FRAME_FLAG_KEY
  return (frame->flags & AV_FRAME_FLAG_KEY) != 0;
#else
  return frame->key_frame;
#endif
}

// Moved into the channel layout in libavcodec 59.24 (FFmpeg 5.1).
static inline int sd_parameters_channels(const AVCodecParameters *parameters) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(59, 24, 100)
  return parameters->ch_layout.nb_channels;
#else
  return parameters->channels;
#endif
}

// Moved from the stream into its parameters in libavformat 60.15 (FFmpeg 6.1).
static inline const uint8_t *sd_stream_side_data(const AVStream *stream,
                                                 enum AVPacketSideDataType type, size_t *size) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  const AVPacketSideData *data =
      av_packet_side_data_get(stream->codecpar->coded_side_data,
                              stream->codecpar->nb_coded_side_data, type);
  *size = data ? data->size : 0;
  return data ? data->data : NULL;
#elif LIBAVFORMAT_VERSION_MAJOR >= 59
  return av_stream_get_side_data(stream, type, size);
#else
  int length = 0;
  const uint8_t *data = av_stream_get_side_data(stream, type, &length);
  *size = length > 0 ? (size_t)length : 0;
  return data;
#endif
}

// Where the first sample in the container's index starts, in bytes, or -1.
static inline int64_t sd_stream_index_start(AVStream *stream) {
#if LIBAVFORMAT_VERSION_MAJOR >= 59
  const AVIndexEntry *entry = avformat_index_get_entry(stream, 0);
#else
  const AVIndexEntry *entry = stream->nb_index_entries > 0 ? stream->index_entries : NULL;
#endif
  return entry ? entry->pos : -1;
}

// Where the last sample in the container's index ends, in bytes, or 0. Written in C because the
// entries have bit fields, and because before FFmpeg 5 they were public fields of the stream.
static inline int64_t sd_stream_index_end(AVStream *stream) {
  int64_t end = 0;
#if LIBAVFORMAT_VERSION_MAJOR >= 59
  int count = avformat_index_get_entries_count(stream);
#else
  int count = stream->nb_index_entries;
#endif
  for (int i = 0; i < count; i++) {
#if LIBAVFORMAT_VERSION_MAJOR >= 59
    const AVIndexEntry *entry = avformat_index_get_entry(stream, i);
#else
    const AVIndexEntry *entry = &stream->index_entries[i];
#endif
    if (entry && entry->pos >= 0 && entry->pos <= INT64_MAX - entry->size &&
        entry->pos + entry->size > end)
      end = entry->pos + entry->size;
  }
  return end;
}

// How many samples the container's index has, and how many of them have data.
static inline void sd_stream_index_counts(AVStream *stream, int *all, int *filled) {
  *filled = 0;
#if LIBAVFORMAT_VERSION_MAJOR >= 59
  *all = avformat_index_get_entries_count(stream);
#else
  *all = stream->nb_index_entries;
#endif
  for (int i = 0; i < *all; i++) {
#if LIBAVFORMAT_VERSION_MAJOR >= 59
    const AVIndexEntry *entry = avformat_index_get_entry(stream, i);
#else
    const AVIndexEntry *entry = &stream->index_entries[i];
#endif
    if (entry && entry->size > 0) (*filled)++;
  }
}

// Since FFmpeg 6 a flag makes a decoder carry a packet's opaque value to its frame; before, the
// decoder's own value at the time of the packet was carried.
static inline void sd_carry_numbers(AVCodecContext *decoder) {
#ifdef AV_CODEC_FLAG_COPY_OPAQUE
  decoder->flags |= AV_CODEC_FLAG_COPY_OPAQUE;
#endif
}

static inline void sd_set_number(AVCodecContext *decoder, AVPacket *packet, int64_t number) {
#ifdef AV_CODEC_FLAG_COPY_OPAQUE
  packet->opaque = (void *)(intptr_t)number;
#else
  decoder->reordered_opaque = number;
#endif
}

static inline int64_t sd_number(const AVFrame *frame) {
#ifdef AV_CODEC_FLAG_COPY_OPAQUE
  return (int64_t)(intptr_t)frame->opaque;
#else
  return frame->reordered_opaque;
#endif
}

// When the sender captured what the packet holds, in microseconds since 1970, or 0. RTP has it from
// RTCP's sender reports. The size is an int before FFmpeg 5.
static inline int64_t sd_packet_wall_clock(const AVPacket *packet) {
#if LIBAVCODEC_VERSION_MAJOR >= 59
  size_t size = 0;
#else
  int size = 0;
#endif
  const uint8_t *data = av_packet_get_side_data(packet, AV_PKT_DATA_PRFT, &size);
  if (!data || size < sizeof(AVProducerReferenceTime)) return 0;
  return ((const AVProducerReferenceTime *)data)->wallclock;
}

// Whether a packet says that the stream goes on in another way. The size is an int before FFmpeg 5.
static inline int sd_packet_changes_stream(const AVPacket *packet) {
  return av_packet_get_side_data(packet, AV_PKT_DATA_NEW_EXTRADATA, NULL) ||
         av_packet_get_side_data(packet, AV_PKT_DATA_PARAM_CHANGE, NULL);
}

// One sample of the container's index; 0 if there is none. Written in C because entries have bit
// fields.
static inline int sd_stream_index_entry(AVStream *stream, int number, int64_t *time,
                                        int64_t *position, int *size, int *flags) {
#if LIBAVFORMAT_VERSION_MAJOR >= 59
  const AVIndexEntry *entry = avformat_index_get_entry(stream, number);
#else
  const AVIndexEntry *entry = number >= 0 && number < stream->nb_index_entries
                                  ? &stream->index_entries[number]
                                  : NULL;
#endif
  if (!entry) return 0;
  *time = entry->timestamp;
  *position = entry->pos;
  *size = entry->size;
  *flags = entry->flags;
  return 1;
}

// Whether two frames have the same format, size and pixels. Written in C because planes are.
static inline int sd_same_picture(const AVFrame *a, const AVFrame *b) {
  const AVPixFmtDescriptor *format = av_pix_fmt_desc_get((enum AVPixelFormat)a->format);
  if (!format || a->format != b->format || a->width != b->width || a->height != b->height)
    return 0;
  for (int plane = 0; plane < 4 && a->data[plane] && b->data[plane]; plane++) {
    int bytes = av_image_get_linesize((enum AVPixelFormat)a->format, a->width, plane);
    int shift = plane == 1 || plane == 2 ? format->log2_chroma_h : 0;
    for (int y = 0; bytes > 0 && y < AV_CEIL_RSHIFT(a->height, shift); y++) {
      const uint8_t *left = a->data[plane] + (ptrdiff_t)y * a->linesize[plane];
      const uint8_t *right = b->data[plane] + (ptrdiff_t)y * b->linesize[plane];
      if (memcmp(left, right, (size_t)bytes) != 0) return 0;
    }
  }
  return 1;
}

// What closes the inputs that a demuxer opens; it returns an error since libavformat 59.6
// (FFmpeg 5.0). Before, there is only one that doesn't.
typedef int (*sd_close)(AVFormatContext *, AVIOContext *);

static inline sd_close sd_close_input(AVFormatContext *context) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(59, 6, 100)
  return context->io_close2;
#else
  return (sd_close)context->io_close;
#endif
}

static inline void sd_set_close_input(AVFormatContext *context, sd_close close) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(59, 6, 100)
  context->io_close2 = close;
#else
  context->io_close = (void (*)(AVFormatContext *, AVIOContext *))close;
#endif
}

#include "tile_grid.h"
