// SPDX-License-Identifier: Apache-2.0
//
// Vectors of 16 floats, which the compiler lowers for each kind of processor.
#pragma once

#include <cstdint>
#include <cstring>

#define INLINE static inline __attribute__((always_inline))

namespace ctorch {

constexpr int64_t lanes = 16;

typedef float vec __attribute__((vector_size(64), aligned(4)));
typedef int32_t ivec __attribute__((vector_size(64), aligned(4)));

INLINE void load(vec &result, const float *from) { std::memcpy(&result, from, sizeof(vec)); }
INLINE void store(float *to, const vec &value) { std::memcpy(to, &value, sizeof(vec)); }

/// e^x for x <= 0: x = n ln 2 + r, and a polynomial in r (Cephes' coefficients), right to 2 ulp.
INLINE void exponential(vec &x) {
  const float magic = 12582912.f;  // 1.5 * 2^23: adding it rounds to an integer
  vec floor = vec{} - 87.f;
  x = x > floor ? x : floor;
  vec shifted = x * 1.44269504088896341f + magic;
  vec n = shifted - magic;
  vec r = x - n * 0.693359375f + n * 2.12194440e-4f;
  vec p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.f;
  ivec exponent;
  std::memcpy(&exponent, &shifted, sizeof exponent);
  exponent = (exponent - 0x4B400000 + 127) << 23;
  vec scale;
  std::memcpy(&scale, &exponent, sizeof scale);
  x = p * scale;
}

/// The sum of a vector's numbers, in pairs: one after the other they would wait for each other.
INLINE float sum_of(const vec &value) {
  typedef float half __attribute__((vector_size(32)));
  typedef float quarter __attribute__((vector_size(16)));
  half halves[2];
  std::memcpy(halves, &value, sizeof halves);
  halves[0] += halves[1];
  quarter quarters[2];
  std::memcpy(quarters, &halves[0], sizeof quarters);
  quarter all = quarters[0] + quarters[1];
  return (all[0] + all[2]) + (all[1] + all[3]);
}

/// x without its sign, and what gives the sign back.
INLINE void split_sign(const vec &x, vec &magnitude, vec &sign) {
  const vec zero = {};
  sign = x < zero ? zero - 1.f : zero + 1.f;
  magnitude = x * sign;
}

/// tanh(x) = sign(x) (1 - e) / (1 + e), with e = exp(-2 |x|).
INLINE void hyperbolic_tangent(vec &x) {
  vec magnitude, sign;
  split_sign(x, magnitude, sign);
  vec e = magnitude * -2.f;
  exponential(e);
  x = sign * (1.f - e) / (1.f + e);
}

/// x Φ(x); the error function as in Abramowitz and Stegun, 7.1.26, right to 1.5e-7.
INLINE void gelu(vec &x) {
  vec magnitude, sign;
  split_sign(x, magnitude, sign);
  vec z = magnitude * 0.70710678118654752f;
  vec t = 1.f / (1.f + z * 0.3275911f);
  vec e = z * z * -1.f;
  exponential(e);
  vec p = t * 1.061405429f - 1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t - 0.284496736f;
  p = (p * t + 0.254829592f) * t;
  x = x * 0.5f * (1.f + sign * (1.f - p * e));
}

/// x σ(x), by way of exp(-|x|).
INLINE void silu(vec &x) {
  vec magnitude, sign;
  split_sign(x, magnitude, sign);
  vec e = magnitude * -1.f;
  exponential(e);
  x = x * (sign > vec{} ? vec{} + 1.f : e) / (1.f + e);
}

/// Activations, numbered as the interface numbers them.
INLINE void activate(vec &x, int32_t activation) {
  switch (activation) {
    case 1: gelu(x); break;
    case 2: x = x > vec{} ? x : (x <= vec{} ? vec{} : x); break;  // what is not a number stays so
    case 3: hyperbolic_tangent(x); break;
    case 4: {
      vec inner = 0.79788456080286536f * (x + 0.044715f * x * x * x);
      hyperbolic_tangent(inner);
      x = 0.5f * x * (1.f + inner);
      break;
    }
    case 5: silu(x); break;
    default: break;
  }
}

}  // namespace ctorch
