// SPDX-License-Identifier: Apache-2.0

/// Introspective sort (Musser 1997) with the choices of GNU's C++ library.
///
/// It is not stable, and fastText's dictionary has words that came equally often in just the order in which it leaves
/// them. Rows of a model are numbered by that order, so whoever wants the same rows has to sort the same way.
enum LibrarySort {
  private static let threshold = 16

  /// The elements in order.
  static func sorted<Element>(
    _ elements: [Element], by precedes: (Element, Element) -> Bool
  ) -> [Element] {
    var elements = elements
    guard elements.count > 1 else { return elements }
    elements.withUnsafeMutableBufferPointer { elements in
      let depth = 2 * (Int.bitWidth - 1 - elements.count.leadingZeroBitCount)
      sort(elements, 0, elements.count, depth, precedes)
      insert(elements, precedes)
    }
    return elements
  }

  private static func sort<Element>(
    _ elements: UnsafeMutableBufferPointer<Element>, _ first: Int, _ last: Int, _ depth: Int,
    _ precedes: (Element, Element) -> Bool
  ) {
    var (last, depth) = (last, depth)
    while last - first > threshold {
      guard depth > 0 else {
        heapSort(UnsafeMutableBufferPointer(rebasing: elements[first..<last]), precedes)
        return
      }
      depth -= 1
      medianToFirst(elements, first, precedes, first + 1, first + (last - first) / 2, last - 1)
      let cut = partition(elements, first + 1, last, pivot: first, precedes)
      sort(elements, cut, last, depth, precedes)
      last = cut
    }
  }

  private static func medianToFirst<Element>(
    _ elements: UnsafeMutableBufferPointer<Element>, _ first: Int,
    _ precedes: (Element, Element) -> Bool, _ a: Int, _ b: Int, _ c: Int
  ) {
    func isBefore(_ left: Int, _ right: Int) -> Bool { precedes(elements[left], elements[right]) }
    let median: Int
    if isBefore(a, b) {
      median = isBefore(b, c) ? b : isBefore(a, c) ? c : a
    } else {
      median = isBefore(a, c) ? a : isBefore(b, c) ? c : b
    }
    elements.swapAt(first, median)
  }

  private static func partition<Element>(
    _ elements: UnsafeMutableBufferPointer<Element>, _ first: Int, _ last: Int, pivot: Int,
    _ precedes: (Element, Element) -> Bool
  ) -> Int {
    var (first, last) = (first, last)
    while true {
      while precedes(elements[first], elements[pivot]) { first += 1 }
      last -= 1
      while precedes(elements[pivot], elements[last]) { last -= 1 }
      guard first < last else { return first }
      elements.swapAt(first, last)
      first += 1
    }
  }

  private static func insert<Element>(
    _ elements: UnsafeMutableBufferPointer<Element>, _ precedes: (Element, Element) -> Bool
  ) {
    for index in 1..<elements.count {
      let element = elements[index]
      var place = index
      if index < threshold, precedes(element, elements[0]) {
        while place > 0 {
          elements[place] = elements[place - 1]
          place -= 1
        }
      } else {
        while precedes(element, elements[place - 1]) {
          elements[place] = elements[place - 1]
          place -= 1
        }
      }
      elements[place] = element
    }
  }

  private static func heapSort<Element>(
    _ heap: UnsafeMutableBufferPointer<Element>, _ precedes: (Element, Element) -> Bool
  ) {
    for parent in stride(from: (heap.count - 2) / 2, through: 0, by: -1) {
      sink(heap, parent, heap.count, heap[parent], precedes)
    }
    for last in stride(from: heap.count - 1, to: 0, by: -1) {
      let element = heap[last]
      heap[last] = heap[0]
      sink(heap, 0, last, element, precedes)
    }
  }

  /// Moves a hole down to a leaf and then the element up to where it belongs.
  private static func sink<Element>(
    _ heap: UnsafeMutableBufferPointer<Element>, _ top: Int, _ count: Int, _ element: Element,
    _ precedes: (Element, Element) -> Bool
  ) {
    var hole = top
    var child = top
    while child < (count - 1) / 2 {
      child = 2 * (child + 1)
      if precedes(heap[child], heap[child - 1]) { child -= 1 }
      heap[hole] = heap[child]
      hole = child
    }
    if count & 1 == 0, child == (count - 2) / 2 {
      child = 2 * (child + 1)
      heap[hole] = heap[child - 1]
      hole = child - 1
    }
    while hole > top, precedes(heap[(hole - 1) / 2], element) {
      heap[hole] = heap[(hole - 1) / 2]
      hole = (hole - 1) / 2
    }
    heap[hole] = element
  }
}
