// SPDX-License-Identifier: Apache-2.0
//
// Linear maps in single precision whose weights were laid out beforehand, for processors with AVX-512.
//
// Weights lie in panels of 64 outputs. Six rows times a panel are 24 vectors of sums, as many as registers hold beside a step's
// weights; bias, activation and residual are added before anything is written. The order of sums depends neither on the
// number of rows nor of threads.
#include <ATen/ops/empty.h>

#include <algorithm>

#include "Packed.h"
#include "Parallel.h"
#include "Status.h"
#include "Vectors.h"

using namespace ctorch;

namespace {

constexpr int64_t panel_width = 64;
constexpr int panel_vectors = 4;
constexpr int row_block = 6;

struct Job {
  const float *input;
  int64_t inputs, input_stride;
  const float *values;  // [panels][inputs][64]
  const float *bias;    // [panels * 64]
  const float *residual;  // or null
  int64_t residual_stride;
  float *output;
  int64_t outputs, panels;
  int32_t activation;
};

#if defined(__x86_64__)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma"))), apply_to = function)

/// Some rows times a panel.
template <int Rows>
__attribute__((noinline)) static void block(const Job &job, int64_t row, int64_t panel) {
  vec sums[Rows][panel_vectors];
  int64_t column = panel * panel_width;
  for (int v = 0; v < panel_vectors; v++) {
    vec bias;
    load(bias, job.bias + column + v * lanes);
    for (int r = 0; r < Rows; r++) sums[r][v] = bias;
  }
  const float *from = job.input + row * job.input_stride;
  const float *values = job.values + panel * job.inputs * panel_width;
  for (int64_t k = 0; k < job.inputs; k++, values += panel_width) {
    vec weights[panel_vectors];
    for (int v = 0; v < panel_vectors; v++) load(weights[v], values + v * lanes);
    for (int r = 0; r < Rows; r++) {
      float value = from[r * job.input_stride + k];
      for (int v = 0; v < panel_vectors; v++) sums[r][v] += weights[v] * value;
    }
  }
  for (int r = 0; r < Rows; r++) {
    for (int v = 0; v < panel_vectors; v++) {
      int64_t first = column + v * lanes;
      if (first >= job.outputs) break;
      activate(sums[r][v], job.activation);
      float *to = job.output + (row + r) * job.outputs + first;
      const float *residual =
          job.residual ? job.residual + (row + r) * job.residual_stride + first : nullptr;
      if (first + lanes <= job.outputs) {
        if (residual) {
          vec more;
          load(more, residual);
          sums[r][v] += more;
        }
        store(to, sums[r][v]);
      } else {
        for (int64_t i = 0; first + i < job.outputs; i++) {
          to[i] = sums[r][v][i] + (residual ? residual[i] : 0.f);
        }
      }
    }
  }
}

#pragma clang attribute pop
#endif

/// The rows from `begin` to `end`, panel by panel.
void run(const Job &job, int64_t begin, int64_t end) {
#if defined(__x86_64__)
  for (int64_t panel = 0; panel < job.panels; panel++) {
    int64_t row = begin;
    for (; row + row_block <= end; row += row_block) block<row_block>(job, row, panel);
    switch (end - row) {
      case 5: block<5>(job, row, panel); break;
      case 4: block<4>(job, row, panel); break;
      case 3: block<3>(job, row, panel); break;
      case 2: block<2>(job, row, panel); break;
      case 1: block<1>(job, row, panel); break;
      default: break;
    }
  }
#endif
}

const float *floats(const at::Tensor &tensor) {
  return static_cast<const float *>(tensor.const_data_ptr());
}

void require(const at::Tensor &tensor, const char *name) {
  TORCH_CHECK(
      tensor.dim() >= 1 && tensor.scalar_type() == at::kFloat && tensor.is_cpu(), name,
      " of a packed product must be float32 on the CPU");
}

}  // namespace

bool ctorch_packed_linear_is_here(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
#else
  return false;
#endif
}

