// Gradients: modes, backward, and a node whose backward is the caller's.
#include <ATen/ATen.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/variable.h>

#include "bridge.h"
#include "values.h"

extern "C" void unipt_tensor_release(void* handle);

namespace {

// gradients in, gradients out (null: none), returns 0 or a failure whose text is in unipt_set_last_error.
using BackwardCallback = int (*)(void* context, void* const* output_gradients, int32_t output_count,
                                 void** input_gradients, int32_t input_count);
using ReleaseCallback = void (*)(void* context);

struct ManagedNode final : torch::autograd::Node {
  ManagedNode(BackwardCallback run, ReleaseCallback done, void* state, torch::autograd::edge_list&& edges)
      : Node(std::move(edges)), callback(run), release(done), context(state) {}
  ~ManagedNode() override {
    if (context) release(context);
  }

  std::string name() const override { return "ManagedNode"; }

  torch::autograd::variable_list apply(torch::autograd::variable_list&& gradients) override {
    TORCH_CHECK(context, "this graph was already run backward; run it forward again");
    std::vector<void*> outputs;
    for (auto& gradient : gradients) outputs.push_back(unipt::hand_over(gradient));
    std::vector<void*> inputs(num_outputs(), nullptr);
    const int status = callback(context, outputs.data(), static_cast<int32_t>(outputs.size()), inputs.data(),
                                static_cast<int32_t>(inputs.size()));
    torch::autograd::variable_list result;
    for (void* handle : inputs) {
      result.push_back(unipt::borrow(handle));
      unipt_tensor_release(handle);
    }
    TORCH_CHECK(status == 0, unipt_last_message());
    return result;
  }

  // Called when the graph is freed after backward: what the node kept can go.
  void release_variables() override {
    if (context) release(context);
    context = nullptr;
  }

  static const char* unipt_last_message();

  BackwardCallback callback;
  ReleaseCallback release;
  void* context;
};

std::vector<at::Tensor> borrow_all(void* const* handles, int32_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int32_t i = 0; i < count; ++i) tensors.push_back(unipt::borrow(handles[i]));
  return tensors;
}

}  // namespace

extern "C" const char* unipt_last_error();
const char* ManagedNode::unipt_last_message() { return unipt_last_error(); }

// For callbacks: how the other side says why it failed.
UNIPT_EXPORT void unipt_set_last_error(const char* message) { unipt::set_last_error(message); }

UNIPT_EXPORT int32_t unipt_grad_enabled() { return c10::GradMode::is_enabled(); }
UNIPT_EXPORT void unipt_grad_set_enabled(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }

UNIPT_EXPORT int unipt_inference_enter(void** guard) {
  return unipt::guarded([&] { *guard = new c10::InferenceMode(true); });
}
UNIPT_EXPORT void unipt_inference_leave(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

UNIPT_EXPORT int unipt_tensor_set_requires_grad(void* handle, int32_t value) {
  return unipt::guarded([&] { unipt::borrow(handle).set_requires_grad(value != 0); });
}

UNIPT_EXPORT int unipt_tensor_grad(void* handle, void** result) {
  return unipt::guarded([&] { *result = unipt::hand_over(unipt::borrow(handle).grad()); });
}

UNIPT_EXPORT int unipt_tensor_set_grad(void* handle, void* gradient) {
  return unipt::guarded([&] { unipt::borrow(handle).mutable_grad() = unipt::borrow(gradient); });
}

// Accumulates into the gradients of the leaves; a null gradient stands for 1.
UNIPT_EXPORT int unipt_backward(void* const* outputs, void* const* gradients, int32_t count) {
  return unipt::guarded(
      [&] { torch::autograd::backward(borrow_all(outputs, count), borrow_all(gradients, count)); });
}

// Gradients of the outputs with respect to the inputs; null where an input was not used.
UNIPT_EXPORT int unipt_gradients(void* const* outputs, void* const* gradients, int32_t count, void* const* inputs,
                                 int32_t input_count, void** results) {
  return unipt::guarded([&] {
    auto found = torch::autograd::grad(borrow_all(outputs, count), borrow_all(inputs, input_count),
                                       borrow_all(gradients, count), c10::nullopt, false, true);
    for (int32_t i = 0; i < input_count; ++i) results[i] = unipt::hand_over(found[i]);
  });
}

// Makes `outputs` (results of a computation that was not recorded) depend on `inputs` through a managed backward.
// `context` is released when the node dies or its graph is freed, also when this call fails.
UNIPT_EXPORT int unipt_attach_node(void* const* inputs, int32_t input_count, void* const* outputs,
                                   int32_t output_count, BackwardCallback callback, ReleaseCallback release,
                                   void* context) {
  bool owned = false;
  const int status = unipt::guarded([&] {
    auto sources = borrow_all(inputs, input_count);
    std::shared_ptr<ManagedNode> node(
        new ManagedNode(callback, release, context, torch::autograd::collect_next_edges(sources)),
        torch::autograd::deleteNode);
    owned = true;
    auto results = borrow_all(outputs, output_count);
    for (auto& result : results) torch::autograd::set_history(result, node);
  });
  if (!owned) release(context);
  return status;
}
