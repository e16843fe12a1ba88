// SPDX-License-Identifier: Apache-2.0
//
// Attention over rows of different lengths that lie end to end, for inference in single precision.
//
// libtorch's kernels want rows of one length, so ragged rows cost a call per length, with copies in and
// out. This one walks over rows where they lie. Four queries at a time it computes their scores
// against all keys, the softmax, and the weighted sum of values; what it holds stays in a core's caches. The source
// is written in vectors of 16 floats, which the compiler lowers for each kind of processor.
#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "Status.h"
#include "Vectors.h"

using namespace ctorch;

namespace {

constexpr int64_t query_block = 4;

/// One head of one row.
struct Head {
  const float *queries, *keys, *values;
  float *output;
  int64_t query_stride, key_stride, value_stride, output_stride;
  int64_t length, key_length, width;
  float scale;
  const float *bias;  // added to the scores, [length, key_length], or null
  int64_t bias_stride;
};

struct Scratch {
  float *keys;    // [width, padded keys + 16], scaled; the gap keeps rows out of each other's cache sets
  float *scores;  // [query_block, padded keys]
};

/// Scores of `Q` queries against `V` vectors of keys from `j` on.
template <int Q, int V>
INLINE void score_part(
    const Head &head, int64_t query, int64_t j, int64_t padded, const Scratch &scratch) {
  vec sums[Q][V] = {};
  for (int64_t d = 0; d < head.width; d++) {
    vec keys[V];
    for (int v = 0; v < V; v++) load(keys[v], scratch.keys + d * (padded + lanes) + j + v * lanes);
    for (int q = 0; q < Q; q++) {
      float value = head.queries[(query + q) * head.query_stride + d];
      for (int v = 0; v < V; v++) sums[q][v] += keys[v] * value;
    }
  }
  for (int q = 0; q < Q; q++) {
    for (int v = 0; v < V; v++) store(scratch.scores + q * padded + j + v * lanes, sums[q][v]);
  }
}

/// Scores of `Q` queries against all keys, 48 at a time.
template <int Q>
INLINE void score(const Head &head, int64_t query, int64_t padded, const Scratch &scratch) {
  int64_t j = 0;
  for (; j + 3 * lanes <= padded; j += 3 * lanes) score_part<Q, 3>(head, query, j, padded, scratch);
  switch ((padded - j) / lanes) {
    case 2: score_part<Q, 2>(head, query, j, padded, scratch); break;
    case 1: score_part<Q, 1>(head, query, j, padded, scratch); break;
    default: break;
  }
}

/// Scores become weights, not yet divided by their sum, which is returned.
INLINE float soften(float *scores, int64_t keys, int64_t padded) {
  for (int64_t j = keys; j < padded; j++) scores[j] = -INFINITY;
  vec most;
  load(most, scores);
  for (int64_t j = lanes; j < padded; j += lanes) {
    vec next;
    load(next, scores + j);
    most = next > most ? next : most;
  }
  float peak = most[0];
  for (int i = 1; i < lanes; i++) peak = most[i] > peak ? most[i] : peak;
  vec total = {};
  for (int64_t j = 0; j < padded; j += lanes) {
    vec weights;
    load(weights, scores + j);
    weights -= peak;
    exponential(weights);
    store(scores + j, weights);
    total += weights;
  }
  float sum = 0;
  for (int i = 0; i < lanes; i++) sum += total[i];
  return sum;
}

/// The weighted sum of values for `Q` queries, over the head's last numbers, fewer than a vector.
template <int Q>
INLINE void gather_rest(
    const Head &head, int64_t query, int64_t d, int64_t padded, const Scratch &scratch,
    const float *sums) {
  for (; d < head.width; d++) {
    float results[Q] = {};
    for (int64_t j = 0; j < head.key_length; j++) {
      float value = head.values[j * head.value_stride + d];
      for (int q = 0; q < Q; q++) results[q] += value * scratch.scores[q * padded + j];
    }
    for (int q = 0; q < Q; q++) {
      head.output[(query + q) * head.output_stride + d] = results[q] / sums[q];
    }
  }
}

/// The weighted sum of values for `Q` queries, over `V` vectors of the head's width from `d` on.
template <int Q, int V>
INLINE void gather(
    const Head &head, int64_t query, int64_t d, int64_t padded, const Scratch &scratch,
    const float *sums) {
  vec results[Q][V] = {};
  for (int64_t j = 0; j < head.key_length; j++) {
    vec values[V];
    for (int v = 0; v < V; v++) load(values[v], head.values + j * head.value_stride + d + v * lanes);
    for (int q = 0; q < Q; q++) {
      float weight = scratch.scores[q * padded + j];
      for (int v = 0; v < V; v++) results[q][v] += values[v] * weight;
    }
  }
  for (int q = 0; q < Q; q++) {
    float *output = head.output + (query + q) * head.output_stride + d;
    for (int v = 0; v < V; v++) store(output + v * lanes, results[q][v] * (1.f / sums[q]));
  }
}

template <int Q>
INLINE void attend(const Head &head, int64_t query, int64_t padded, const Scratch &scratch) {
  score<Q>(head, query, padded, scratch);
  float sums[Q];
  for (int q = 0; q < Q; q++) {
    if (head.bias) {
      const float *bias = head.bias + (query + q) * head.bias_stride;
      for (int64_t j = 0; j < head.key_length; j++) scratch.scores[q * padded + j] += bias[j];
    }
    sums[q] = soften(scratch.scores + q * padded, head.key_length, padded);
  }
  int64_t d = 0;
  for (; d + 2 * lanes <= head.width; d += 2 * lanes) {
    gather<Q, 2>(head, query, d, padded, scratch, sums);
  }
  if (d + lanes <= head.width) {
    gather<Q, 1>(head, query, d, padded, scratch, sums);
    d += lanes;
  }
  if (d < head.width) gather_rest<Q>(head, query, d, padded, scratch, sums);
}

/// All queries of one head of one row.
__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
void attend_head(const Head &head, int64_t padded, const Scratch &scratch) {
  int64_t stride = padded + lanes;
  for (int64_t j = 0; j < head.key_length; j += lanes) {
    int64_t count = std::min(lanes, head.key_length - j);
    for (int64_t d = 0; d < head.width; d++) {
      const float *from = head.keys + j * head.key_stride + d;
      float *to = scratch.keys + d * stride + j;
      for (int64_t i = 0; i < count; i++) to[i] = from[i * head.key_stride] * head.scale;
    }
  }
  int64_t query = 0;
  for (; query + query_block <= head.length; query += query_block) {
    attend<query_block>(head, query, padded, scratch);
  }
  switch (head.length - query) {
    case 3: attend<3>(head, query, padded, scratch); break;
    case 2: attend<2>(head, query, padded, scratch); break;
    case 1: attend<1>(head, query, padded, scratch); break;
    default: break;
  }
}

/// One query of a decoder's step against keys that lie at any places; `places` null means one after the other.
__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
void attend_step(const Head &head, const int32_t *places, int64_t padded, float *scores) {
  int64_t whole = head.width / lanes * lanes;
  for (int64_t j = 0; j < head.key_length; j++) {
    const float *key = head.keys + (places ? places[j] : j) * head.key_stride;
    vec total = {};
    for (int64_t d = 0; d < whole; d += lanes) {
      vec left, right;
      load(left, head.queries + d);
      load(right, key + d);
      total += left * right;
    }
    float sum = sum_of(total);
    for (int64_t d = whole; d < head.width; d++) sum += head.queries[d] * key[d];
    scores[j] = sum * head.scale + (head.bias ? head.bias[j] : 0.f);
  }
  float inverse = 1.f / soften(scores, head.key_length, padded);
  int64_t d = 0;
  for (; d + 4 * lanes <= head.width; d += 4 * lanes) {
    vec results[4] = {};
    for (int64_t j = 0; j < head.key_length; j++) {
      const float *value = head.values + (places ? places[j] : j) * head.value_stride + d;
      for (int v = 0; v < 4; v++) {
        vec part;
        load(part, value + v * lanes);
        results[v] += part * scores[j];
      }
    }
    for (int v = 0; v < 4; v++) store(head.output + d + v * lanes, results[v] * inverse);
  }
  for (; d + lanes <= head.width; d += lanes) {
    vec result = {};
    for (int64_t j = 0; j < head.key_length; j++) {
      vec part;
      load(part, head.values + (places ? places[j] : j) * head.value_stride + d);
      result += part * scores[j];
    }
    store(head.output + d, result * inverse);
  }
  for (; d < head.width; d++) {
    float result = 0;
    for (int64_t j = 0; j < head.key_length; j++) {
      result += head.values[(places ? places[j] : j) * head.value_stride + d] * scores[j];
    }
    head.output[d] = result * inverse;
  }
}

int64_t padded_count(int64_t count) {
  return (count + lanes - 1) / lanes * lanes;
}

void require(const at::Tensor &tensor, const char *name) {
  TORCH_CHECK(
      tensor.dim() == 2 && tensor.scalar_type() == at::kFloat && tensor.is_cpu() &&
          tensor.stride(1) == 1,
      name, " must be [tokens, hidden], float32, on the CPU, rows without gaps");
}

const float *data(const at::Tensor &tensor) {
  return static_cast<const float *>(tensor.const_data_ptr());
}

void require_bias(const at::Tensor &bias, int64_t heads, int64_t queries, int64_t keys) {
  TORCH_CHECK(
      bias.dim() == 3 && bias.scalar_type() == at::kFloat && bias.is_cpu() &&
          (bias.stride(2) == 1 || bias.size(2) == 1) &&
          bias.size(0) == heads && bias.size(1) >= queries && bias.size(2) >= keys,
      "the bias must be [", heads, ", ", queries, " or more, ", keys, " or more], float32, found ",
      bias.sizes());
}

}  // namespace

