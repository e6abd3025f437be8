import Synchronization
import Testing

@testable import AttentionKernel

@Suite struct `Work on several threads` {
  @Test(arguments: [1, 2, 3, 7]) func `results come in index order`(threads: Int) throws {
    let results = try Parallel.map(count: 1000, under: RunConditions(threads: threads)) {
      (index) throws(KernelError) in
      index * index
    }
    #expect(results == (0..<1000).map { $0 * $0 })
    let none = try Parallel.map(count: 0, under: RunConditions(threads: threads)) {
      (index) throws(KernelError) in index
    }
    #expect(none.isEmpty)
  }

  @Test(arguments: [1, 3]) func `the first failing chunk decides the error`(threads: Int) {
    #expect(throws: KernelError.nonFiniteValue(index: 40)) {
      try Parallel.map(count: 100, under: RunConditions(threads: threads)) { (index) throws(KernelError) in
        if index >= 40 { throw .nonFiniteValue(index: index) }
        return index
      }
    }
    #expect(throws: KernelError.sizeTooSmall(name: "threads", value: 0, minimum: 1)) {
      try Parallel.map(count: 1, under: RunConditions(threads: 0)) { (index) throws(KernelError) in index }
    }
  }

  @Test(arguments: [1, 3]) func `a cancelled computation stops between chunks`(threads: Int) {
    let cancellation = Cancellation()
    let started = Atomic<Int>(0)
    #expect(throws: KernelError.cancelled) {
      try Parallel.map(count: 10_000, under: RunConditions(threads: threads, cancellation: cancellation)) {
        (index) throws(KernelError) in
        if started.wrappingAdd(1, ordering: .relaxed).newValue == 5 { cancellation.cancel() }
        return index
      }
    }
    #expect(started.load(ordering: .relaxed) < 5 + threads)
  }

  @Test(arguments: [1, 3]) func `progress counts up to the total`(threads: Int) throws {
    let seen = Mutex<[Int]>([])
    _ = try Parallel.map(
      count: 50,
      under: RunConditions(
        threads: threads, progress: { done, total in seen.withLock { $0.append(done * 1000 + total) } }),
      body: { (index) throws(KernelError) in index })
    #expect(seen.withLock { $0 } == (1...50).map { $0 * 1000 + 50 })
  }
}

@Suite struct `Moments of a stream` {
  private let values = StandardNormals(seed: 8, role: .logits)(count: 999).map { Double($0) * 2 + 5 }

  @Test func `one pass gives the moments of two passes`() {
    let moments = Moments(values)
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    func central(_ power: Int) -> Double {
      values.reduce(0) { sum, value in
        sum + (0..<power).reduce(1.0) { product, _ in product * (value - mean) }
      }
    }
    #expect((moments.mean - mean).magnitude < 1e-12)
    #expect((moments.m2 / central(2) - 1).magnitude < 1e-12)
    #expect((moments.m3 - central(3)).magnitude < 1e-10 * central(4))
    #expect((moments.m4 / central(4) - 1).magnitude < 1e-12)
    #expect(moments.minimum == values.min() && moments.maximum == values.max())
  }

  @Test(arguments: [0, 1, 500, 998, 999]) func `merged parts give the moments of the whole`(split: Int) {
    var merged = Moments(values[..<split])
    merged.merge(Moments(values[split...]))
    let whole = Moments(values)
    #expect(merged.count == whole.count)
    #expect((merged.mean - whole.mean).magnitude < 1e-13)
    #expect((merged.m2 / whole.m2 - 1).magnitude < 1e-13)
    #expect((merged.m3 - whole.m3).magnitude < 1e-12 * whole.m4)
    #expect((merged.m4 / whole.m4 - 1).magnitude < 1e-13)
  }

  @Test func `no numbers and equal numbers leave out what is undefined`() {
    #expect(Moments().variance == nil && Moments().meanEstimate.standardError == nil)
    #expect(Moments([3, 3, 3]).kurtosis == nil)
    #expect(Estimate.exact(2).standardError == 0)
  }

  @Test func `a histogram counts every number once`() throws {
    var histogram = try Histogram(edges: [0, 1, 2.5, 3])
    for value in [-0.1, 0, 0.99, 1, 2.49, 2.5, 3, 3.01, 1e300] { histogram.add(value) }
    #expect(histogram.counts == [2, 2, 2])
    #expect(histogram.underflow == 1 && histogram.overflow == 2 && histogram.total == 9)
    #expect(histogram.multiplied(by: 2).edges == [0, 2, 5, 6])
    #expect(throws: KernelError.unorderedEdges(index: 1)) { try Histogram(edges: [1, 1]) }
    #expect(throws: KernelError.unorderedEdges(index: 1)) { try Histogram(edges: [1]) }
  }

  @Test func `numbers at, just below and just above an edge fall into the bin that the edges say`() throws {
    let scales = [0.1, 1 / 3.0, 1e-300, .leastNonzeroMagnitude, 7e200]
    // Bins of one width, of about one width, and of very different widths.
    let shapes: [[Double]] = [
      (0...60).map { Double($0) - 30 }, (0...7).map { Double($0) + 0.2 * Double($0 % 2) },
      [-1, 0, 0.001, 5, 6, 100], [3, 4],
    ]
    for edges in shapes.flatMap({ shape in scales.map { scale in shape.map { $0 * scale } } })
    where zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) {
      for value in edges.flatMap({ [$0.nextDown, $0, $0.nextUp] })
      where (edges[0]...edges[edges.count - 1]).contains(value) {
        var histogram = try Histogram(edges: edges)
        histogram.add(value)
        let expected = min(edges.count - 2, edges.lastIndex { $0 <= value } ?? 0)
        #expect(histogram.counts.firstIndex(of: 1) == expected, "\(value) among \(edges)")
      }
    }
  }
}
