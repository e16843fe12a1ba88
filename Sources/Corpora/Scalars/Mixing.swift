// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Two words mixed into one by the halves of their product (as in wyhash, Wang Yi 2019).
@inline(__always)
func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
  let product = (left ^ 0x2d35_8dcc_aa6c_78a5).multipliedFullWidth(
    by: right ^ 0x8bb8_4b93_962e_acc9)
  let folded = product.high ^ product.low
  let again = (folded ^ 0x4b33_a62e_d433_d4a3).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
  return again.high ^ again.low
}

/// A hash of bytes that a seed chooses, eight at a time.
func hashBytes(_ bytes: UnsafeBufferPointer<UInt8>, seed: UInt64) -> UInt64 {
  var hash = mix(seed, UInt64(bytes.count))
  guard let base = bytes.baseAddress else { return hash }
  let raw = UnsafeRawPointer(base)
  var index = 0
  while index + 8 <= bytes.count {
    hash = mix(hash, raw.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian)
    index += 8
  }
  var rest: UInt64 = 0
  while index < bytes.count {
    rest = rest << 8 | UInt64(bytes[index])
    index += 1
  }
  return mix(hash, rest)
}

/// The natural logarithm.
func logarithm(_ value: Double) -> Double { log(value) }
