// SPDX-License-Identifier: Apache-2.0
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/version.h>

#include "Status.h"

using ctorch::guarded;

const char *ctorch_compiled_version(void) { return TORCH_VERSION; }

const char *ctorch_loaded_version(void) {
  // Looked up by name, so that a library too old to have it gives an empty answer and not an
  // undefined symbol. The number is packed as 0xMMmmpp then five bytes of build.
  static const std::string version = [] {
    using Function = uint64_t (*)();
    auto packed = reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, "aoti_torch_abi_version"));
    if (!packed) return std::string();
    uint64_t number = packed();
    return std::to_string(number >> 56 & 0xff) + "." + std::to_string(number >> 48 & 0xff) + "." +
        std::to_string(number >> 40 & 0xff);
  }();
  return version.c_str();
}

ctorch_status ctorch_set_thread_count(int32_t count) {
  return guarded([&] {
    TORCH_CHECK(count > 0, "the number of threads must be positive, found ", count);
    at::set_num_threads(count);
  });
}

int32_t ctorch_thread_count(void) { return at::get_num_threads(); }

ctorch_status ctorch_seed(uint64_t seed) {
  return guarded([&] { at::manual_seed(seed); });
}