ctorch_status ctorch_packed_weight(
    ctorch_tensor_ref weight, ctorch_tensor_ref bias, ctorch_tensor_ref results[2]) {
  return guarded([&] {
    require(weight->value, "the weight");
    TORCH_CHECK(weight->value.dim() == 2, "the weight must be [outputs, inputs]");
    at::Tensor source = weight->value.detach().contiguous(), added;
    int64_t outputs = source.size(0), inputs = source.size(1);
    if (bias) {
      require(bias->value, "the bias");
      added = bias->value.detach().contiguous();
      TORCH_CHECK(added.numel() == outputs, "the bias has ", added.numel(), " numbers for ", outputs);
    }
    int64_t panels = (outputs + panel_width - 1) / panel_width;
    at::Tensor values = at::empty({panels, inputs, panel_width}, source.options());
    at::Tensor offsets = at::empty({panels * panel_width}, source.options());
    auto *to = static_cast<float *>(values.mutable_data_ptr());
    auto *offset = static_cast<float *>(offsets.mutable_data_ptr());
    for (int64_t panel = 0; panel < panels; panel++) {
      for (int64_t n = 0; n < panel_width; n++) {
        int64_t output = panel * panel_width + n;
        bool is_there = output < outputs;
        offset[output] = is_there && bias ? floats(added)[output] : 0.f;
        const float *row = floats(source) + output * inputs;
        for (int64_t k = 0; k < inputs; k++) {
          to[(panel * inputs + k) * panel_width + n] = is_there ? row[k] : 0.f;
        }
      }
    }
    results[0] = retain(std::move(values));
    results[1] = retain(std::move(offsets));
  });
}

at::Tensor ctorch::packed_product(
    const at::Tensor &input, const at::Tensor &values, const at::Tensor &offsets, int64_t outputs,
    int32_t activation, const at::Tensor &residual) {
  require(input, "the input");
  int64_t inputs = input.size(-1), panels = values.size(0);
  TORCH_CHECK(ctorch_packed_linear_is_here(), "this processor has no AVX-512");
  TORCH_CHECK(
      inputs == values.size(1) && (outputs + panel_width - 1) / panel_width == panels,
      "a packed weight of ", values.size(1), " inputs does not take ", inputs);
  bool is_matrix = input.dim() == 2 && input.stride(1) == 1;
  at::Tensor rows = is_matrix ? input : input.contiguous();
  int64_t count = rows.numel() / inputs;
  auto shape = rows.sizes().vec();
  shape.back() = outputs;
  at::Tensor output = at::empty(shape, rows.options()), added;
  if (residual.defined()) {
    require(residual, "the residual");
    TORCH_CHECK(residual.sizes() == output.sizes(), "the residual's shape is another");
    added = residual.dim() == 2 && residual.stride(1) == 1 ? residual : residual.contiguous();
  }
  Job job{
      floats(rows), inputs, is_matrix ? rows.stride(0) : inputs, floats(values), floats(offsets),
      added.defined() ? floats(added) : nullptr,
      added.defined() && added.dim() == 2 ? added.stride(0) : outputs,
      static_cast<float *>(output.mutable_data_ptr()), outputs, panels, activation};
  // Rows that stay in a core's own cache together with a panel; fewer where threads would have nothing to do.
  int64_t most = std::max<int64_t>(row_block, (512 << 10) / (4 * inputs) / row_block * row_block);
  int64_t threads = at::get_num_threads(), share = (count + threads - 1) / threads;
  int64_t chunk = std::min(most, (share + row_block - 1) / row_block * row_block);
  chunk = std::max<int64_t>(chunk, row_block);
  parallel((count + chunk - 1) / chunk, [&](int64_t piece) {
    run(job, piece * chunk, std::min(count, (piece + 1) * chunk));
  });
  return output;
}

ctorch_status ctorch_packed_linear(
    ctorch_tensor_ref input, const ctorch_tensor_ref weight[2], int64_t outputs,
    int32_t activation, ctorch_tensor_ref residual, ctorch_tensor_ref *result) {
  return guarded([&] {
    *result = retain(packed_product(
        input->value, weight[0]->value, weight[1]->value, outputs, activation,
        residual ? residual->value : at::Tensor()));
  });
}
