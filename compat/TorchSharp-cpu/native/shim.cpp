// A C ABI over libtorch's dispatcher. Every ATen operator is called by its schema name through its boxed kernel, so this
// file knows no operator. A tensor handle is an owned at::TensorImpl*. Functions that can fail return -1 (or null) and
// leave the message in shim_error(). Written for libtorch 1.13 (C++17) and 2.x (C++20).
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/autograd/autograd.h>
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <cstdint>
#include <cstring>
#include <mutex>
#include <string>
#include <vector>

namespace {

using Handle = c10::TensorImpl*;

enum Kind : int32_t { kNone, kTensor, kInt, kDouble, kBool, kIntList, kTensorList, kGenerator };

// One argument as the managed side lays it out: a list is a pointer and a length.
struct Value {
  int32_t kind;
  int32_t length;
  union {
    int64_t integer;
    double real;
    void* pointer;
  };
};

struct Operator {
  c10::OperatorHandle handle;
  std::vector<c10::IValue> defaults;
  std::string name;
};

thread_local std::string last_error;

// Borrows: the managed side keeps its own reference for the length of the call.
at::Tensor borrow(void* handle) {
  if (handle == nullptr) return at::Tensor();
  return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(static_cast<Handle>(handle)));
}

void* give(at::Tensor tensor) { return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr; }

std::vector<at::Tensor> borrow_all(void* const* handles, int32_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int32_t i = 0; i < count; i++) tensors.push_back(borrow(handles[i]));
  return tensors;
}

c10::IValue unpack(const Value& value) {
  switch (value.kind) {
    case kTensor: return borrow(value.pointer);
    case kInt: return value.integer;
    case kDouble: return value.real;
    case kBool: return value.integer != 0;
    case kIntList: {
      auto items = static_cast<const int64_t*>(value.pointer);
      return std::vector<int64_t>(items, items + value.length);
    }
    case kTensorList: return borrow_all(static_cast<void* const*>(value.pointer), value.length);
    case kGenerator: return *static_cast<at::Generator*>(value.pointer);
    default: return c10::IValue();
  }
}

template <typename F>
auto guarded(F&& body, decltype(body()) failure) noexcept -> decltype(body()) {
  try {
    return body();
  } catch (const c10::Error& error) {
    last_error = error.what_without_backtrace();
  } catch (const std::exception& error) {
    last_error = error.what();
  }
  return failure;
}

}  // namespace

#define SHIM extern "C" __attribute__((visibility("default")))

SHIM const char* shim_error() { return last_error.c_str(); }

// The operator lives as long as the process, like the dispatcher's own table.
SHIM void* shim_operator(const char* name, const char* overload) {
  return guarded([&]() -> void* {
    auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
    std::vector<c10::IValue> defaults;
    for (const auto& argument : handle.schema().arguments())
      defaults.push_back(argument.default_value() ? *argument.default_value() : c10::IValue());
    return new Operator{handle, std::move(defaults), name};
  }, nullptr);
}

// Calls an operator. Arguments left out at the end take the schema's defaults. The first result goes to `result`; an in-place
// operator returns its own first argument, and may be called with no place for it.
SHIM int32_t shim_call(void* target, const Value* values, int32_t count, void** result) {
  return guarded([&]() -> int32_t {
    auto& op = *static_cast<Operator*>(target);
    const size_t given = static_cast<size_t>(count);
    TORCH_CHECK(given <= op.defaults.size(), op.name, " takes ", op.defaults.size(), " arguments, got ", count);
    torch::jit::Stack stack;
    stack.reserve(op.defaults.size());
    for (size_t i = 0; i < given; i++) stack.push_back(unpack(values[i]));
    for (size_t i = given; i < op.defaults.size(); i++) stack.push_back(op.defaults[i]);
    op.handle.callBoxed(&stack);
    if (result != nullptr) *result = give(std::move(stack.front()).toTensor());
    return 0;
  }, -1);
}

SHIM void shim_release(void* handle) {
  at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(static_cast<Handle>(handle)));
}

SHIM void* shim_alias(void* handle) { return give(borrow(handle)); }

// A tensor of its own memory, holding a copy of `data` (contiguous, of `dtype`).
SHIM void* shim_from_data(const void* data, const int64_t* sizes, int32_t dimensions, int32_t dtype) {
  return guarded([&]() -> void* {
    auto options = at::TensorOptions().dtype(static_cast<c10::ScalarType>(dtype));
    auto tensor = at::empty(at::IntArrayRef(sizes, dimensions), options);
    if (tensor.numel() > 0) std::memcpy(tensor.data_ptr(), data, tensor.nbytes());
    return give(std::move(tensor));
  }, nullptr);
}

SHIM void* shim_data(void* handle) {
  return guarded([&]() -> void* { return borrow(handle).data_ptr(); }, nullptr);
}

SHIM int32_t shim_dtype(void* handle) { return static_cast<int32_t>(borrow(handle).scalar_type()); }
SHIM int64_t shim_dim(void* handle) { return static_cast<Handle>(handle)->dim(); }
SHIM int64_t shim_numel(void* handle) { return static_cast<Handle>(handle)->numel(); }
SHIM int64_t shim_element_size(void* handle) { return static_cast<int64_t>(borrow(handle).element_size()); }
SHIM int32_t shim_is_contiguous(void* handle) { return static_cast<Handle>(handle)->is_contiguous(); }

SHIM void shim_sizes(void* handle, int64_t* sizes) {
  for (auto size : static_cast<Handle>(handle)->sizes()) *sizes++ = size;
}

SHIM int32_t shim_requires_grad(void* handle) { return borrow(handle).requires_grad(); }
SHIM int32_t shim_set_requires_grad(void* handle, int32_t value) {
  return guarded([&]() -> int32_t { borrow(handle).set_requires_grad(value != 0); return 0; }, -1);
}

SHIM void* shim_grad(void* handle) { return give(borrow(handle).grad()); }

SHIM int32_t shim_set_grad(void* handle, void* grad) {
  return guarded([&]() -> int32_t { borrow(handle).mutable_grad() = borrow(grad); return 0; }, -1);
}

// The root is a scalar: its own gradient is one. The graph is released.
SHIM int32_t shim_backward(void* root) {
  return guarded([&]() -> int32_t { torch::autograd::backward({borrow(root)}, {}); return 0; }, -1);
}

SHIM int32_t shim_grad_enabled() { return at::GradMode::is_enabled(); }
SHIM void shim_set_grad_enabled(int32_t enabled) { at::GradMode::set_enabled(enabled != 0); }

SHIM void shim_manual_seed(int64_t seed) { at::manual_seed(static_cast<uint64_t>(seed)); }
SHIM int32_t shim_set_num_threads(int32_t count) {
  return guarded([&]() -> int32_t { at::set_num_threads(count); return 0; }, -1);
}

SHIM void* shim_new_generator(int64_t seed) {
  return new at::Generator(at::detail::createCPUGenerator(static_cast<uint64_t>(seed)));
}
SHIM void shim_seed_generator(void* handle, int64_t seed) {
  auto& generator = *static_cast<at::Generator*>(handle);
  std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(static_cast<uint64_t>(seed));
}
SHIM void* shim_default_generator() { return new at::Generator(at::detail::getDefaultCPUGenerator()); }
SHIM void shim_release_generator(void* generator) { delete static_cast<at::Generator*>(generator); }
