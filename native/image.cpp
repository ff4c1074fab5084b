// Decodes one still picture in memory to RGB. The caller names the decoder, so that a picture cannot choose its own.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include "bridge.h"

namespace {

struct Free {
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
  void operator()(SwsContext* context) const { sws_freeContext(context); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

void require(bool holds, const char* problem) {
  if (!holds) throw std::runtime_error(problem);
}

Owned<AVFrame> decode(const uint8_t* data, int64_t size, const char* decoder, int64_t max_pixels) {
  av_log_set_level(AV_LOG_QUIET);
  const AVCodec* codec = avcodec_find_decoder_by_name(decoder);
  require(codec, "this FFmpeg has no decoder for the format");
  Owned<AVCodecContext> context(avcodec_alloc_context3(codec));
  if (!context) throw std::bad_alloc();
  context->thread_count = 1;
  context->max_pixels = max_pixels;
  context->err_recognition = AV_EF_EXPLODE | AV_EF_CRCCHECK;
  require(avcodec_open2(context.get(), codec, nullptr) >= 0, "the decoder does not start");

  Owned<AVPacket> packet(av_packet_alloc());
  if (!packet || av_new_packet(packet.get(), static_cast<int>(size)) < 0) throw std::bad_alloc();
  std::copy(data, data + size, packet->data);
  Owned<AVFrame> frame(av_frame_alloc());
  if (!frame) throw std::bad_alloc();
  require(avcodec_send_packet(context.get(), packet.get()) >= 0, "its data is damaged or cut off");
  avcodec_send_packet(context.get(), nullptr);
  require(avcodec_receive_frame(context.get(), frame.get()) >= 0, "its data is damaged or cut off");
  require(frame->decode_error_flags == 0 && !(frame->flags & AV_FRAME_FLAG_CORRUPT), "its data is damaged or cut off");
  return frame;
}

// JPEG's pixel formats say by their name that they use the full range.
bool full_range(const AVFrame& frame) {
  switch (frame.format) {
    case AV_PIX_FMT_YUVJ411P:
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ440P:
    case AV_PIX_FMT_YUVJ444P: return true;
    default: return frame.color_range == AVCOL_RANGE_JPEG;
  }
}

// Chroma between its samples: linear from the two nearest, at the half-pixel centres of JPEG (JFIF) and WebP.
struct ChromaPosition {
  ChromaPosition(int pixel, int shift, int samples) {
    const int total = 2 << shift;                 // a power of two, the distance between samples
    const int at = 2 * pixel + 1 + (1 << shift);  // from one sample before the first
    near = std::clamp((at >> (shift + 1)) - 1, 0, samples - 1);
    far = std::min(at >> (shift + 1), samples - 1);
    far_weight = at & (total - 1);
    near_weight = total - far_weight;
  }

  int near, far, near_weight, far_weight;
};

bool is_planar_yuv(const AVPixFmtDescriptor& format) {
  return !(format.flags & AV_PIX_FMT_FLAG_RGB) && (format.flags & AV_PIX_FMT_FLAG_PLANAR) &&
         format.nb_components >= 3 && format.comp[0].depth == 8;
}

// By ITU-R BT.601. Done here because swscale averages chroma rows and stretches the chroma of odd sizes.
void yuv_to_rgba(const AVFrame& frame, const AVPixFmtDescriptor& format, uint8_t* rgba) {
  const bool full = full_range(frame);
  const int black = full ? 0 : 16;
  const float luma_scale = full ? 1 : 255.0F / 219;
  const float chroma_scale = full ? 1 : 255.0F / 224;
  const int chroma_width = AV_CEIL_RSHIFT(frame.width, format.log2_chroma_w);
  const int chroma_height = AV_CEIL_RSHIFT(frame.height, format.log2_chroma_h);
  const float weight = chroma_scale / (4 << (format.log2_chroma_w + format.log2_chroma_h));
  const auto byte = [](float value) { return static_cast<uint8_t>(std::clamp(value, 0.0F, 255.0F) + 0.5F); };
  for (int y = 0; y < frame.height; ++y) {
    const ChromaPosition row(y, format.log2_chroma_h, chroma_height);
    for (int x = 0; x < frame.width; ++x, rgba += 4) {
      const ChromaPosition column(x, format.log2_chroma_w, chroma_width);
      const auto chroma = [&](int plane) {
        const uint8_t* near = frame.data[plane] + static_cast<int64_t>(row.near) * frame.linesize[plane];
        const uint8_t* far = frame.data[plane] + static_cast<int64_t>(row.far) * frame.linesize[plane];
        const auto mixed = [&](int at) { return near[at] * row.near_weight + far[at] * row.far_weight; };
        const int sum = mixed(column.near) * column.near_weight + mixed(column.far) * column.far_weight;
        return sum * weight - 128 * chroma_scale;
      };
      const auto sample = [&](int plane) {
        return frame.data[plane][static_cast<int64_t>(y) * frame.linesize[plane] + x];
      };
      const float luma = (sample(0) - black) * luma_scale;
      const float blue = chroma(1);
      const float red = chroma(2);
      rgba[0] = byte(luma + 1.402F * red);
      rgba[1] = byte(luma - 0.344136F * blue - 0.714136F * red);
      rgba[2] = byte(luma + 1.772F * blue);
      rgba[3] = format.nb_components == 4 ? sample(3) : 255;
    }
  }
}

void to_rgba(const AVFrame& frame, uint8_t* rgba) {
  const auto pixel_format = static_cast<AVPixelFormat>(frame.format);
  const AVPixFmtDescriptor* format = av_pix_fmt_desc_get(pixel_format);
  require(format, "its pixel format is not supported");
  if (is_planar_yuv(*format)) return yuv_to_rgba(frame, *format, rgba);
  Owned<SwsContext> scaler(sws_getContext(frame.width, frame.height, pixel_format, frame.width, frame.height,
                                          AV_PIX_FMT_RGBA, SWS_BILINEAR | SWS_ACCURATE_RND | SWS_BITEXACT, nullptr,
                                          nullptr, nullptr));
  require(scaler != nullptr, "its pixel format is not supported");
  const int* coefficients = sws_getCoefficients(SWS_CS_ITU601);
  const bool rgb = format->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL);
  sws_setColorspaceDetails(scaler.get(), coefficients, rgb || full_range(frame) || format->nb_components <= 2,
                           coefficients, 1, 0, 1 << 16, 1 << 16);
  uint8_t* planes[4] = {rgba, nullptr, nullptr, nullptr};
  const int strides[4] = {frame.width * 4, 0, 0, 0};
  require(sws_scale(scaler.get(), frame.data, frame.linesize, 0, frame.height, planes, strides) == frame.height,
          "its pixels cannot be converted");
}

}  // namespace

// Writes width·height·3 bytes; the picture must have that size. Transparent parts are laid on white.
UNIPT_EXPORT int unipt_image_decode(const uint8_t* data, int64_t size, const char* decoder, uint8_t* rgb, int32_t width,
                                    int32_t height) {
  return unipt::guarded([&] {
    const int64_t pixels = static_cast<int64_t>(width) * height;
    // Decoders round the size up to whole blocks before they check it.
    const Owned<AVFrame> frame = decode(data, size, decoder, pixels + 64 * (static_cast<int64_t>(width) + height + 64));
    require(frame->width == width && frame->height == height, "its size is not the one its header states");
    // sws writes whole vectors: some room beyond the last row.
    std::unique_ptr<uint8_t[]> rgba(new uint8_t[pixels * 4 + 64]);
    to_rgba(*frame, rgba.get());
    for (int64_t i = 0; i < pixels; ++i) {
      const int alpha = rgba[4 * i + 3];
      for (int c = 0; c < 3; ++c) {
        rgb[3 * i + c] = static_cast<uint8_t>((rgba[4 * i + c] * alpha + 255 * (255 - alpha) + 127) / 255);
      }
    }
  });
}
