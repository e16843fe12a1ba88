// SPDX-License-Identifier: Apache-2.0
//
// Linear maps with weights of 8 bits, one scale for each output, and inputs that are quantised row by row as they come.
//
// A row's numbers become unsigned bytes with a scale and a zero of their own; products are added up as integers, which is
// exact, and scaled once at their end, together with bias, activation and residual.
#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "Int8Kernels.h"
#include "Parallel.h"
#include "Status.h"

using namespace ctorch;

namespace {

struct Job {
  const float *input;
  int64_t rows, inputs, input_stride;
  const int8_t *values;   // [panels][quads][64][4]
  const float *scales;    // [panels * 64], as the two below
  const float *bias;
  const int32_t *sums;    // of each output's weights
  const float *residual;  // or null
  int64_t residual_stride;
  float *output;
  int64_t outputs, panels, quads;
  int32_t activation;
};

/// How a row was quantised: x = scale (byte - zero).
struct Row {
  float scale;
  int32_t zero;
};

/// Turns a row into bytes from 0 to 255. A row that holds what is not finite gets a scale that is not a number.
template <typename Element>
INLINE Row quantise(const float *from, int64_t count, Element *to, int64_t padded) {
  typedef Element elements __attribute__((vector_size(lanes * sizeof(Element)), aligned(sizeof(Element))));
  vec least = {}, most = {}, strange = {};
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    vec x;
    load(x, from + i);
    least = x < least ? x : least;
    most = x > most ? x : most;
    strange += x * 0.f;
  }
  float low = 0, high = 0, odd = sum_of(strange);
  for (int l = 0; l < lanes; l++) low = std::min(low, least[l]), high = std::max(high, most[l]);
  for (int64_t j = i; j < count; j++) {
    low = std::min(low, from[j]), high = std::max(high, from[j]);
    odd += from[j] * 0.f;
  }
  float scale = (high - low) / 255.f;
  if (!(scale > 0.f)) scale = 1.f;
  float inverse = 1.f / scale;
  float zero = std::nearbyint(-low * inverse);
  const vec top = vec{} + 255.f, bottom = {};
  for (i = 0; i + lanes <= count; i += lanes) {
    vec x;
    load(x, from + i);
    x = x * inverse + zero;
    x = x < top ? x : top;
    x = x > bottom ? x : bottom;
    x += 12582912.f;  // 1.5 * 2^23: adding it rounds, and leaves the integer in the low bits
    ivec whole;
    std::memcpy(&whole, &x, sizeof whole);
    elements bytes = __builtin_convertvector(whole & 0xFFFF, elements);
    std::memcpy(to + i, &bytes, sizeof bytes);
  }
  for (; i < count; i++) {
    float x = std::nearbyint(from[i] * inverse + zero);
    to[i] = static_cast<Element>(x < 255.f ? (x > 0.f ? x : 0.f) : 255.f);
  }
  for (; i < padded; i++) to[i] = 0;
  if (odd != 0.f) scale = std::numeric_limits<float>::quiet_NaN();
  return {scale, odd != 0.f ? 0 : static_cast<int32_t>(zero)};
}

/// Scales sums of one row and a panel's outputs, and writes them.
template <int Rows>
INLINE void finish(const Job &job, const Sums<Rows> &sums, const Row *rows, int64_t first, int64_t panel) {
  for (int r = 0; r < Rows; r++) {
    for (int64_t v = 0; v < panel_vectors; v++) {
      int64_t column = panel * panel_width + v * lanes;
      if (column >= job.outputs) break;
      ivec weights;
      std::memcpy(&weights, job.sums + column, sizeof weights);
      vec scale, bias;
      load(scale, job.scales + column);
      load(bias, job.bias + column);
      ivec sum = sums.values[r][v] - weights * rows[r].zero;
      vec x = __builtin_convertvector(sum, vec) * (scale * rows[r].scale) + bias;
      activate(x, job.activation);
      float *to = job.output + (first + r) * job.outputs + column;
      const float *residual =
          job.residual ? job.residual + (first + r) * job.residual_stride + column : nullptr;
      if (column + lanes <= job.outputs) {
        if (residual) {
          vec more;
          load(more, residual);
          x += more;
        }
        store(to, x);
      } else {
        for (int64_t i = 0; column + i < job.outputs; i++) to[i] = x[i] + (residual ? residual[i] : 0.f);
      }
    }
  }
}

