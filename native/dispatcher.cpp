// The one door: any operator of the loaded libtorch, called boxed through its dispatcher.
#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <sstream>

#include "bridge.h"
#include "values.h"

extern "C" void unipt_tensor_release(void* handle);

namespace {

using unipt::Tag;
using unipt::Value;

Tag expectation(const c10::TypePtr& type) {
  using c10::TypeKind;
  switch (type->kind()) {
    case TypeKind::OptionalType:
      return expectation(type->castRaw<c10::OptionalType>()->getElementType());
    case TypeKind::TensorType: return Tag::Tensor;
    case TypeKind::IntType: return Tag::Int;
    case TypeKind::SymIntType: return Tag::Int;
    case TypeKind::FloatType: return Tag::Double;
    case TypeKind::BoolType: return Tag::Bool;
    case TypeKind::StringType: return Tag::String;
    case TypeKind::NumberType: return Tag::Scalar;
    case TypeKind::DeviceObjType: return Tag::Device;
    case TypeKind::ListType: {
      const auto element = type->castRaw<c10::ListType>()->getElementType();
      if (element->kind() == TypeKind::OptionalType) return Tag::OptionalTensorList;
      switch (expectation(element)) {
        case Tag::Tensor: return Tag::TensorList;
        case Tag::Int: return Tag::IntList;
        case Tag::Double: return Tag::DoubleList;
        case Tag::Bool: return Tag::BoolList;
        default: return Tag::Other;
      }
    }
    default: return Tag::Other;
  }
}

struct Operator {
  explicit Operator(const c10::OperatorHandle& found) : handle(found) {
    for (const auto& argument : found.schema().arguments()) {
      expected.push_back(expectation(argument.type()));
      defaults.push_back(argument.default_value());
    }
  }

  c10::OperatorHandle handle;
  std::vector<Tag> expected;
  std::vector<c10::optional<c10::IValue>> defaults;
};

template <typename T>
c10::List<T> list_of(const Value& value) {
  c10::List<T> list;
  list.reserve(value.length);
  for (int32_t i = 0; i < value.length; ++i) list.push_back(static_cast<const T*>(value.pointer)[i]);
  return list;
}

[[noreturn]] void refuse(const Operator& op, size_t position, const Value& value) {
  const auto& schema = op.handle.schema();
  TORCH_CHECK(false, schema.operator_name(), ": argument ", schema.arguments()[position].name(), " is a ",
              schema.arguments()[position].type()->str(), ", got a value with tag ", static_cast<int32_t>(value.tag));
}

c10::IValue unbox(const Operator& op, size_t position, const Value& value) {
  const Tag expected = op.expected[position];
  switch (value.tag) {
    case Tag::None:
      // An absent optional tensor travels as an undefined tensor in no schema: None is right for all optionals.
      return {};
    case Tag::Tensor:
      if (expected != Tag::Tensor) refuse(op, position, value);
      return unipt::borrow(value.pointer);
    case Tag::Int:
      if (expected == Tag::Int || expected == Tag::Scalar) return value.integer;
      if (expected == Tag::Double) return static_cast<double>(value.integer);
      refuse(op, position, value);
    case Tag::Double:
      if (expected != Tag::Double && expected != Tag::Scalar) refuse(op, position, value);
      return value.real;
    case Tag::Bool:
      if (expected != Tag::Bool && expected != Tag::Scalar) refuse(op, position, value);
      return value.integer != 0;
    case Tag::String:
      if (expected != Tag::String) refuse(op, position, value);
      return std::string(static_cast<const char*>(value.pointer), value.length);
    case Tag::IntList:
      if (expected != Tag::IntList) refuse(op, position, value);
      return list_of<int64_t>(value);
    case Tag::DoubleList:
      if (expected != Tag::DoubleList) refuse(op, position, value);
      return list_of<double>(value);
    case Tag::BoolList:
      if (expected != Tag::BoolList) refuse(op, position, value);
      return list_of<bool>(value);
    case Tag::TensorList: {
      const auto* handles = static_cast<void* const*>(value.pointer);
      if (expected == Tag::OptionalTensorList) {
        c10::List<c10::optional<at::Tensor>> list;
        for (int32_t i = 0; i < value.length; ++i) {
          list.push_back(handles[i] ? c10::optional<at::Tensor>(unipt::borrow(handles[i])) : c10::nullopt);
        }
        return list;
      }
      if (expected != Tag::TensorList) refuse(op, position, value);
      c10::List<at::Tensor> list;
      list.reserve(value.length);
      for (int32_t i = 0; i < value.length; ++i) list.push_back(unipt::borrow(handles[i]));
      return list;
    }
    case Tag::Device:
      if (expected != Tag::Device) refuse(op, position, value);
      return c10::Device(std::string(static_cast<const char*>(value.pointer), value.length));
    default:
      refuse(op, position, value);
  }
}

void box(c10::IValue&& value, Value* results, int32_t capacity, int32_t& count) {
  TORCH_CHECK(count < capacity, "more than ", capacity, " results");
  Value& result = results[count];
  result.length = 0;
  if (value.isTensor()) {
    result.tag = Tag::Tensor;
    result.pointer = unipt::hand_over(std::move(value).toTensor());
  } else if (value.isTensorList()) {
    for (const at::Tensor& tensor : value.toTensorVector()) {
      box(c10::IValue(tensor), results, capacity, count);
    }
    return;
  } else if (value.isInt()) {
    result.tag = Tag::Int;
    result.integer = value.toInt();
  } else if (value.isDouble()) {
    result.tag = Tag::Double;
    result.real = value.toDouble();
  } else if (value.isBool()) {
    result.tag = Tag::Bool;
    result.integer = value.toBool();
  } else if (value.isNone()) {
    result.tag = Tag::None;
    result.integer = 0;
  } else {
    TORCH_CHECK(false, "a result of type ", value.tagKind(), " cannot cross the boundary");
  }
  ++count;
}

}  // namespace

