// Counts what tensors on the CPU occupy, now and at most.
#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>

#include <malloc.h>

#include <atomic>
#include <cstdlib>

#include "bridge.h"

namespace {

constexpr size_t kAlignment = 64;

std::atomic<int64_t> current_bytes{0};
std::atomic<int64_t> peak_bytes{0};
std::atomic<int64_t> limit_bytes{0};

// The size stands in front of the block, one alignment unit wide.
void* block_of(void* data) { return static_cast<char*>(data) - kAlignment; }

void free_counted(void* data) {
  if (!data) return;
  void* block = block_of(data);
  current_bytes.fetch_sub(*static_cast<int64_t*>(block), std::memory_order_relaxed);
  std::free(block);
}

struct CountingAllocator final : c10::Allocator {
  void* take(size_t bytes) const {
    if (bytes == 0) return nullptr;
    const int64_t size = static_cast<int64_t>(bytes);
    const int64_t now = current_bytes.fetch_add(size, std::memory_order_relaxed) + size;
    const int64_t limit = limit_bytes.load(std::memory_order_relaxed);
    void* block = nullptr;
    if ((limit > 0 && now > limit) || posix_memalign(&block, kAlignment, bytes + kAlignment) != 0) {
      current_bytes.fetch_sub(size, std::memory_order_relaxed);
      TORCH_CHECK(false, "not enough memory: a tensor of ", bytes, " bytes was asked for while tensors hold ",
                  now - size, " bytes", limit > 0 ? " of " + std::to_string(limit) + " allowed" : std::string());
    }
    int64_t peak = peak_bytes.load(std::memory_order_relaxed);
    while (now > peak && !peak_bytes.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {
    }
    *static_cast<int64_t*>(block) = size;
    return static_cast<char*>(block) + kAlignment;
  }

  // libtorch 2.3 dropped the const; both forms are offered and the one that overrides is used.
  c10::DataPtr allocate(size_t bytes) const {
    void* data = take(bytes);
    return {data, data, &free_counted, c10::Device(c10::DeviceType::CPU)};
  }
  c10::DataPtr allocate(size_t bytes) {
    void* data = take(bytes);
    return {data, data, &free_counted, c10::Device(c10::DeviceType::CPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &free_counted; }
  void copy_data(void* destination, const void* source, std::size_t count) const {
    std::memcpy(destination, source, count);
  }
};

// Never destroyed: tensors may outlive every static.
CountingAllocator& allocator = *new CountingAllocator;

}  // namespace

UNIPT_EXPORT int unipt_memory_install() {
  return unipt::guarded([] {
    // By default every large tensor is mapped, zeroed by the kernel and unmapped again; keeping freed memory in one
    // heap saves that.
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_TOP_PAD, 16 << 20);
    c10::SetCPUAllocator(&allocator, 255);
  });
}
UNIPT_EXPORT int64_t unipt_memory_current() { return current_bytes.load(std::memory_order_relaxed); }
UNIPT_EXPORT int64_t unipt_memory_peak() { return peak_bytes.load(std::memory_order_relaxed); }
UNIPT_EXPORT void unipt_memory_reset_peak() { peak_bytes.store(current_bytes.load()); }
// Tensors on the CPU may not hold more than this together; 0: no limit.
UNIPT_EXPORT void unipt_memory_set_limit(int64_t bytes) { limit_bytes.store(bytes); }
