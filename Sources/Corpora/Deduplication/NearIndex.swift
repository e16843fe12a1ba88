// SPDX-License-Identifier: Apache-2.0

/// Finds texts that are nearly the same, by bands of their sketches, in tables of bounded size.
///
/// Texts that share a band are compared by their whole sketches; the earliest that is alike enough is found.
/// Texts without shingles are known by their fingerprints alone. Many texts that share a band without being
/// alike, as filled-in forms do, cost a comparison each.
struct NearIndex: CopyIndex {
  /// A sketch, and the fingerprint for texts that have none.
  struct Key: Sendable {
    var sketch: [UInt16]
    var fingerprint: TextFingerprint
  }

  private let capacity: Int
  private let width: Int
  private let banding: Banding
  private let threshold: Double
  private var sketches: [UInt16] = []
  private var places: [UInt64] = []
  private var copies: [UInt32] = []
  /// One more than the number of the latest link in each bucket; 0 is none.
  private var heads: [UInt32] = []
  /// For each text and band, one more than the link before it in its bucket.
  private var links: [UInt32] = []
  private var isChecked: [UInt32] = []
  private var round: UInt32 = 0

  /// An index that takes no more than so many bytes.
  init(width: Int, banding: Banding, threshold: Double, memory: Int) {
    precondition(banding.bands * banding.rows <= width)
    self.width = width
    self.banding = banding
    self.threshold = threshold
    let perItem = 2 * width + 8 + 4 + 4 + banding.bands * 12
    // While arrays grow, the old ones are there beside the new ones, which are up to twice as large.
    capacity = min(max(1, memory / (5 * perItem / 2)), Int(UInt32.max) / banding.bands - 1)
    removeAll()
  }

  var count: Int { places.count }
  var isFull: Bool { count >= capacity }
  var groupCount: Int { copies.count { $0 > 0 } }

  mutating func find(_ key: Key) -> (item: Int, likeness: Double)? {
    let sketch = filled(key)
    var best: Int?
    var bestEqual = 0
    let needed = Int((threshold * Double(width)).rounded(.up))
    round &+= 1
    for band in 0..<banding.bands {
      var link = heads[bucket(sketch, band)]
      while link != 0 {
        let item = Int(link - 1) / banding.bands
        if Int(link - 1) % banding.bands == band, item < best ?? .max, isChecked[item] != round {
          isChecked[item] = round
          let equal = agreement(item, sketch)
          if equal >= needed { (best, bestEqual) = (item, equal) }
          // What has the same sketch is here because nothing earlier is alike.
          if equal == width { return (item, 1) }
        }
        link = links[Int(link - 1)]
      }
    }
    return best.map { ($0, Double(bestEqual) / Double(width)) }
  }

  mutating func insert(_ key: Key, at place: RecordPlace) {
    let sketch = filled(key)
    let item = count
    sketches += sketch
    places.append(place.rawValue)
    copies.append(0)
    isChecked.append(0)
    links += repeatElement(0, count: banding.bands)
    if links.count > heads.count {
      heads = [UInt32](repeating: 0, count: heads.count * 2)
      for other in 0...item { link(other) }
    } else {
      link(item)
    }
  }

  func place(of item: Int) -> RecordPlace { RecordPlace(rawValue: places[item]) }

  mutating func noteCopy(of item: Int) -> Int {
    copies[item] &+= 1
    return Int(copies[item])
  }

  mutating func removeAll() {
    sketches = []
    places = []
    copies = []
    links = []
    isChecked = []
    round = 0
    heads = [UInt32](repeating: 0, count: 1 << 12)
  }

  /// A text without shingles gets a sketch of its fingerprint, which only its equals have.
  private func filled(_ key: Key) -> [UInt16] {
    guard key.sketch.isEmpty else { return key.sketch }
    return (0..<width).map {
      UInt16(truncatingIfNeeded: mix(key.fingerprint.low, key.fingerprint.high ^ UInt64($0)))
    }
  }

  private mutating func link(_ item: Int) {
    let sketch = sketches[item * width..<(item + 1) * width]
    for band in 0..<banding.bands {
      let bucket = bucket(sketch, band)
      let link = item * banding.bands + band
      links[link] = heads[bucket]
      heads[bucket] = UInt32(link + 1)
    }
  }

  private func bucket(_ sketch: some RandomAccessCollection<UInt16>, _ band: Int) -> Int {
    var hash = UInt64(band)
    let start = sketch.index(sketch.startIndex, offsetBy: band * banding.rows)
    for value in sketch[start...].prefix(banding.rows) { hash = mix(hash, UInt64(value)) }
    return Int(truncatingIfNeeded: hash) & (heads.count - 1)
  }

  private func agreement(_ item: Int, _ sketch: [UInt16]) -> Int {
    sketches.withUnsafeBufferPointer { all in
      sketch.withUnsafeBufferPointer { sketch in
        var equal = 0
        let start = item * width
        for place in 0..<width where all[start + place] == sketch[place] { equal += 1 }
        return equal
      }
    }
  }
}
