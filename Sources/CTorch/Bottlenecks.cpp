// SPDX-License-Identifier: Apache-2.0
//
// Two small maps with an activation between them, each pair for some tokens of a batch, added to what is there.
//
// Rows of one batch that use different adapters would be several operations for each adapter in each layer; here they are one call.
// Weights are read as they are: what a call lays out for itself, 16 by 16 numbers in registers, costs less than to keep it right
// while weights change.
#include <algorithm>
#include <vector>

#include "Parallel.h"
#include "Status.h"
#include "Vectors.h"

using namespace ctorch;

namespace {

constexpr int row_block = 8;
constexpr int64_t piece_rows = 96;

/// A linear map as it lies in memory.
struct Map {
  const float *weight;  // [outputs, inputs]
  const float *bias;    // or null
  int64_t inputs, outputs;
};

/// Some rows and the two maps that they go through.
struct Piece {
  const float *source;
  float *target;
  int64_t source_stride, target_stride, count;
  Map down, up;
  float scale;
  int32_t activation;
};

INLINE void interleave(const vec &a, const vec &b, vec &low, vec &high) {
  low = __builtin_shufflevector(
      a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  high = __builtin_shufflevector(
      a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/// Rows of 16 by 16 numbers become columns.
INLINE void transpose(vec (&block)[lanes]) {
  vec other[lanes];
  for (int step = 0; step < 2; step++) {
    for (int i = 0; i < 8; i++) interleave(block[i], block[i + 8], other[2 * i], other[2 * i + 1]);
    for (int i = 0; i < 8; i++) interleave(other[i], other[i + 8], block[2 * i], block[2 * i + 1]);
  }
}

/// The weight as [panels of 16 outputs][inputs][16], zeros where there are no outputs.
INLINE void lay_out(const Map &map, float *to) {
  for (int64_t n = 0; n < map.outputs; n += lanes, to += map.inputs * lanes) {
    int64_t count = std::min(lanes, map.outputs - n), k = 0;
    for (; k + lanes <= map.inputs; k += lanes) {
      vec block[lanes];
      for (int64_t i = 0; i < lanes; i++) {
        block[i] = vec{};
        if (i < count) load(block[i], map.weight + (n + i) * map.inputs + k);
      }
      transpose(block);
      for (int64_t i = 0; i < lanes; i++) store(to + (k + i) * lanes, block[i]);
    }
    for (; k < map.inputs; k++) {
      for (int64_t i = 0; i < lanes; i++) {
        to[k * lanes + i] = i < count ? map.weight[(n + i) * map.inputs + k] : 0.f;
      }
    }
  }
}

/// Products of `Rows` rows with one or two panels of 16 outputs, from the bias on.
template <int Rows, int Panels>
INLINE void multiply(
    const float *rows, int64_t stride, const float *panel, const Map &map, int64_t column,
    vec (&sums)[Rows][Panels]) {
  for (int p = 0; p < Panels; p++) {
    vec bias = {};
    int64_t first = column + p * lanes;
    for (int64_t i = 0; map.bias && i < lanes && first + i < map.outputs; i++) bias[i] = map.bias[first + i];
    for (int r = 0; r < Rows; r++) sums[r][p] = bias;
  }
  for (int64_t k = 0; k < map.inputs; k++) {
    vec weights[Panels];
    for (int p = 0; p < Panels; p++) load(weights[p], panel + (p * map.inputs + k) * lanes);
    for (int r = 0; r < Rows; r++) {
      float value = rows[r * stride + k];
      for (int p = 0; p < Panels; p++) sums[r][p] += weights[p] * value;
    }
  }
}

template <int Rows, int Panels>
INLINE void shrink(
    const Piece &piece, int64_t row, int64_t column, const float *panel, float *inner, int64_t width) {
  vec sums[Rows][Panels];
  multiply<Rows, Panels>(
      piece.source + row * piece.source_stride, piece.source_stride, panel, piece.down, column, sums);
  for (int r = 0; r < Rows; r++) {
    for (int p = 0; p < Panels; p++) {
      activate(sums[r][p], piece.activation);
      store(inner + (row + r) * width + column + p * lanes, sums[r][p]);
    }
  }
}

template <int Rows, int Panels>
INLINE void widen(
    const Piece &piece, int64_t row, int64_t column, const float *panel, const float *inner,
    int64_t width) {
  vec sums[Rows][Panels];
  multiply<Rows, Panels>(inner + row * width, width, panel, piece.up, column, sums);
  for (int r = 0; r < Rows; r++) {
    for (int p = 0; p < Panels; p++) {
      int64_t first = column + p * lanes;
      float *to = piece.target + (row + r) * piece.target_stride + first;
      if (first + lanes <= piece.up.outputs) {
        vec there;
        load(there, to);
        store(to, there + sums[r][p] * piece.scale);
      } else {
        for (int64_t i = 0; first + i < piece.up.outputs; i++) to[i] += sums[r][p][i] * piece.scale;
      }
    }
  }
}

/// One of the two maps, for all rows.
template <bool IsDown, int Rows>
INLINE void rows_of(const Piece &piece, int64_t row, const float *panels, float *inner, int64_t width) {
  const Map &map = IsDown ? piece.down : piece.up;
  int64_t column = 0;
  for (; column + lanes < map.outputs; column += 2 * lanes, panels += 2 * map.inputs * lanes) {
    if (IsDown) shrink<Rows, 2>(piece, row, column, panels, inner, width);
    else widen<Rows, 2>(piece, row, column, panels, inner, width);
  }
  if (column < map.outputs) {
    if (IsDown) shrink<Rows, 1>(piece, row, column, panels, inner, width);
    else widen<Rows, 1>(piece, row, column, panels, inner, width);
  }
}

template <bool IsDown>
INLINE void all_rows(const Piece &piece, const float *panels, float *inner, int64_t width) {
  int64_t row = 0;
  for (; row + row_block <= piece.count; row += row_block) {
    rows_of<IsDown, row_block>(piece, row, panels, inner, width);
  }
  for (; row + 4 <= piece.count; row += 4) rows_of<IsDown, 4>(piece, row, panels, inner, width);
  for (; row < piece.count; row++) rows_of<IsDown, 1>(piece, row, panels, inner, width);
}

int64_t padded(int64_t count) { return (count + lanes - 1) / lanes * lanes; }

__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
void work(const Piece &piece, float *panels, float *inner) {
  int64_t width = (piece.down.outputs + lanes - 1) / lanes * lanes;
  lay_out(piece.down, panels);
  all_rows<true>(piece, panels, inner, width);
  lay_out(piece.up, panels);
  all_rows<false>(piece, panels, inner, width);
}

void require(const at::Tensor &tensor, const char *name) {
  TORCH_CHECK(
      tensor.dim() == 2 && tensor.scalar_type() == at::kFloat && tensor.is_cpu() &&
          (tensor.stride(1) == 1 || tensor.size(1) == 1),
      name, " must be [tokens, width], float32, on the CPU, rows without gaps");
}

/// A map's place in memory; what has gaps is copied, and kept in `copies`.
Map map_of(ctorch_tensor_ref weight, ctorch_tensor_ref bias, std::vector<at::Tensor> &copies) {
  TORCH_CHECK(
      weight->value.dim() == 2 && weight->value.scalar_type() == at::kFloat && weight->value.is_cpu(),
      "a bottleneck's weight must be [outputs, inputs], float32, on the CPU");
  at::Tensor value = weight->value.detach().contiguous();
  if (!weight->value.is_contiguous()) copies.push_back(value);
  const float *added = nullptr;
  if (bias) {
    TORCH_CHECK(
        bias->value.numel() == value.size(0) && bias->value.scalar_type() == at::kFloat &&
            bias->value.is_contiguous(),
        "a bottleneck's bias does not fit its weight");
    added = static_cast<const float *>(bias->value.const_data_ptr());
  }
  return {static_cast<const float *>(value.const_data_ptr()), added, value.size(1), value.size(0)};
}

}  // namespace

ctorch_status ctorch_add_bottlenecks(
    ctorch_tensor_ref source, ctorch_tensor_ref target, const ctorch_bottleneck *parts,
    size_t part_count, int32_t activation) {
  return guarded([&] {
    const at::Tensor &from = source->value;
    at::Tensor &to = target->value;
    require(from, "the source"), require(to, "the target");
    TORCH_CHECK(from.size(0) == to.size(0), "source and target differ in tokens");
    std::vector<Piece> pieces;
    std::vector<at::Tensor> copies;
    int64_t end = 0, most_panels = 0, most_inner = 0;
    auto *origin = static_cast<const float *>(from.const_data_ptr());
    auto *goal = static_cast<float *>(to.mutable_data_ptr());
    for (size_t i = 0; i < part_count; i++) {
      const auto &part = parts[i];
      TORCH_CHECK(
          part.start >= end && part.count >= 0 && part.start + part.count <= to.size(0),
          "parts must follow each other within the ", to.size(0), " tokens");
      end = part.start + part.count;
      Map down = map_of(part.down, part.down_bias, copies);
      Map up = map_of(part.up, part.up_bias, copies);
      TORCH_CHECK(
          down.inputs == from.size(1) && up.outputs == to.size(1) && up.inputs == down.outputs,
          "a bottleneck's maps do not fit each other or the tokens");
      most_panels = std::max(
          {most_panels, padded(down.outputs) * down.inputs, padded(up.outputs) * up.inputs});
      for (int64_t row = part.start; row < end; row += piece_rows) {
        Piece piece{
            origin + row * from.stride(0), goal + row * to.stride(0), from.stride(0), to.stride(0),
            std::min(piece_rows, end - row), down, up, static_cast<float>(part.scale), activation};
        most_inner = std::max(most_inner, piece.count * padded(down.outputs));
        pieces.push_back(piece);
      }
    }
    parallel(static_cast<int64_t>(pieces.size()), [&](int64_t index) {
      static thread_local std::vector<float> memory;
      memory.resize(std::max<size_t>(memory.size(), most_panels + most_inner));
      work(pieces[index], memory.data(), memory.data() + most_panels);
    });
    if (!to.is_inference()) to.unsafeGetTensorImpl()->bump_version();
  });
}
