// SPDX-License-Identifier: Apache-2.0
//
// Koine's whole view of libtorch, in plain C.
//
// Operators are called by the names that libtorch registers them under ("aten::addmm"), with tagged
// values that are converted to what the operator's schema asks for; arguments left out take the
// schema's defaults. One door serves some two thousand operators, so a new one costs one line of
// Swift and none here.
//
// Every call that can fail returns a status: 0 is success; otherwise ctorch_message() has the reason,
// on the thread that made the call. No C++ exception leaves this library.
#ifndef CTORCH_H
#define CTORCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A reference to a libtorch tensor, to be given back with ctorch_tensor_release.
typedef struct ctorch_tensor *ctorch_tensor_ref;

/// A resolved operator; lives as long as the process.
typedef const struct ctorch_operator *ctorch_operator_ref;

typedef int32_t ctorch_status;

/// Why the last failing call on this thread failed. Valid until the next call on this thread.
const char *ctorch_message(void);

// MARK: Values

typedef enum {
  CTORCH_NONE = 0,
  CTORCH_TENSOR,
  CTORCH_INT,
  CTORCH_DOUBLE,
  CTORCH_BOOL,
  CTORCH_STRING,
  CTORCH_INTS,
  CTORCH_DOUBLES,
  CTORCH_TENSORS,
} ctorch_kind;

/// One argument or result. Arrays and strings are borrowed for arguments; results own their tensors.
typedef struct {
  ctorch_kind kind;
  union {
    ctorch_tensor_ref tensor;
    int64_t integer;
    double real;
    bool boolean;
    const char *string;
    const int64_t *integers;
    const double *reals;
    const ctorch_tensor_ref *tensors;
  };
  size_t count;
} ctorch_value;

// MARK: Operators

/// Finds an operator by name ("aten::add") and overload ("Tensor", or "").
ctorch_status ctorch_operator_find(
    const char *name, const char *overload, ctorch_operator_ref *result);

/// Calls an operator. At most `capacity` results are written (a list of tensors is spread over
/// several); `result_count` says how many. Fails when there are more.
ctorch_status ctorch_operator_call(
    ctorch_operator_ref op, const ctorch_value *arguments, size_t argument_count,
    ctorch_value *results, size_t capacity, size_t *result_count);

// MARK: Tensors

/// Copies `byte_count` bytes into a new contiguous CPU tensor. `dtype` is a c10::ScalarType.
ctorch_status ctorch_tensor_from_bytes(
    const void *bytes, size_t byte_count, int32_t dtype, const int64_t *shape, size_t rank,
    ctorch_tensor_ref *result);

/// Wraps memory that lives elsewhere (a mapped file). `release(context)` is called once, when the last
/// tensor that refers to the memory is gone. On failure it is not called.
ctorch_status ctorch_tensor_from_memory(
    void *bytes, int32_t dtype, const int64_t *shape, size_t rank, void (*release)(void *),
    void *context, ctorch_tensor_ref *result);

/// Copies a tensor's elements, row-major, into `bytes`; `byte_count` must be their exact size.
ctorch_status ctorch_tensor_copy_bytes(ctorch_tensor_ref tensor, void *bytes, size_t byte_count);

ctorch_tensor_ref ctorch_tensor_retain(ctorch_tensor_ref tensor);
void ctorch_tensor_release(ctorch_tensor_ref tensor);

size_t ctorch_tensor_rank(ctorch_tensor_ref tensor);
int64_t ctorch_tensor_size(ctorch_tensor_ref tensor, size_t dimension);
int32_t ctorch_tensor_dtype(ctorch_tensor_ref tensor);
bool ctorch_tensor_is_contiguous(ctorch_tensor_ref tensor);
bool ctorch_tensor_requires_gradient(ctorch_tensor_ref tensor);
/// How often the tensor was changed in place.
uint64_t ctorch_tensor_version(ctorch_tensor_ref tensor);
/// Counts a change in place that the engine does not count itself: its fused optimisers leave it out.
void ctorch_tensor_note_change(ctorch_tensor_ref tensor);
/// The first element of a contiguous CPU tensor, or null.
const void *ctorch_tensor_data(ctorch_tensor_ref tensor);

/// Tensors held through this interface, for tests that look for leaks.
int64_t ctorch_live_tensor_count(void);

// MARK: Attention

