// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import NIOCore

/// What accompanies a request through the server.
struct ServingContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The caller's connection.
  let channel: any Channel
  /// The request's `X-Request-Id`: the caller's own, or one that was made here.
  var requestID = ""

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    channel = source.channel
  }
}
