// SPDX-License-Identifier: Apache-2.0

/// The words of a training text as symbols that byte-pair merges join.
///
/// Each symbol has a place, linked to its neighbours in the word and to the other places where the pair that it begins
/// stands. A place begins one pair at most, so these lists live in the places themselves: 28 bytes for each symbol, and
/// every list holds exactly the places that its pair has now.
struct MergeText: ~Copyable {
  struct Place: BitwiseCopyable {
    var symbol: Int32
    var word: Int32
    var previous: Int32
    var next: Int32 = -1
    /// The pair of this symbol and the next one; -1 if there is none.
    var pair: Int32 = -1
    var previousOfPair: Int32 = -1
    var nextOfPair: Int32 = -1
  }

  var places: TrainingBuffer<Place>
  var table = PairTable()
  private var counts: TrainingBuffer<Int64>
  /// For the symbol that is being made: its pair with each other symbol to the left and to the right; -1 if not known.
  private var pairsLeft = TrainingBuffer<Int32>()
  private var pairsRight = TrainingBuffer<Int32>()
  /// The pairs that the last merge added to.
  private(set) var touched = TrainingBuffer<Int32>()
  private var overlapping: [Int32] = []

  /// Takes the places, whose symbols and neighbours are known, and finds their pairs.
  init(_ places: consuming TrainingBuffer<Place>, counts: [Int64]) {
    self.places = places
    self.counts = TrainingBuffer(capacity: counts.count)
    for count in counts { self.counts.append(count) }
    // From behind, so that each list runs forward through the text.
    for place in stride(from: self.places.count - 1, through: 0, by: -1) {
      let next = self.places.base[place].next
      guard next >= 0 else { continue }
      let pair = table.index(self.places.base[place].symbol, self.places.base[Int(next)].symbol)
      link(Int32(place), to: pair)
    }
  }

  /// Joins a pair wherever it stands; where it overlaps itself, from the left of the word.
  mutating func merge(_ pair: Int32, into symbol: Int32) {
    for pair in touched.elements {
      let known = table.pairs.base[Int(pair)]
      pairsLeft.base[Int(known.left)] = -1
      pairsRight.base[Int(known.right)] = -1
    }
    touched.removeAll()
    while pairsLeft.count <= Int(symbol) {
      pairsLeft.append(-1)
      pairsRight.append(-1)
    }
    let merged = table.pairs.base[Int(pair)]
    var place = merged.first
    if merged.left == merged.right {
      overlapping.removeAll(keepingCapacity: true)
      while place >= 0 {
        overlapping.append(place)
        place = places.base[Int(place)].nextOfPair
      }
      overlapping.sort()
      for place in overlapping where places.base[Int(place)].pair == pair {
        join(place, symbol)
      }
    } else {
      while place >= 0 {
        let following = places.base[Int(place)].nextOfPair
        join(place, symbol)
        place = following
      }
    }
  }

  private mutating func join(_ place: Int32, _ symbol: Int32) {
    let here = places.base[Int(place)]
    let after = places.base[Int(here.next)].next
    unlink(place)
    if here.previous >= 0 { unlink(here.previous) }
    if after >= 0 {
      unlink(here.next)
      places.base[Int(after)].previous = place
    }
    places.base[Int(place)].symbol = symbol
    places.base[Int(place)].next = after
    if here.previous >= 0 {
      let left = places.base[Int(here.previous)].symbol
      var pair = pairsLeft.base[Int(left)]
      if pair < 0 {
        pair = table.index(left, symbol)
        pairsLeft.base[Int(left)] = pair
        touched.append(pair)
      }
      link(here.previous, to: pair)
    }
    if after >= 0 {
      let right = places.base[Int(after)].symbol
      var pair = pairsRight.base[Int(right)]
      if pair < 0 {
        pair = table.index(symbol, right)
        pairsRight.base[Int(right)] = pair
        touched.append(pair)
      }
      link(place, to: pair)
    }
  }

  @inline(__always)
  private func link(_ place: Int32, to pair: Int32) {
    let known = table.pairs.base + Int(pair)
    let here = places.base + Int(place)
    here.pointee.pair = pair
    here.pointee.previousOfPair = -1
    here.pointee.nextOfPair = known.pointee.first
    if known.pointee.first >= 0 { places.base[Int(known.pointee.first)].previousOfPair = place }
    known.pointee.first = place
    known.pointee.count &+= counts.base[Int(here.pointee.word)]
  }

  @inline(__always)
  private func unlink(_ place: Int32) {
    let here = places.base + Int(place)
    let known = table.pairs.base + Int(here.pointee.pair)
    let (before, behind) = (here.pointee.previousOfPair, here.pointee.nextOfPair)
    if before >= 0 {
      places.base[Int(before)].nextOfPair = behind
    } else {
      known.pointee.first = behind
    }
    if behind >= 0 { places.base[Int(behind)].previousOfPair = before }
    here.pointee.pair = -1
    known.pointee.count &-= counts.base[Int(here.pointee.word)]
  }
}