// Looks an operator up by name ("aten::add") and overload ("Tensor", or empty); it lives as long as the process.
UNIPT_EXPORT int unipt_operator_find(const char* name, const char* overload, void** result) {
  return unipt::guarded([&] {
    *result = new Operator(c10::Dispatcher::singleton().findSchemaOrThrow(name, overload));
  });
}

UNIPT_EXPORT int unipt_operator_schema(void* handle, char* text, int32_t capacity) {
  return unipt::guarded([&] {
    std::ostringstream out;
    out << static_cast<Operator*>(handle)->handle.schema();
    const std::string schema = out.str();
    TORCH_CHECK(static_cast<int32_t>(schema.size()) < capacity, "the schema has ", schema.size(), " characters");
    schema.copy(text, schema.size());
    text[schema.size()] = '\0';
  });
}

// Missing trailing arguments take the schema's defaults, so that a newer libtorch may add some.
UNIPT_EXPORT int unipt_operator_call(void* handle, const Value* arguments, int32_t count, Value* results,
                                     int32_t capacity, int32_t* result_count) {
  *result_count = 0;
  return unipt::guarded([&] {
    const Operator& op = *static_cast<Operator*>(handle);
    TORCH_CHECK(static_cast<size_t>(count) <= op.expected.size(), op.handle.schema().operator_name(), " takes at most ",
                op.expected.size(), " arguments, got ", count);
    c10::Stack stack;
    stack.reserve(op.expected.size());
    for (int32_t i = 0; i < count; ++i) stack.push_back(unbox(op, i, arguments[i]));
    for (size_t i = count; i < op.expected.size(); ++i) {
      TORCH_CHECK(op.defaults[i].has_value(), op.handle.schema().operator_name(), ": argument ",
                  op.handle.schema().arguments()[i].name(), " is missing");
      stack.push_back(*op.defaults[i]);
    }
    op.handle.callBoxed(stack);
    try {
      for (c10::IValue& value : stack) box(std::move(value), results, capacity, *result_count);
    } catch (...) {
      for (int32_t i = 0; i < *result_count; ++i) {
        if (results[i].tag == Tag::Tensor) unipt_tensor_release(const_cast<void*>(results[i].pointer));
      }
      throw;
    }
  });
}
