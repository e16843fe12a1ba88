// SPDX-License-Identifier: Apache-2.0
//
// A part of a network whose insides are not kept for the backward pass but computed again there (Chen and others, 2016).
#include <ATen/CPUGeneratorImpl.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

#include "Status.h"

using ctorch::guarded;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

namespace {

/// The caller's part, let go when the last recording that needs it is.
struct Part : torch::CustomClassHolder {
  ctorch_part run;
  void *context;
  void (*release)(void *);

  Part(ctorch_part run, void *context, void (*release)(void *))
      : run(run), context(context), release(release) {}
  ~Part() override { release(context); }

  at::Tensor operator()(const at::Tensor &input) const {
    ctorch_tensor_ref given = ctorch::retain(input);
    ctorch_tensor_ref made = run(context, given);
    ctorch_tensor_release(given);
    TORCH_CHECK(made, "a part of the network could not be computed");
    at::Tensor result = made->value;
    ctorch_tensor_release(made);
    return result;
  }
};

at::Tensor chance() {
  at::Generator generator = at::detail::getDefaultCPUGenerator();
  std::lock_guard<std::mutex> lock(generator.mutex());
  return generator.get_state();
}

void set_chance(const at::Tensor &state) {
  at::Generator generator = at::detail::getDefaultCPUGenerator();
  std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_state(state);
}

class Checkpoint : public torch::autograd::Function<Checkpoint> {
 public:
  static at::Tensor forward(
      AutogradContext *context, const at::Tensor &input, c10::intrusive_ptr<Part> part) {
    context->save_for_backward({input, chance()});
    context->saved_data["part"] = c10::IValue::make_capsule(part);
    // Recorded like the second time, and forgotten: without a recording other kernels would round otherwise.
    at::AutoGradMode recording(true);
    return (*part)(input.detach()).detach();
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    auto saved = context->get_saved_variables();
    auto capsule = context->saved_data["part"].toCapsule();
    const auto &part = *static_cast<const Part *>(capsule.get());
    at::Tensor input = saved[0].detach(), now = chance();
    input.requires_grad_(true);
    at::Tensor output;
    // The same draws as before, so that dropout drops the same; then as if there had been none.
    set_chance(saved[1]);
    {
      at::AutoGradMode recording(true);
      output = part(input);
    }
    set_chance(now);
    torch::autograd::backward({output}, {gradients[0]});
    return {input.grad(), at::Tensor()};
  }
};

}  // namespace

ctorch_status ctorch_checkpoint(
    ctorch_tensor_ref input, ctorch_part part, void *context, void (*release)(void *),
    ctorch_tensor_ref *result) {
  return guarded([&] {
    auto held = c10::make_intrusive<Part>(part, context, release);
    *result = ctorch::retain(Checkpoint::apply(input->value, held));
  });
}