ctorch_status ctorch_packed_attention(
    ctorch_tensor_ref queries, ctorch_tensor_ref keys, ctorch_tensor_ref values,
    const ctorch_row_group *groups, size_t group_count, int64_t head_count, double scale,
    ctorch_tensor_ref bias, ctorch_tensor_ref *result) {
  return guarded([&] {
    const at::Tensor &q = queries->value, &k = keys->value, &v = values->value;
    require(q, "queries"), require(k, "keys"), require(v, "values");
    int64_t tokens = q.size(0), hidden = q.size(1);
    TORCH_CHECK(
        k.sizes() == q.sizes() && v.sizes() == q.sizes(), "queries, keys and values differ in shape");
    TORCH_CHECK(
        head_count > 0 && hidden % head_count == 0, head_count, " heads do not divide ", hidden);
    int64_t width = hidden / head_count, longest = 0, longest_query = 0;
    for (size_t i = 0; i < group_count; i++) {
      const auto &group = groups[i];
      TORCH_CHECK(
          group.start >= 0 && group.row_count >= 0 && group.key_length > 0 &&
              group.key_length <= group.length &&
              group.start + group.row_count * group.length <= tokens,
          "a group of rows lies outside of the ", tokens, " tokens");
      longest = std::max(longest, group.key_length);
      longest_query = std::max(longest_query, group.length);
    }
    if (bias) require_bias(bias->value, head_count, longest_query, longest);
    auto pad = padded_count;
    std::vector<float> memory((pad(longest) + lanes) * width + pad(longest) * query_block);

    at::Tensor output = at::empty({tokens, hidden}, q.options());
    for (size_t i = 0; i < group_count; i++) {
      const auto &group = groups[i];
      int64_t padded = pad(group.key_length);
      Scratch scratch{memory.data(), memory.data() + (padded + lanes) * width};
      for (int64_t d = 0; d < width; d++) {  // what is past the keys must not be garbage
        std::fill(
            scratch.keys + d * (padded + lanes) + group.key_length,
            scratch.keys + (d + 1) * (padded + lanes), 0.f);
      }
      for (int64_t row = 0; row < group.row_count; row++) {
        int64_t start = group.start + row * group.length;
        for (int64_t h = 0; h < head_count; h++) {
          attend_head(
              {data(q) + start * q.stride(0) + h * width,
               data(k) + start * k.stride(0) + h * width,
               data(v) + start * v.stride(0) + h * width,
               static_cast<float *>(output.mutable_data_ptr()) + start * hidden + h * width,
               q.stride(0), k.stride(0), v.stride(0), hidden, group.length, group.key_length, width,
               static_cast<float>(scale), bias ? data(bias->value) + h * bias->value.stride(0) : nullptr,
               bias ? bias->value.stride(1) : 0},
              padded, scratch);
        }
      }
    }
    *result = ctorch::retain(std::move(output));
  });
}

