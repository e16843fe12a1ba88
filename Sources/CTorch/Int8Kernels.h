// SPDX-License-Identifier: Apache-2.0
//
// Products of rows of unsigned bytes with 64 columns of signed ones, for three kinds of processor. All add up the same integers.
//
// A weight lies in panels of 64 outputs: for every four inputs, the 64 outputs' four bytes one after the other.
#pragma once

#include "Vectors.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace ctorch {

constexpr int64_t panel_width = 64;
constexpr int64_t panel_vectors = panel_width / lanes;

// Functions with instructions of their own are called, not inlined: what calls them is compiled for any processor first.

/// Sums of products of a few rows with a panel, [rows][64].
template <int Rows>
struct Sums {
  ivec values[Rows][panel_vectors];
};

#if defined(__x86_64__)

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma"))), \
    apply_to = function)

/// AVX-512 with VNNI: four products and their sum in one instruction.
struct VNNIKernel {
  static constexpr int rows = 6;
  typedef uint8_t element;

  template <int Rows>
  __attribute__((noinline)) static void multiply(
      const uint8_t *from, int64_t stride, const int8_t *panel, int64_t quads, Sums<Rows> &sums) {
    __m512i total[Rows][4];
    for (int r = 0; r < Rows; r++) {
      for (int v = 0; v < 4; v++) total[r][v] = _mm512_setzero_si512();
    }
    for (int64_t q = 0; q < quads; q++) {
      __m512i weights[4];
      for (int v = 0; v < 4; v++) weights[v] = _mm512_loadu_si512(panel + q * 256 + v * 64);
      for (int r = 0; r < Rows; r++) {
        int32_t four;
        std::memcpy(&four, from + r * stride + q * 4, sizeof four);
        __m512i row = _mm512_set1_epi32(four);
        for (int v = 0; v < 4; v++) total[r][v] = _mm512_dpbusd_epi32(total[r][v], row, weights[v]);
      }
    }
    std::memcpy(&sums, total, sizeof sums);
  }
};

#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

/// AVX2, whose product of bytes may overflow: bytes are widened to 16 bits, of which pairs are multiplied and added.
struct AVX2Kernel {
  static constexpr int rows = 3;
  typedef int16_t element;

  template <int Rows>
  __attribute__((noinline)) static void multiply(
      const int16_t *from, int64_t stride, const int8_t *panel, int64_t quads, Sums<Rows> &sums) {
    for (int part = 0; part < 4; part++) {
      __m256i total[Rows][4];
      for (int r = 0; r < Rows; r++) {
        for (int v = 0; v < 4; v++) total[r][v] = _mm256_setzero_si256();
      }
      const int8_t *weights = panel + part * 64;
      for (int64_t q = 0; q < quads; q++) {
        __m256i row[Rows];
        for (int r = 0; r < Rows; r++) {
          int64_t four;
          std::memcpy(&four, from + r * stride + q * 4, sizeof four);
          row[r] = _mm256_set1_epi64x(four);
        }
        for (int v = 0; v < 4; v++) {
          __m256i wide = _mm256_cvtepi8_epi16(_mm_loadu_si128(
              reinterpret_cast<const __m128i *>(weights + q * 256 + v * 16)));
          for (int r = 0; r < Rows; r++) {
            total[r][v] = _mm256_add_epi32(total[r][v], _mm256_madd_epi16(row[r], wide));
          }
        }
      }
      for (int r = 0; r < Rows; r++) {
        __m256i halves[2];
        for (int h = 0; h < 2; h++) {
          halves[h] = _mm256_permute4x64_epi64(
              _mm256_hadd_epi32(total[r][2 * h], total[r][2 * h + 1]), 0xD8);
        }
        std::memcpy(&sums.values[r][part], halves, sizeof halves);
      }
    }
  }
};

#pragma clang attribute pop

#endif

/// Any processor.
struct PortableKernel {
  static constexpr int rows = 1;
  typedef uint8_t element;

  template <int Rows>
  __attribute__((noinline)) static void multiply(
      const uint8_t *from, int64_t stride, const int8_t *panel, int64_t quads, Sums<Rows> &sums) {
    int32_t total[Rows][panel_width] = {};
    for (int64_t q = 0; q < quads; q++) {
      for (int r = 0; r < Rows; r++) {
        for (int64_t n = 0; n < panel_width; n++) {
          for (int64_t i = 0; i < 4; i++) {
            total[r][n] += static_cast<int32_t>(from[r * stride + q * 4 + i]) *
                           panel[(q * panel_width + n) * 4 + i];
          }
        }
      }
    }
    std::memcpy(&sums, total, sizeof sums);
  }
};

}  // namespace ctorch
