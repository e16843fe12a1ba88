// SPDX-License-Identifier: Apache-2.0
//
// Linear maps that do not learn, below or between parts that do: only the input has a gradient, so that both products are
// by a weight that stays and can be laid out beforehand, one of them turned.
#include <torch/csrc/autograd/custom_function.h>

#include "Packed.h"
#include "Status.h"

using namespace ctorch;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

namespace {

class FrozenLinear : public torch::autograd::Function<FrozenLinear> {
 public:
  static at::Tensor forward(
      AutogradContext *context, const at::Tensor &input, const at::Tensor &values,
      const at::Tensor &offsets, const at::Tensor &turned, const at::Tensor &nothing,
      int64_t outputs) {
    context->save_for_backward({turned, nothing});
    context->saved_data["inputs"] = input.size(-1);
    return packed_product(input, values, offsets, outputs, 0, at::Tensor());
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    at::NoGradGuard guard;
    auto saved = context->get_saved_variables();
    at::Tensor dx = packed_product(
        gradients[0], saved[0], saved[1], context->saved_data["inputs"].toInt(), 0, at::Tensor());
    at::Tensor none;
    return {dx, none, none, none, none, none};
  }
};

}  // namespace

ctorch_status ctorch_frozen_linear(
    ctorch_tensor_ref input, const ctorch_tensor_ref weight[2], const ctorch_tensor_ref turned[2],
    int64_t outputs, ctorch_tensor_ref *result) {
  return guarded([&] {
    *result = retain(FrozenLinear::apply(
        input->value, weight[0]->value, weight[1]->value, turned[0]->value, turned[1]->value,
        outputs));
  });
}
