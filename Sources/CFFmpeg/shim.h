// What Swift cannot import from FFmpeg's headers: function-like macros and casts.
#pragma once

#include <libavcodec/avcodec.h>
#include <libavdevice/avdevice.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/display.h>
#include <libavutil/error.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/sha.h>
#include <libavutil/time.h>
#include <libswscale/swscale.h>

static const int SD_AVERROR_EAGAIN = AVERROR(EAGAIN);
static const int SD_AVERROR_EOF = AVERROR_EOF;
static const int64_t SD_NO_PTS = AV_NOPTS_VALUE;