template <typename Kernel, int Rows>
INLINE void block(
    const Job &job, const typename Kernel::element *from, int64_t stride, const Row *rows,
    int64_t first, int64_t panel) {
  Sums<Rows> sums;
  Kernel::template multiply<Rows>(
      from, stride, job.values + panel * job.quads * panel_width * 4, job.quads, sums);
  finish<Rows>(job, sums, rows, first, panel);
}

/// The job's rows from `begin` to `end`: as bytes, then panel by panel, so that a panel stays in the nearest cache.
template <typename Kernel>
INLINE void run(const Job &job, int64_t begin, int64_t end, void *memory, Row *rows) {
  auto *bytes = static_cast<typename Kernel::element *>(memory);
  int64_t stride = job.quads * 4;
  for (int64_t r = begin; r < end; r++) {
    rows[r - begin] = quantise(
        job.input + r * job.input_stride, job.inputs, bytes + (r - begin) * stride, stride);
  }
  for (int64_t panel = 0; panel < job.panels; panel++) {
    int64_t r = begin;
    for (; r + Kernel::rows <= end; r += Kernel::rows) {
      block<Kernel, Kernel::rows>(
          job, bytes + (r - begin) * stride, stride, rows + (r - begin), r, panel);
    }
    auto *rest = bytes + (r - begin) * stride;
    auto *how = rows + (r - begin);
    switch (end - r) {
      case 5: block<Kernel, 5>(job, rest, stride, how, r, panel); break;
      case 4: block<Kernel, 4>(job, rest, stride, how, r, panel); break;
      case 3: block<Kernel, 3>(job, rest, stride, how, r, panel); break;
      case 2: block<Kernel, 2>(job, rest, stride, how, r, panel); break;
      case 1: block<Kernel, 1>(job, rest, stride, how, r, panel); break;
      default: break;
    }
  }
}

#if defined(__x86_64__)
__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma"), noinline))
void run_vnni(const Job &job, int64_t begin, int64_t end, void *memory, Row *rows) {
  run<VNNIKernel>(job, begin, end, memory, rows);
}

__attribute__((target("avx2,fma"), noinline))
void run_avx2(const Job &job, int64_t begin, int64_t end, void *memory, Row *rows) {
  run<AVX2Kernel>(job, begin, end, memory, rows);
}
#endif

void run_portable(const Job &job, int64_t begin, int64_t end, void *memory, Row *rows) {
  run<PortableKernel>(job, begin, end, memory, rows);
}

const float *floats(const at::Tensor &tensor) {
  return static_cast<const float *>(tensor.const_data_ptr());
}

void require_rows(const at::Tensor &tensor, const char *name) {
  TORCH_CHECK(
      tensor.dim() >= 1 && tensor.scalar_type() == at::kFloat && tensor.is_cpu(), name,
      " of an int8 product must be float32 on the CPU");
}

}  // namespace

int32_t ctorch_int8_best_kernel(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) {
    return CTORCH_INT8_VNNI;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return CTORCH_INT8_AVX2;
#endif
  return CTORCH_INT8_PORTABLE;
}

ctorch_status ctorch_int8_pack(
    ctorch_tensor_ref weight, ctorch_tensor_ref bias, ctorch_tensor_ref results[4]) {
  return guarded([&] {
    require_rows(weight->value, "the weight");
    TORCH_CHECK(weight->value.dim() == 2, "the weight must be [outputs, inputs]");
    at::Tensor source = weight->value.detach().contiguous();
    int64_t outputs = source.size(0), inputs = source.size(1);
    TORCH_CHECK(
        inputs > 0 && inputs <= 65536, "int8 weights take 1 to 65536 inputs, found ", inputs);
    int64_t panels = (outputs + panel_width - 1) / panel_width, quads = (inputs + 3) / 4;
    auto options = at::TensorOptions();
    at::Tensor values = at::empty({panels, quads, panel_width, 4}, options.dtype(at::kChar));
    at::Tensor scales = at::empty({panels * panel_width}, options.dtype(at::kFloat));
    at::Tensor offsets = at::empty({panels * panel_width}, options.dtype(at::kFloat));
    at::Tensor sums = at::empty({panels * panel_width}, options.dtype(at::kInt));
    auto *bytes = static_cast<int8_t *>(values.mutable_data_ptr());
    auto *scale = static_cast<float *>(scales.mutable_data_ptr());
    auto *offset = static_cast<float *>(offsets.mutable_data_ptr());
    auto *sum = static_cast<int32_t *>(sums.mutable_data_ptr());
    std::memset(bytes, 0, values.nbytes());
    at::Tensor added;
    if (bias) {
      require_rows(bias->value, "the bias");
      added = bias->value.detach().contiguous();
      TORCH_CHECK(added.numel() == outputs, "the bias has ", added.numel(), " numbers for ", outputs);
    }
    for (int64_t n = 0; n < panels * panel_width; n++) {
      scale[n] = 0, offset[n] = 0, sum[n] = 0;
      if (n >= outputs) continue;
      if (bias) offset[n] = floats(added)[n];
      const float *row = floats(source) + n * inputs;
      float most = 0;
      for (int64_t k = 0; k < inputs; k++) {
        TORCH_CHECK(std::isfinite(row[k]), "the weight's output ", n, " is not finite");
        most = std::max(most, std::fabs(row[k]));
      }
      scale[n] = most / 127.f;
      float inverse = most > 0 ? 127.f / most : 0.f;
      int8_t *column = bytes + ((n / panel_width) * quads * panel_width + n % panel_width) * 4;
      for (int64_t k = 0; k < inputs; k++) {
        auto value = static_cast<int8_t>(std::nearbyint(row[k] * inverse));
        column[(k / 4) * panel_width * 4 + k % 4] = value;
        sum[n] += value;
      }
    }
    results[0] = retain(std::move(values));
    results[1] = retain(std::move(scales));
    results[2] = retain(std::move(offsets));
    results[3] = retain(std::move(sums));
  });
}