/// Rows of one length that stand next to each other in a packed batch.
typedef struct {
  int64_t start;
  int64_t row_count;
  int64_t length;
  /// Tokens of each row that are attended to, at most `length`.
  int64_t key_length;
} ctorch_row_group;

/// softmax(scale Q Kᵀ + bias) V within each row, all `[tokens, heads * width]`, float32, without gradients;
/// heads whose width is a multiple of 16 are fastest. `bias` is `[heads, longest row or more, longest
/// key length or more]`, or null. Tokens outside of all groups come out undefined.
ctorch_status ctorch_packed_attention(
    ctorch_tensor_ref queries, ctorch_tensor_ref keys, ctorch_tensor_ref values,
    const ctorch_row_group *groups, size_t group_count, int64_t head_count, double scale,
    ctorch_tensor_ref bias, ctorch_tensor_ref *result);

/// x (W + scale up down)ᵀ + b on oneDNN, with gradients, float32: `weight` is `[out, in]`, `bias` `[out]` or null, `down`
/// `[rank, in]` and `up` `[out, rank]` or both null.
ctorch_status ctorch_linear(
    ctorch_tensor_ref input, ctorch_tensor_ref weight, ctorch_tensor_ref bias,
    ctorch_tensor_ref down, ctorch_tensor_ref up, double scale, ctorch_tensor_ref *result);

/// The same attention as `ctorch_packed_attention` without a bias, with gradients. Tokens outside of all groups come out
/// undefined.
ctorch_status ctorch_row_attention(
    ctorch_tensor_ref queries, ctorch_tensor_ref keys, ctorch_tensor_ref values,
    const ctorch_row_group *groups, size_t group_count, int64_t head_count, double scale,
    ctorch_tensor_ref *result);

/// Each element zeroed with a probability and the others scaled up, plus `residual` where it is not null; float32. One
/// number of the engine's generator decides over all elements, whatever the number of threads.
ctorch_status ctorch_dropout(
    ctorch_tensor_ref input, ctorch_tensor_ref residual, double probability,
    ctorch_tensor_ref *result);

/// Sets whether this thread's `ctorch_linear` multiplies in bfloat16 and returns whether it did. Inputs, outputs and gradients
/// stay float32; sums are float32.
bool ctorch_half_products_set(bool enabled);

/// A part of a network: gets a tensor that stays the caller's, gives one that becomes it, or null where it fails.
typedef ctorch_tensor_ref (*ctorch_part)(void *context, ctorch_tensor_ref input);

/// What `part` makes of `input`, which must need a gradient. Its insides are not recorded but computed again, with the same
/// draws of the engine's generator, when gradients are. `release` gets the context when nothing needs it any more.
ctorch_status ctorch_checkpoint(
    ctorch_tensor_ref input, ctorch_part part, void *context, void (*release)(void *),
    ctorch_tensor_ref *result);

/// The keys that one row of a decoder's step attends to.
typedef struct {
  /// The first key, or the first entry of the list of places.
  int64_t start;
  /// How many there are.
  int64_t count;
} ctorch_key_run;

/// softmax(scale q Kᵀ + bias) V for one query in each row, `[rows, heads * width]`, float32, without
/// gradients. Keys and values are `[slots, heads * width]`; those of a row lie at `places[start ...]`, or
/// at `start ...` where `places` is null, so that a cache is never moved. `bias` is
/// `[heads, 1, longest run or more]`, or null.
ctorch_status ctorch_step_attention(
    ctorch_tensor_ref queries, ctorch_tensor_ref keys, ctorch_tensor_ref values,
    const ctorch_key_run *runs, size_t run_count, const int32_t *places, size_t place_count,
    int64_t head_count, double scale, ctorch_tensor_ref bias, ctorch_tensor_ref *result);

// MARK: Packed products

/// Whether this processor has what ctorch_packed_linear needs: AVX-512.
bool ctorch_packed_linear_is_here(void);

/// Lays out a weight `[outputs, inputs]`, float32, with its bias `[outputs]` or null, for ctorch_packed_linear.
ctorch_status ctorch_packed_weight(
    ctorch_tensor_ref weight, ctorch_tensor_ref bias, ctorch_tensor_ref results[2]);

/// activation(x Wᵀ + b) + residual, float32, without gradients; as ctorch_int8_linear otherwise.
ctorch_status ctorch_packed_linear(
    ctorch_tensor_ref input, const ctorch_tensor_ref weight[2], int64_t outputs,
    int32_t activation, ctorch_tensor_ref residual, ctorch_tensor_ref *result);

