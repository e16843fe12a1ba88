// SPDX-License-Identifier: Apache-2.0
//
// Dropout, with what it is added to, in one pass.
//
// The engine's own draws its mask one number after the other and keeps it for the backward pass. Here whether an element is
// dropped is a hash of its place and of 64 bits that the engine's generator gives for each call: nothing is kept, vectors of
// elements are decided at once, and the number of threads changes nothing.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/ops/empty_like.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>
#include <mutex>

#include "Status.h"

using ctorch::guarded;

namespace {

/// Which elements stay: those whose hash is not below a limit.
struct Mask {
  uint32_t first, second, limit;
  float scale;
};

/// A 32-bit hash of a place: two rounds of multiplication and shift, each with half of the key.
inline uint32_t hash(uint32_t place, const Mask &mask) {
  uint32_t x = place * 0x9E3779B1u + mask.first;
  x ^= x >> 16;
  x = x * 0x7FEB352Du + mask.second;
  x ^= x >> 15;
  x *= 0x846CA68Bu;
  return x ^ x >> 16;
}

/// `output = residual + input` where it stays, times the scale; `residual` may be null.
__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
void apply(
    const float *input, const float *residual, float *output, int64_t start, int64_t end,
    Mask mask) {
  if (residual) {
    for (int64_t i = start; i < end; i++) {
      float factor = hash(static_cast<uint32_t>(i), mask) >= mask.limit ? mask.scale : 0.f;
      output[i] = residual[i] + input[i] * factor;
    }
  } else {
    for (int64_t i = start; i < end; i++) {
      float factor = hash(static_cast<uint32_t>(i), mask) >= mask.limit ? mask.scale : 0.f;
      output[i] = input[i] * factor;
    }
  }
}

at::Tensor masked(const at::Tensor &input, const at::Tensor &residual, const Mask &mask) {
  at::Tensor from = input.contiguous();
  at::Tensor added = residual.defined() ? residual.contiguous() : residual;
  at::Tensor output = at::empty_like(from);
  const float *source = static_cast<const float *>(from.const_data_ptr());
  const float *base = added.defined() ? static_cast<const float *>(added.const_data_ptr()) : nullptr;
  float *target = static_cast<float *>(output.mutable_data_ptr());
  at::parallel_for(0, from.numel(), 1 << 15, [&](int64_t start, int64_t end) {
    apply(source, base, target, start, end, mask);
  });
  return output;
}

class Dropout : public torch::autograd::Function<Dropout> {
 public:
  static at::Tensor forward(
      torch::autograd::AutogradContext *context, const at::Tensor &input,
      const std::optional<at::Tensor> &residual, double probability, int64_t key) {
    context->saved_data["probability"] = probability;
    context->saved_data["key"] = key;
    context->saved_data["learns"] = input.requires_grad();
    context->saved_data["adds"] = residual.has_value();
    return masked(input, residual.value_or(at::Tensor()), mask(probability, key));
  }

  static torch::autograd::variable_list backward(
      torch::autograd::AutogradContext *context, torch::autograd::variable_list gradients) {
    at::NoGradGuard guard;
    at::Tensor own, other;
    if (context->saved_data["learns"].toBool()) {
      own = masked(
          gradients[0], {},
          mask(context->saved_data["probability"].toDouble(), context->saved_data["key"].toInt()));
    }
    if (context->saved_data["adds"].toBool()) other = gradients[0];
    return {own, other, at::Tensor(), at::Tensor()};
  }

 private:
  static Mask mask(double probability, int64_t key) {
    auto bits = static_cast<uint64_t>(key);
    return {
        static_cast<uint32_t>(bits), static_cast<uint32_t>(bits >> 32),
        static_cast<uint32_t>(std::lround(probability * 4294967295.0)),
        static_cast<float>(1 / (1 - probability))};
  }
};

}  // namespace

ctorch_status ctorch_dropout(
    ctorch_tensor_ref input, ctorch_tensor_ref residual, double probability,
    ctorch_tensor_ref *result) {
  return guarded([&] {
    const at::Tensor &value = input->value;
    TORCH_CHECK(
        probability >= 0 && probability < 1, "expected a probability below 1, found ", probability);
    TORCH_CHECK(
        value.scalar_type() == at::kFloat && value.is_cpu() &&
            (!residual || residual->value.sizes() == value.sizes()),
        "expected float32 on the CPU, both of one shape");
    int64_t key;
    {
      at::Generator generator = at::detail::getDefaultCPUGenerator();
      std::lock_guard<std::mutex> lock(generator.mutex());
      key = static_cast<int64_t>(at::check_generator<at::CPUGeneratorImpl>(generator)->random64());
    }
    std::optional<at::Tensor> added;
    if (residual) added = residual->value;
    *result = ctorch::retain(Dropout::apply(value, added, probability, key));
  });
}
