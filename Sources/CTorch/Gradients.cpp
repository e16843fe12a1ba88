// SPDX-License-Identifier: Apache-2.0
//
// Linear maps and attention with gradients of their own, for training in single precision.
//
// Products run on oneDNN, which knows this processor's vectors better than the engine's default, and only those are computed
// that some parameter needs. A low-rank change is added to the weight, not to the output: one product instead of three.
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/_scaled_dot_product_flash_attention_for_cpu.h>
#include <ATen/ops/_scaled_dot_product_flash_attention_for_cpu_backward.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

#include <vector>

#include "Status.h"

using ctorch::guarded;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

namespace {

/// Whether this thread's products are computed in bfloat16.
thread_local bool half_products = false;

/// A matrix as a product wants it.
at::Tensor operand(const at::Tensor &matrix, bool half) {
  return half ? matrix.to(at::kBFloat16) : matrix;
}

/// x Wᵀ + b by oneDNN, of operands of one type, in single precision; W may be a view.
at::Tensor product(
    const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias = {}) {
  using Scalars = c10::List<std::optional<at::Scalar>>;
  static auto handle =
      c10::Dispatcher::singleton()
          .findSchemaOrThrow("mkldnn::_linear_pointwise", "")
          .typed<at::Tensor(
              const at::Tensor &, const at::Tensor &, const std::optional<at::Tensor> &,
              std::string_view, Scalars, std::optional<std::string_view>)>();
  std::optional<at::Tensor> added;
  if (bias) added = bias->to(x.scalar_type());
  return handle.call(x, weight, added, "none", Scalars(), std::nullopt).to(at::kFloat);
}

/// The weight with a low-rank change in it.
at::Tensor merged(
    const at::Tensor &weight, const at::Tensor &down, const at::Tensor &up, double scale) {
  return down.defined() ? at::addmm(weight, up, down, 1, scale) : weight;
}

/// x (W + scale · up · down)ᵀ + b.
class Linear : public torch::autograd::Function<Linear> {
 public:
  static at::Tensor forward(
      AutogradContext *context, const at::Tensor &input, const at::Tensor &weight,
      const std::optional<at::Tensor> &bias, const std::optional<at::Tensor> &down,
      const std::optional<at::Tensor> &up, double scale) {
    bool half = half_products;
    at::Tensor x = operand(input.reshape({-1, input.size(-1)}), half);
    at::Tensor a = down.value_or(at::Tensor()), b = up.value_or(at::Tensor());
    auto sizes = input.sizes().vec();
    sizes.back() = weight.size(0);
    context->saved_data["scale"] = scale;
    context->saved_data["half"] = half;
    bool learns[] = {
        input.requires_grad(), weight.requires_grad(), bias && bias->requires_grad(),
        a.defined() && a.requires_grad(), b.defined() && b.requires_grad()};
    context->saved_data["learns"] = std::vector<int64_t>(std::begin(learns), std::end(learns));
    // A frozen map's gradients need no input.
    bool keeps = learns[1] || learns[3] || learns[4];
    context->save_for_backward({keeps ? x : at::Tensor(), weight, a, b});
    return product(x, operand(merged(weight, a, b, scale), half), bias).view(sizes);
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    at::NoGradGuard guard;
    auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1], &down = saved[2], &up = saved[3];
    double scale = context->saved_data["scale"].toDouble();
    bool half = context->saved_data["half"].toBool();
    auto learns = context->saved_data["learns"].toIntVector();
    at::Tensor whole = gradients[0].reshape({-1, weight.size(0)}), dy = operand(whole, half);
    at::Tensor dx, dw, db, da, dup;
    if (learns[0]) {
      auto sizes = gradients[0].sizes().vec();
      sizes.back() = weight.size(1);
      dx = product(dy, operand(merged(weight, down, up, scale), half).t()).view(sizes);
    }
    if (learns[1]) dw = at::mm(dy.t(), x).to(at::kFloat);
    if (learns[2]) db = whole.sum(0);
    if (learns[3]) {
      da = at::mm(at::mm(dy, operand(up, half)).t(), x).to(at::kFloat).mul_(scale);
    }
    if (learns[4]) {
      dup = at::mm(dy.t(), at::mm(x, operand(down, half).t())).to(at::kFloat).mul_(scale);
    }
    return {dx, dw, db, da, dup, at::Tensor()};
  }
};

using Groups = std::vector<ctorch_row_group>;