ctorch_status ctorch_step_attention(
    ctorch_tensor_ref queries, ctorch_tensor_ref keys, ctorch_tensor_ref values,
    const ctorch_key_run *runs, size_t run_count, const int32_t *places, size_t place_count,
    int64_t head_count, double scale, ctorch_tensor_ref bias, ctorch_tensor_ref *result) {
  return guarded([&] {
    const at::Tensor &q = queries->value, &k = keys->value, &v = values->value;
    require(q, "queries"), require(k, "keys"), require(v, "values");
    int64_t rows = q.size(0), hidden = q.size(1), slots = k.size(0), longest = 0;
    TORCH_CHECK(
        k.sizes() == v.sizes() && k.size(1) == hidden && run_count == static_cast<size_t>(rows),
        "queries, keys and values differ in shape");
    TORCH_CHECK(
        head_count > 0 && hidden % head_count == 0, head_count, " heads do not divide ", hidden);
    int64_t limit = places ? static_cast<int64_t>(place_count) : slots;
    for (size_t i = 0; i < run_count; i++) {
      TORCH_CHECK(
          runs[i].start >= 0 && runs[i].count > 0 && runs[i].start + runs[i].count <= limit,
          "a run of keys lies outside of the ", limit, " there are");
      longest = std::max(longest, runs[i].count);
    }
    for (size_t i = 0; i < (places ? place_count : 0); i++) {
      TORCH_CHECK(places[i] >= 0 && places[i] < slots, "place ", places[i], " of ", slots, " keys");
    }
    if (bias) require_bias(bias->value, head_count, 1, longest);
    int64_t width = hidden / head_count;
    at::Tensor output = at::empty({rows, hidden}, q.options());
    std::vector<float> scores(padded_count(longest));
    for (int64_t row = 0; row < rows; row++) {
      const auto &run = runs[row];
      int64_t first = places ? 0 : run.start;
      for (int64_t h = 0; h < head_count; h++) {
        attend_step(
            {data(q) + row * q.stride(0) + h * width, data(k) + first * k.stride(0) + h * width,
             data(v) + first * v.stride(0) + h * width,
             static_cast<float *>(output.mutable_data_ptr()) + row * hidden + h * width,
             q.stride(0), k.stride(0), v.stride(0), hidden, 1, run.count, width,
             static_cast<float>(scale),
             bias ? data(bias->value) + h * bias->value.stride(0) : nullptr, 0},
            places ? places + run.start : nullptr, padded_count(run.count), scores.data());
      }
    }
    *result = ctorch::retain(std::move(output));
  });
}
