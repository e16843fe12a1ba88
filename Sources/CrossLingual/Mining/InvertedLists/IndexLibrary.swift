// SPDX-License-Identifier: Apache-2.0

import Foundation
import WordVectors

/// The library with FAISS in it that `Scripts/faiss` makes, loaded where an index is asked for.
///
/// Its functions can be called from any thread.
struct IndexLibrary: @unchecked Sendable {
  typealias Message = UnsafeMutablePointer<CChar>
  typealias Make =
    @convention(c) (
      Int32, Int32, UnsafeMutablePointer<UnsafeMutableRawPointer?>, Message, Int32
    ) -> Int32
  typealias Rows =
    @convention(c) (
      UnsafeMutableRawPointer, UnsafePointer<Float>, Int64, Int32, Message, Int32
    ) -> Int32
  typealias Search =
    @convention(c) (
      UnsafeRawPointer, UnsafePointer<Float>, Int64, Int32, Int32, Int32,
      UnsafeMutablePointer<Float>, UnsafeMutablePointer<Int64>, Message, Int32
    ) -> Int32
  typealias Free = @convention(c) (UnsafeMutableRawPointer) -> Void

  /// The interface that this was written against; `interfaceVersion` in `Scripts/faiss-index/Index.cpp`.
  private static let interface: Int32 = 1

  /// FAISS's version.
  let version: String
  let make: Make
  let train: Rows
  let add: Rows
  let search: Search
  let free: Free

  /// `KOINE_FAISS`, else where the script puts it.
  static var path: String {
    let environment = ProcessInfo.processInfo.environment
    if let path = environment["KOINE_FAISS"], !path.isEmpty { return path }
    var cache = environment["KOINE_CACHE"] ?? ""
    if cache.isEmpty { cache = "\(NSHomeDirectory())/.cache/koine" }
    return "\(cache)/faiss-\(interface)/libkoine-faiss.so"
  }

  /// Loads the library, which stays.
  ///
  /// - Throws: `WordVectorError` where it is not there or is another.
  init(path: String = Self.path) throws(WordVectorError) {
    guard FileManager.default.fileExists(atPath: path) else {
      throw WordVectorError(
        .file, "the library of --index ivf is not here",
        hint: "run Scripts/faiss to make it, or set KOINE_FAISS to where it is", at: path)
    }
    // Its own matrix products rather than those of the engine's library, whose number of threads is another matter.
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND) else {
      throw WordVectorError(
        .format, "the library of --index ivf cannot be loaded",
        found: dlerror().map { String(cString: $0) }, hint: "run Scripts/faiss to make it anew",
        at: path)
    }
    func symbol<Function>(_ name: String, _: Function.Type) throws(WordVectorError) -> Function {
      guard let address = dlsym(handle, "koine_index_\(name)") else {
        throw Self.foreign(path, found: "no koine_index_\(name)")
      }
      return unsafeBitCast(address, to: Function.self)
    }
    let interface = try symbol("interface", (@convention(c) () -> Int32).self)()
    guard interface == Self.interface else {
      throw Self.foreign(path, found: "interface \(interface), not \(Self.interface)")
    }
    version = try String(
      cString: symbol("version", (@convention(c) () -> UnsafePointer<CChar>).self)())
    make = try symbol("make", Make.self)
    train = try symbol("train", Rows.self)
    add = try symbol("add", Rows.self)
    search = try symbol("search", Search.self)
    free = try symbol("free", Free.self)
  }

  private static func foreign(_ path: String, found: String) -> WordVectorError {
    WordVectorError(
      .format, "the library of --index ivf is not of this version of Koine", found: found,
      hint: "run Scripts/faiss to make it anew", at: path)
  }

  /// Calls a function that fails with a text.
  func call(_ body: (Message, Int32) -> Int32) throws(WordVectorError) {
    var message = [CChar](repeating: 0, count: 512)
    let status = message.withUnsafeMutableBufferPointer { buffer -> Int32 in
      guard let start = buffer.baseAddress else { return 1 }
      return body(start, Int32(buffer.count))
    }
    guard status == 0 else {
      let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw WordVectorError(
        .data, "the index failed", found: String(decoding: text, as: UTF8.self),
        hint: "look for the cause in these words, or leave --index out")
    }
  }
}