/// Attention of rows of one length at a time, on the engine's flash kernel, without a recording for each of them.
class RowAttention : public torch::autograd::Function<RowAttention> {
 public:
  static at::Tensor forward(
      AutogradContext *context, const at::Tensor &queries, const at::Tensor &keys,
      const at::Tensor &values, const Groups &groups, int64_t heads, double scale) {
    at::Tensor output = at::empty(queries.sizes(), queries.options());
    variable_list saved = {queries, keys, values, output};
    std::vector<int64_t> flat;
    for (const auto &group : groups) {
      auto [context_part, sums] = at::_scaled_dot_product_flash_attention_for_cpu(
          rows(queries, group, heads), keyed(keys, group, heads), keyed(values, group, heads), 0.0,
          false, std::nullopt, scale);
      rows(output, group, heads).copy_(context_part);
      saved.push_back(sums);
      flat.insert(flat.end(), {group.start, group.row_count, group.length, group.key_length});
    }
    context->save_for_backward(saved);
    context->saved_data["groups"] = flat;
    context->saved_data["heads"] = heads;
    context->saved_data["scale"] = scale;
    return output;
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    at::NoGradGuard guard;
    auto saved = context->get_saved_variables();
    auto flat = context->saved_data["groups"].toIntVector();
    int64_t heads = context->saved_data["heads"].toInt();
    double scale = context->saved_data["scale"].toDouble();
    at::Tensor dy = gradients[0].contiguous();
    // Zero where a group's padding sees and is seen by nothing.
    variable_list results;
    for (int i = 0; i < 3; i++) results.push_back(at::zeros(saved[i].sizes(), saved[i].options()));
    for (size_t i = 0; i * 4 < flat.size(); i++) {
      ctorch_row_group group{flat[4 * i], flat[4 * i + 1], flat[4 * i + 2], flat[4 * i + 3]};
      auto [dq, dk, dv] = at::_scaled_dot_product_flash_attention_for_cpu_backward(
          rows(dy, group, heads), rows(saved[0], group, heads), keyed(saved[1], group, heads),
          keyed(saved[2], group, heads), rows(saved[3], group, heads), saved[4 + i], 0.0, false,
          std::nullopt, scale);
      rows(results[0], group, heads).copy_(dq);
      keyed(results[1], group, heads).copy_(dk);
      keyed(results[2], group, heads).copy_(dv);
    }
    results.insert(results.end(), {at::Tensor(), at::Tensor(), at::Tensor()});
    return results;
  }

 private:
  /// A group's part of `[tokens, heads * width]` as `[rows, heads, length, width]`, a view.
  static at::Tensor rows(const at::Tensor &all, const ctorch_row_group &group, int64_t heads) {
    return all.narrow(0, group.start, group.row_count * group.length)
        .view({group.row_count, group.length, heads, -1})
        .transpose(1, 2);
  }

  static at::Tensor keyed(const at::Tensor &all, const ctorch_row_group &group, int64_t heads) {
    return rows(all, group, heads).narrow(2, 0, group.key_length);
  }
};

std::optional<at::Tensor> optional(ctorch_tensor_ref tensor) {
  return tensor ? std::optional<at::Tensor>(tensor->value) : std::nullopt;
}

}  // namespace

ctorch_status ctorch_linear(
    ctorch_tensor_ref input, ctorch_tensor_ref weight, ctorch_tensor_ref bias,
    ctorch_tensor_ref down, ctorch_tensor_ref up, double scale, ctorch_tensor_ref *result) {
  return guarded([&] {
    const at::Tensor &x = input->value, &w = weight->value;
    TORCH_CHECK(
        x.dim() > 0 && w.dim() == 2 && x.size(-1) == w.size(1), "a weight of shape ", w.sizes(),
        " does not fit an input of shape ", x.sizes());
    TORCH_CHECK((down == nullptr) == (up == nullptr), "a low-rank change needs both of its parts");
    *result = ctorch::retain(
        Linear::apply(x, w, optional(bias), optional(down), optional(up), scale));
  });
}

bool ctorch_half_products_set(bool enabled) {
  bool previous = half_products;
  half_products = enabled;
  return previous;
}

ctorch_status ctorch_row_attention(
    ctorch_tensor_ref queries, ctorch_tensor_ref keys, ctorch_tensor_ref values,
    const ctorch_row_group *groups, size_t group_count, int64_t head_count, double scale,
    ctorch_tensor_ref *result) {
  return guarded([&] {
    const at::Tensor &q = queries->value, &k = keys->value, &v = values->value;
    TORCH_CHECK(
        q.dim() == 2 && k.sizes() == q.sizes() && v.sizes() == q.sizes() && head_count > 0 &&
            q.size(1) % head_count == 0,
        "queries, keys and values differ in shape, or heads do not divide ", q.sizes());
    *result = ctorch::retain(RowAttention::apply(
        q.contiguous(), k.contiguous(), v.contiguous(), Groups(groups, groups + group_count),
        head_count, scale));
  });
}
