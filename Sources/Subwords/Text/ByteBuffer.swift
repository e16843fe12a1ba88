// SPDX-License-Identifier: Apache-2.0

/// Bytes that grow at the end and are used again for the next text.
///
/// `@unchecked Sendable` for the same reason as ``WordCache``: one thread uses it at a time.
final class ByteBuffer: @unchecked Sendable {
  private var memory = UnsafeMutablePointer<UInt8>.allocate(capacity: 1 << 12)
  private var capacity = 1 << 12
  private(set) var count = 0

  deinit { memory.deallocate() }

  /// The bytes; valid until the next change.
  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: memory, count: count) }

  /// Empties it; memory beyond a megabyte is given back.
  func removeAll() {
    count = 0
    guard capacity > 1 << 20 else { return }
    memory.deallocate()
    capacity = 1 << 12
    memory = .allocate(capacity: capacity)
  }

  func removeLast(_ number: Int) { count -= number }

  /// Makes sure that `number` more bytes can be appended without a test.
  @inline(__always)
  func reserve(_ number: Int) {
    if count &+ number > capacity { grow(number) }
  }

  private func grow(_ number: Int) {
    let size = max(capacity * 2, count + number)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
    larger.update(from: memory, count: count)
    memory.deallocate()
    memory = larger
    capacity = size
  }

  @inline(__always)
  func append(_ byte: UInt8) {
    reserve(1)
    memory[count] = byte
    count &+= 1
  }

  @inline(__always)
  func append(_ start: UnsafePointer<UInt8>, _ number: Int) {
    reserve(number)
    let target = memory + count
    if number <= 16 {
      var offset = 0
      while offset < number {
        target[offset] = start[offset]
        offset &+= 1
      }
    } else {
      target.update(from: start, count: number)
    }
    count &+= number
  }

  /// Appends the lowest bytes of a word, the lowest first, where eight have been reserved.
  @inline(__always)
  func appendWord(_ word: UInt64, count number: Int) {
    UnsafeMutableRawPointer(memory + count).storeBytes(of: word.littleEndian, as: UInt64.self)
    count &+= number
  }

  /// Appends U+2581.
  @inline(__always)
  func appendMark() {
    reserve(3)
    memory[count] = 0xE2
    memory[count &+ 1] = 0x96
    memory[count &+ 2] = 0x81
    count &+= 3
  }

  /// Whether the last bytes are U+2581.
  @inline(__always)
  var endsWithMark: Bool {
    count >= 3 && memory[count &- 1] == 0x81 && memory[count &- 2] == 0x96
      && memory[count &- 3] == 0xE2
  }
}
