// SPDX-License-Identifier: Apache-2.0
#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include <atomic>
#include <cstring>

#include "Status.h"

namespace ctorch {

static std::atomic<int64_t> live_count{0};
static thread_local std::string message;

void set_message(std::string text) { message = std::move(text); }

ctorch_tensor_ref retain(at::Tensor tensor) {
  live_count.fetch_add(1, std::memory_order_relaxed);
  return new ctorch_tensor{std::move(tensor)};
}

static at::TensorOptions options(int32_t dtype) {
  return at::TensorOptions().dtype(static_cast<c10::ScalarType>(dtype));
}

}  // namespace ctorch

using ctorch::guarded;

const char *ctorch_message(void) { return ctorch::message.c_str(); }

ctorch_status ctorch_tensor_from_bytes(
    const void *bytes, size_t byte_count, int32_t dtype, const int64_t *shape, size_t rank,
    ctorch_tensor_ref *result) {
  return guarded([&] {
    at::Tensor tensor = at::empty(at::IntArrayRef(shape, rank), ctorch::options(dtype));
    TORCH_CHECK(
        tensor.nbytes() == byte_count, "a tensor of shape ", tensor.sizes(), " takes ",
        tensor.nbytes(), " bytes, found ", byte_count);
    if (byte_count > 0) std::memcpy(tensor.mutable_data_ptr(), bytes, byte_count);
    *result = ctorch::retain(std::move(tensor));
  });
}

ctorch_status ctorch_tensor_from_memory(
    void *bytes, int32_t dtype, const int64_t *shape, size_t rank, void (*release)(void *),
    void *context, ctorch_tensor_ref *result) {
  return guarded([&] {
    *result = ctorch::retain(at::from_blob(
        bytes, at::IntArrayRef(shape, rank), [release, context](void *) { release(context); },
        ctorch::options(dtype)));
  });
}

ctorch_status ctorch_tensor_copy_bytes(ctorch_tensor_ref tensor, void *bytes, size_t byte_count) {
  return guarded([&] {
    at::Tensor source = tensor->value.detach().to(at::kCPU).contiguous();
    TORCH_CHECK(
        source.nbytes() == byte_count, "the tensor holds ", source.nbytes(),
        " bytes, the destination ", byte_count);
    if (byte_count > 0) std::memcpy(bytes, source.const_data_ptr(), byte_count);
  });
}

ctorch_tensor_ref ctorch_tensor_retain(ctorch_tensor_ref tensor) {
  return ctorch::retain(tensor->value);
}

void ctorch_tensor_release(ctorch_tensor_ref tensor) {
  ctorch::live_count.fetch_sub(1, std::memory_order_relaxed);
  delete tensor;
}

size_t ctorch_tensor_rank(ctorch_tensor_ref tensor) { return tensor->value.dim(); }

int64_t ctorch_tensor_size(ctorch_tensor_ref tensor, size_t dimension) {
  return tensor->value.sizes()[dimension];
}

int32_t ctorch_tensor_dtype(ctorch_tensor_ref tensor) {
  return static_cast<int32_t>(tensor->value.scalar_type());
}

bool ctorch_tensor_is_contiguous(ctorch_tensor_ref tensor) {
  return tensor->value.is_contiguous();
}

uint64_t ctorch_tensor_version(ctorch_tensor_ref tensor) {
  const at::Tensor &value = tensor->value;
  return value.is_inference() ? 0 : static_cast<uint64_t>(value._version());
}

void ctorch_tensor_note_change(ctorch_tensor_ref tensor) {
  if (!tensor->value.is_inference()) tensor->value.unsafeGetTensorImpl()->bump_version();
}

bool ctorch_tensor_requires_gradient(ctorch_tensor_ref tensor) {
  return tensor->value.requires_grad();
}

const void *ctorch_tensor_data(ctorch_tensor_ref tensor) {
  const at::Tensor &value = tensor->value;
  return value.is_cpu() && value.is_contiguous() ? value.const_data_ptr() : nullptr;
}

int64_t ctorch_live_tensor_count(void) {
  return ctorch::live_count.load(std::memory_order_relaxed);
}

ctorch_status ctorch_tensor_set_requires_gradient(ctorch_tensor_ref tensor, bool value) {
  return guarded([&] { tensor->value.requires_grad_(value); });
}

ctorch_status ctorch_tensor_backward(ctorch_tensor_ref tensor) {
  return guarded([&] { tensor->value.backward(); });
}

ctorch_status ctorch_tensor_gradient(ctorch_tensor_ref tensor, ctorch_tensor_ref *result) {
  return guarded([&] {
    const at::Tensor &gradient = tensor->value.grad();
    *result = gradient.defined() ? ctorch::retain(gradient) : nullptr;
  });
}

ctorch_status ctorch_tensor_clear_gradient(ctorch_tensor_ref tensor) {
  return guarded([&] { tensor->value.mutable_grad().reset(); });
}

bool ctorch_gradient_mode_set(bool enabled) {
  bool previous = at::GradMode::is_enabled();
  at::GradMode::set_enabled(enabled);
  return previous;
}

bool ctorch_gradient_mode(void) { return at::GradMode::is_enabled(); }