ctorch_status ctorch_int8_linear(
    ctorch_tensor_ref input, const ctorch_tensor_ref weight[4], int64_t outputs,
    int32_t activation, ctorch_tensor_ref residual, int32_t kernel, ctorch_tensor_ref *result) {
  return guarded([&] {
    require_rows(input->value, "the input");
    const at::Tensor &values = weight[0]->value;
    int64_t inputs = input->value.size(-1), panels = values.size(0), quads = values.size(1);
    TORCH_CHECK(
        (inputs + 3) / 4 == quads && (outputs + panel_width - 1) / panel_width == panels,
        "an int8 weight of ", quads * 4, " inputs does not take ", inputs);
    TORCH_CHECK(kernel <= ctorch_int8_best_kernel(), "this processor lacks the int8 kernel asked for");
    bool is_matrix = input->value.dim() == 2 && input->value.stride(1) == 1;
    at::Tensor rows = is_matrix ? input->value : input->value.contiguous();
    int64_t count = rows.numel() / inputs;
    auto shape = rows.sizes().vec();
    shape.back() = outputs;
    at::Tensor output = at::empty(shape, rows.options());
    at::Tensor added;
    if (residual) {
      require_rows(residual->value, "the residual");
      TORCH_CHECK(residual->value.sizes() == output.sizes(), "the residual's shape is another");
      added = residual->value.dim() == 2 && residual->value.stride(1) == 1
                  ? residual->value : residual->value.contiguous();
    }
    Job job{
        floats(rows), count, inputs, is_matrix ? rows.stride(0) : inputs,
        static_cast<const int8_t *>(values.const_data_ptr()), floats(weight[1]->value),
        floats(weight[2]->value), static_cast<const int32_t *>(weight[3]->value.const_data_ptr()),
        residual ? floats(added) : nullptr,
        residual && added.dim() == 2 ? added.stride(0) : outputs,
        static_cast<float *>(output.mutable_data_ptr()), outputs, panels, quads, activation};

    auto work = run_portable;
#if defined(__x86_64__)
    if (kernel == CTORCH_INT8_VNNI) work = run_vnni;
    if (kernel == CTORCH_INT8_AVX2) work = run_avx2;
#endif
    // As many rows as stay in a core's own cache as bytes, in whole blocks; fewer where threads would have nothing to do.
    int64_t width = quads * 4 * (kernel == CTORCH_INT8_AVX2 ? 2 : 1);
    int64_t threads = at::get_num_threads();
    int64_t most = std::max<int64_t>(6, (192 << 10) / width / 6 * 6);
    int64_t share = (count + threads - 1) / threads;
    int64_t chunk = std::min(most, (share + 5) / 6 * 6);
    if (chunk == 0) chunk = 6;
    parallel((count + chunk - 1) / chunk, [&](int64_t piece) {
      static thread_local std::vector<uint8_t> memory;
      static thread_local std::vector<Row> how;
      int64_t begin = piece * chunk, end = std::min(count, begin + chunk);
      memory.resize(std::max<size_t>(memory.size(), chunk * width));
      how.resize(std::max<size_t>(how.size(), chunk));
      work(job, begin, end, memory.data(), how.data());
    });
    *result = retain(std::move(output));
  });
}
