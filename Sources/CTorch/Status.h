// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>

#include "ctorch.h"

#if !__has_include(<ATen/core/Tensor.h>)
#error "Koine's engine is not here: run Scripts/engine (or make) to fetch libtorch 2.11.0, or set LIBTORCH to its folder"
#endif

#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

/// The reference that C holds: one libtorch tensor.
struct ctorch_tensor {
  at::Tensor value;
};

namespace ctorch {

ctorch_tensor_ref retain(at::Tensor tensor);
void set_message(std::string message);

/// Runs `body`; whatever it throws becomes a status and a message.
template <typename Body>
ctorch_status guarded(Body &&body) {
  try {
    body();
    return 0;
  } catch (const c10::Error &error) {
    set_message(error.what_without_backtrace());
  } catch (const std::exception &error) {
    set_message(error.what());
  } catch (...) {
    set_message("unknown C++ exception");
  }
  return 1;
}

}  // namespace ctorch
