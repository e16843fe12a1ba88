// SPDX-License-Identifier: Apache-2.0

/// The address that a server has bound.
public struct ListeningAddress: Sendable, Equatable, CustomStringConvertible {
  /// The host as the configuration names it.
  public var host: String
  /// The port, also where the configuration left the choice to the system.
  public var port: Int

  /// The address as a URL.
  public var description: String {
    let isIPv6 = host.utf8.contains(UInt8(ascii: ":"))
    return "http://\(isIPv6 ? "[\(host)]" : host):\(port)"
  }
}
