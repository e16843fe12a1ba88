// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/Parallel.h>
#include <dlfcn.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace ctorch {

/// Runs `body(piece)` for each piece on as many threads as the caller's operations may use: the engine's own pool, since a
/// second one would stand in its way. `body` must not throw.
template <typename Body>
void parallel(int64_t pieces, const Body &body) {
  typedef void (*launcher)(void (*)(void *), void *, unsigned, unsigned);
  static const launcher launch = reinterpret_cast<launcher>(dlsym(RTLD_DEFAULT, "GOMP_parallel"));
  int64_t threads = std::min<int64_t>(at::get_num_threads(), pieces);
  if (threads <= 1 || !launch) {
    for (int64_t piece = 0; piece < pieces; piece++) body(piece);
    return;
  }
  struct State {
    const Body &body;
    int64_t pieces;
    std::atomic<int64_t> next{0};
  } state{body, pieces};
  launch(
      [](void *context) {
        auto &state = *static_cast<State *>(context);
        for (int64_t piece; (piece = state.next.fetch_add(1)) < state.pieces;) state.body(piece);
      },
      &state, static_cast<unsigned>(threads), 0);
}

}  // namespace ctorch
