// What is loaded, and settings of the whole process.
#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <torch/version.h>

extern "C" {
#include <libavcodec/avcodec.h>
}

#include "bridge.h"

namespace {
int copy_text(const std::string& text, char* buffer, int32_t capacity) {
  return unipt::guarded([&] {
    const size_t count = std::min(text.size(), static_cast<size_t>(capacity - 1));
    text.copy(buffer, count);
    buffer[count] = '\0';
  });
}
}  // namespace

UNIPT_EXPORT const char* unipt_torch_version() { return TORCH_VERSION; }
UNIPT_EXPORT uint32_t unipt_ffmpeg_version() { return avcodec_version(); }
UNIPT_EXPORT int unipt_torch_configuration(char* buffer, int32_t capacity) {
  return copy_text(at::show_config(), buffer, capacity);
}
UNIPT_EXPORT int unipt_parallel_information(char* buffer, int32_t capacity) {
  return copy_text(at::get_parallel_info(), buffer, capacity);
}
UNIPT_EXPORT int32_t unipt_cuda_available() {
#ifdef UNIPT_CUDA
  return at::hasCUDA() && at::detail::getCUDAHooks().hasCUDA() ? 1 : 0;
#else
  return 0;
#endif
}
UNIPT_EXPORT int32_t unipt_threads() { return at::get_num_threads(); }
UNIPT_EXPORT int unipt_set_threads(int32_t count) {
  return unipt::guarded([&] { at::set_num_threads(count); });
}
UNIPT_EXPORT int unipt_manual_seed(int64_t seed) {
  return unipt::guarded([&] { at::manual_seed(static_cast<uint64_t>(seed)); });
}
UNIPT_EXPORT int unipt_deterministic(int32_t enabled) {
  return unipt::guarded([&] {
    at::globalContext().setDeterministicAlgorithms(enabled != 0, true);
    at::globalContext().setDeterministicCuDNN(enabled != 0);
  });
}
