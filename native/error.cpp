#include "bridge.h"

namespace {
// A fixed buffer: reporting an error must not allocate.
thread_local char last_error[4096];
}  // namespace

void unipt::set_last_error(const char* message) noexcept {
  size_t i = 0;
  for (; message && message[i] && i + 1 < sizeof last_error; ++i) last_error[i] = message[i];
  last_error[i] = '\0';
}

UNIPT_EXPORT const char* unipt_last_error() { return last_error; }