/// x Wᵀ + b, float32, with a gradient of x alone; `turned` is what ctorch_packed_weight made of Wᵀ without a bias.
ctorch_status ctorch_frozen_linear(
    ctorch_tensor_ref input, const ctorch_tensor_ref weight[2], const ctorch_tensor_ref turned[2],
    int64_t outputs, ctorch_tensor_ref *result);

// MARK: Bottlenecks

/// Two maps, down to a few numbers and up again, for some tokens.
typedef struct {
  int64_t start;
  int64_t count;
  /// `[inner, inputs]` and `[inner]`; the bias may be null.
  ctorch_tensor_ref down;
  ctorch_tensor_ref down_bias;
  /// `[outputs, inner]` and `[outputs]`; the bias may be null.
  ctorch_tensor_ref up;
  ctorch_tensor_ref up_bias;
  /// What is made of them is multiplied by this.
  double scale;
} ctorch_bottleneck;

/// Adds `scale * up(activation(down(x)))` of some tokens of `source`, `[tokens, inputs]`, to the same tokens of `target`,
/// `[tokens, outputs]`, float32, without gradients. Parts must not overlap and be in order of their tokens; rows may have
/// a stride. `activation` is as for ctorch_int8_linear.
ctorch_status ctorch_add_bottlenecks(
    ctorch_tensor_ref source, ctorch_tensor_ref target, const ctorch_bottleneck *parts,
    size_t part_count, int32_t activation);

// MARK: Int8

/// The ways to multiply bytes, slowest first; results are the same integers.
enum {
  CTORCH_INT8_PORTABLE = 0,
  CTORCH_INT8_AVX2 = 1,
  CTORCH_INT8_VNNI = 2,
};

/// The fastest that this processor has.
int32_t ctorch_int8_best_kernel(void);

/// Quantises a weight `[outputs, inputs]`, float32, to signed bytes with a scale for each output, and lays it out for
/// ctorch_int8_linear: values, scales, biases and sums. `bias` is `[outputs]`, or null.
ctorch_status ctorch_int8_pack(
    ctorch_tensor_ref weight, ctorch_tensor_ref bias, ctorch_tensor_ref results[4]);

/// activation(x Wᵀ + b) + residual, with each row of x quantised to unsigned bytes by its own range; float32 in and out.
/// `activation` is 0 for none, 1 gelu, 2 relu, 3 tanh, 4 gelu's tanh approximation, 5 silu; `residual` may be null.
/// A row that is not finite comes out as not a number.
ctorch_status ctorch_int8_linear(
    ctorch_tensor_ref input, const ctorch_tensor_ref weight[4], int64_t outputs,
    int32_t activation, ctorch_tensor_ref residual, int32_t kernel, ctorch_tensor_ref *result);

// MARK: Autograd

ctorch_status ctorch_tensor_set_requires_gradient(ctorch_tensor_ref tensor, bool value);
/// Accumulates gradients of a scalar tensor into the leaves it depends on.
ctorch_status ctorch_tensor_backward(ctorch_tensor_ref tensor);
/// The accumulated gradient, or null when there is none.
ctorch_status ctorch_tensor_gradient(ctorch_tensor_ref tensor, ctorch_tensor_ref *result);
ctorch_status ctorch_tensor_clear_gradient(ctorch_tensor_ref tensor);

/// Sets this thread's gradient mode and returns what it was.
bool ctorch_gradient_mode_set(bool enabled);
bool ctorch_gradient_mode(void);

// MARK: Engine

/// The version that the shim was compiled against, "2.11.0".
const char *ctorch_compiled_version(void);
/// The version of the library that was loaded, or "" when it does not say.
const char *ctorch_loaded_version(void);
ctorch_status ctorch_set_thread_count(int32_t count);
int32_t ctorch_thread_count(void);
ctorch_status ctorch_seed(uint64_t seed);

/// Gives back what is kept of freed tensors of a megabyte and more for later ones.
void ctorch_release_free_memory(void);
/// The bytes of such tensors in use, and with what is kept for later; 0 where the system's allocator has them all.
void ctorch_large_tensor_bytes(int64_t *used, int64_t *held);

#ifdef __cplusplus
}
#endif

#endif
