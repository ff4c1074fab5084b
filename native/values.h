// The tagged values that cross the boundary. UniPT.Torch/Native/Value.cs mirrors this layout.
#pragma once

#include <cstdint>

namespace at {
class Tensor;
}

namespace unipt {

// Also what an operator's argument expects, read from its schema.
enum class Tag : int32_t {
  None = 0,
  Tensor = 1,
  Int = 2,
  Double = 3,
  Bool = 4,
  String = 5,
  IntList = 6,
  DoubleList = 7,
  BoolList = 8,
  TensorList = 9,          // a null handle is an absent tensor
  Device = 10,             // "cpu", "cuda:0"
  // Only as expectations:
  Scalar = 100,
  OptionalTensorList = 101,
  Other = 102,
};

// length counts the elements of lists and the bytes of strings.
struct Value {
  Tag tag;
  int32_t length;
  union {
    int64_t integer;
    double real;
    const void* pointer;
  };
};
static_assert(sizeof(Value) == 16, "Value.cs relies on this layout");

// A handle is a TensorImpl that the other side holds one reference to.
at::Tensor borrow(const void* handle);
void* hand_over(at::Tensor tensor);

}  // namespace unipt
