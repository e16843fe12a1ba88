// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace ctorch {

/// activation(x Wᵀ + b) + residual with what ctorch_packed_weight made of W and b; `residual` may be undefined. No gradients.
at::Tensor packed_product(
    const at::Tensor &input, const at::Tensor &values, const at::Tensor &offsets, int64_t outputs,
    int32_t activation, const at::Tensor &residual);

}  // namespace ctorch
