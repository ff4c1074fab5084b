// Life and metadata of tensors.
#include <ATen/ATen.h>

#include <atomic>
#include <cstring>

#include "bridge.h"
#include "values.h"

namespace {
std::atomic<int64_t> live_handles{0};
}

at::Tensor unipt::borrow(const void* handle) {
  if (!handle) return {};
  auto* impl = static_cast<c10::TensorImpl*>(const_cast<void*>(handle));
  c10::raw::intrusive_ptr::incref(impl);
  return at::Tensor::wrap_tensor_impl(
      c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(impl));
}

void* unipt::hand_over(at::Tensor tensor) {
  if (!tensor.defined()) return nullptr;
  live_handles.fetch_add(1, std::memory_order_relaxed);
  return tensor.unsafeReleaseTensorImpl();
}

UNIPT_EXPORT void unipt_tensor_release(void* handle) {
  if (!handle) return;
  live_handles.fetch_sub(1, std::memory_order_relaxed);
  c10::raw::intrusive_ptr::decref(static_cast<c10::TensorImpl*>(handle));
}

UNIPT_EXPORT int64_t unipt_tensor_live_handles() { return live_handles.load(std::memory_order_relaxed); }

struct TensorInfo {
  int32_t type;
  int32_t dimensions;
  int32_t device_type;
  int32_t device_index;
  int32_t contiguous;
  int32_t requires_grad;
  int64_t elements;
  int64_t bytes;
  int64_t storage;
};

UNIPT_EXPORT int unipt_tensor_info(const void* handle, TensorInfo* info, int64_t* sizes, int32_t capacity) {
  return unipt::guarded([&] {
    const at::Tensor tensor = unipt::borrow(handle);
    info->type = static_cast<int32_t>(tensor.scalar_type());
    info->dimensions = static_cast<int32_t>(tensor.dim());
    info->device_type = static_cast<int32_t>(tensor.device().type());
    info->device_index = tensor.device().index();
    info->contiguous = tensor.is_contiguous();
    info->requires_grad = tensor.requires_grad();
    info->elements = tensor.numel();
    info->bytes = static_cast<int64_t>(tensor.nbytes());
    info->storage = reinterpret_cast<int64_t>(tensor.storage().unsafeGetStorageImpl());
    for (int32_t i = 0; i < tensor.dim() && i < capacity; ++i) sizes[i] = tensor.size(i);
  });
}

// A tensor on the CPU whose bytes are copied from (or, for `write`, into) the caller's memory.
UNIPT_EXPORT int unipt_tensor_from_bytes(const void* data, int64_t bytes, const int64_t* sizes, int32_t dimensions,
                                         int32_t type, void** result) {
  return unipt::guarded([&] {
    at::Tensor tensor = at::empty(at::IntArrayRef(sizes, dimensions), at::TensorOptions(static_cast<at::ScalarType>(type)));
    TORCH_CHECK(static_cast<int64_t>(tensor.nbytes()) == bytes, "the data has ", bytes, " bytes, the shape needs ",
                tensor.nbytes());
    if (bytes) std::memcpy(tensor.data_ptr(), data, static_cast<size_t>(bytes));
    *result = unipt::hand_over(std::move(tensor));
  });
}

UNIPT_EXPORT int unipt_tensor_to_bytes(const void* handle, void* data, int64_t bytes) {
  return unipt::guarded([&] {
    const at::Tensor tensor = unipt::borrow(handle).detach().to(at::kCPU).contiguous();
    TORCH_CHECK(static_cast<int64_t>(tensor.nbytes()) == bytes, "the tensor has ", tensor.nbytes(), " bytes, the buffer ",
                bytes);
    if (bytes) std::memcpy(data, tensor.data_ptr(), static_cast<size_t>(bytes));
  });
}

// A tensor over memory that stays the caller's: `release(context)` is called when the last user is gone.
UNIPT_EXPORT int unipt_tensor_from_memory(void* data, const int64_t* sizes, int32_t dimensions, int32_t type,
                                          void (*release)(void*), void* context, void** result) {
  return unipt::guarded([&] {
    at::Tensor tensor = at::from_blob(
        data, at::IntArrayRef(sizes, dimensions), [release, context](void*) { release(context); },
        at::TensorOptions(static_cast<at::ScalarType>(type)));
    *result = unipt::hand_over(std::move(tensor));
  });
}
