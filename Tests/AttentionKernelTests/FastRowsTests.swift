import Foundation
import Testing

@testable import AttentionKernel

/// Normals, reproducible, with a spread.
private func numbers(_ count: Int, seed: UInt64, times factor: Float = 1, role: TensorRole = .logits)
  -> [Float]
{
  StandardNormals(seed: seed, role: role)(count: count).map { $0 * factor }
}

private func conditions(_ set: InstructionSet, threads: Int = 1) -> RunConditions {
  RunConditions(threads: threads, instructionSet: set)
}

@Suite struct `Scores in binary32` {
  @Test(arguments: InstructionSet.supported)
  func `every score is one chain of fused steps in component order, at any size`(set: InstructionSet) throws {
    for (queries, keys, d) in [
      (1, 1, 1), (1, 17, 3), (7, 31, 5), (8, 32, 16), (9, 33, 17), (13, 64, 257), (49, 47, 64), (3, 100, 515),
    ] {
      let q = numbers(queries * d, seed: 1, role: .queries)
      let k = numbers(keys * d, seed: 1, role: .keys)
      let scores = try ScoreMatrix(queries: queries, keys: keys, headDimension: d)(
        queries: q, keys: k, under: conditions(set))
      for row in 0..<queries {
        for column in 0..<keys {
          var sum: Float = 0
          for index in 0..<d { sum.addProduct(q[row * d + index], k[column * d + index]) }
          #expect(scores[row * keys + column] == sum, "\(queries)×\(keys), d = \(d), at \(row), \(column)")
        }
      }
    }
  }

  @Test(arguments: InstructionSet.supported)
  func `neighbors and threads change no bit of a score`(set: InstructionSet) throws {
    let (queries, keys, d) = (201, 61, 24)
    let q = numbers(queries * d, seed: 2, role: .queries)
    let k = numbers(keys * d, seed: 2, role: .keys)
    let all = try ScoreMatrix(queries: queries, keys: keys, headDimension: d)(
      queries: q, keys: k, under: conditions(set))
    for threads in [2, 4] {
      #expect(
        try ScoreMatrix(queries: queries, keys: keys, headDimension: d)(
          queries: q, keys: k, under: conditions(set, threads: threads)) == all)
    }
    let part = try ScoreMatrix(queries: 1, keys: 3, headDimension: d)(
      queries: Array(q[100 * d..<101 * d]), keys: Array(k[40 * d..<43 * d]), under: conditions(set))
    #expect(part == Array(all[100 * keys + 40..<100 * keys + 43]))
  }

  @Test func `sizes and values that make no matrix are refused`() throws {
    #expect(throws: KernelError.sizeTooSmall(name: "keys", value: 0, minimum: 1)) {
      try ScoreMatrix(queries: 1, keys: 0, headDimension: 1)
    }
    #expect(throws: KernelError.self) { try ScoreMatrix(queries: .max, keys: 1, headDimension: 2) }
    #expect(throws: KernelError.self) { try ScoreMatrix(queries: 1, keys: .max, headDimension: .max) }
    let matrix = try ScoreMatrix(queries: 1, keys: 2, headDimension: 2)
    #expect(throws: KernelError.mismatchedShapes(name: "keys", expected: 4, actual: 3)) {
      try matrix(queries: [1, 2], keys: [1, 2, 3])
    }
    #expect(throws: KernelError.nonFiniteValue(index: 1)) {
      try matrix(queries: [1, .nan], keys: [1, 2, 3, 4])
    }
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: KernelError.cancelled) {
      try matrix(queries: [1, 2], keys: [1, 2, 3, 4], under: RunConditions(cancellation: cancellation))
    }
  }
}

@Suite struct `Softmax rows in binary32` {
  @Test(arguments: InstructionSet.supported)
  func `weights keep their bound against binary64 and sum to one, at any length`(set: InstructionSet) throws {
    for keys in Array(1...18) + [31, 32, 33, 63, 64, 65, 127, 130, 513, 1000] {
      for (spread, divisor) in [(0, 1), (1, 1), (8, 1), (8, 3.7), (300, 8)] as [(Float, Double)] {
        let scores = numbers(3 * keys, seed: UInt64(keys), times: spread)
        let weights = try SoftmaxRows(rows: 3, keys: keys, dividingBy: divisor)(
          scores, under: conditions(set))
        for row in 0..<3 {
          let places = row * keys..<(row + 1) * keys
          let exact = try softmax(scores[places].map { Double($0) / divisor })
          let largest = Double(try #require(scores[places].max()))
          for (place, reference) in zip(places, exact) where reference > 0x1p-126 * (exact.max() ?? 1) {
            let depth = (largest - Double(scores[place])) / divisor
            let error = (Double(weights[place]) / reference - 1).magnitude
            // Sums in binary32 add a little that grows with the length.
            #expect(
              error <= (1.5 * depth + 4 + Double(keys).squareRoot() / 16) * 0x1p-24, "\(keys), \(spread)")
          }
          let total = weights[places].reduce(0) { $0 + Double($1) }
          #expect((total - 1).magnitude <= 4e-7 * Double(keys).squareRoot())
        }
      }
    }
  }

  @Test(arguments: InstructionSet.supported)
  func `large, equal, single and masked logits are what they should be`(set: InstructionSet) throws {
    func row(_ scores: [Float]) throws -> [Float] {
      var weights = scores
      try weights.withUnsafeMutableBufferPointer {
        try SoftmaxRows(rows: 1, keys: scores.count).forward(inPlace: $0, under: conditions(set))
      }
      return weights
    }
    #expect(try row([-1e4, 1e4, 0]) == [0, 1, 0])
    #expect(try row([3, 3, 3, 3]) == [0.25, 0.25, 0.25, 0.25])
    #expect(try row([.greatestFiniteMagnitude]) == [1])
    #expect(try row([1e4, 9_999, -.infinity]).last == 0)
    #expect(try row([1, -.infinity, 1, -.infinity, -.infinity]) == [0.5, 0, 0.5, 0, 0])
    #expect(try row([-.infinity, -.infinity]).allSatisfy { $0.isNaN })
    #expect(try row([1, .infinity, 2]).allSatisfy { $0.isNaN })
    for place in [0, 1, 15, 16, 60, 66] {
      var scores = numbers(67, seed: 1)
      scores[place] = .nan
      #expect(try row(scores).allSatisfy { $0.isNaN }, "not a number at \(place)")
    }
  }

  @Test(arguments: InstructionSet.supported)
  func `in place, past the caches, on threads and alone, a row has the same bits`(set: InstructionSet) throws
  {
    // Large enough for stores past the caches, at an address that allows them.
    let (rows, keys) = (4_200, 1024)
    let scores = AlignedFloats(count: rows * keys)
    let weights = AlignedFloats(count: rows * keys)
    let source = UnsafeMutableBufferPointer(start: scores.base, count: rows * keys)
    let target = UnsafeMutableBufferPointer(start: weights.base, count: rows * keys)
    StandardNormals(seed: 8, role: .logits).fill(source, startingAt: 0, using: set)
    let matrix = try SoftmaxRows(rows: rows, keys: keys, dividingBy: 0.2)
    try matrix.forward(UnsafeBufferPointer(source), into: target, under: conditions(set, threads: 2))
    let row = Array(source[4_199 * keys..<4_200 * keys])
    #expect(
      try Array(SoftmaxRows(rows: 1, keys: keys, dividingBy: 0.2)(row))
        == Array(target[4_199 * keys..<4_200 * keys])
    )
    try matrix.forward(inPlace: source, under: conditions(set))
    #expect(memcmp(scores.base, weights.base, 4 * rows * keys) == 0)
  }

  @Test(arguments: InstructionSet.supported)
  func `the backward pass is the Jacobian times the gradient, and sums to nothing`(set: InstructionSet) throws
  {
    for keys in [1, 2, 5, 16, 33, 100, 257] {
      let scores = numbers(2 * keys, seed: 3, times: 2)
      let gradients = numbers(2 * keys, seed: 4)
      let rows = try SoftmaxRows(rows: 2, keys: keys, dividingBy: 1.5)
      let weights = try rows(scores, under: conditions(set))
      var result = [Float](repeating: 0, count: 2 * keys)
      try result.withUnsafeMutableBufferPointer { result in
        try weights.withUnsafeBufferPointer { weights in
          try gradients.withUnsafeBufferPointer { gradients in
            try rows.backward(
              weights: weights, weightGradients: gradients, into: result, under: conditions(set))
          }
        }
      }
      for row in 0..<2 {
        let places = row * keys..<(row + 1) * keys
        let p = try softmax(scores[places].map { Double($0) / 1.5 })
        let g = gradients[places].map(Double.init)
        let mean = zip(p, g).reduce(0) { $0 + $1.0 * $1.1 }
        for (index, place) in places.enumerated() {
          let exact = p[index] * (g[index] - mean) / 1.5
          #expect((Double(result[place]) - exact).magnitude <= 3e-6 * p[index] + 1e-9)
        }
        #expect(result[places].reduce(0) { $0 + Double($1) }.magnitude < 2e-6)
      }
    }
  }

  @Test func `a result of many numbers is a collection of its own, shared by its copies`() throws {
    // Several large pages, the last one in part.
    let (rows, keys) = (1_100, 1_000)
    let scores = numbers(rows * keys, seed: 6, times: 3)
    let matrix = try SoftmaxRows(rows: rows, keys: keys)
    let weights = try matrix(scores, under: RunConditions(threads: 2))
    let copy = weights
    #expect(copy.count == rows * keys && copy.indices == 0..<rows * keys)
    #expect(weights.withUnsafeBufferPointer(\.baseAddress) == copy.withUnsafeBufferPointer(\.baseAddress))
    var kept = scores
    try kept.withUnsafeMutableBufferPointer { try matrix.forward(inPlace: $0) }
    #expect(copy.elementsEqual(kept))
    #expect(copy.withContiguousStorageIfAvailable { $0.count } == rows * keys)
  }

  @Test func `shapes and scales that do not fit are refused`() throws {
    #expect(throws: KernelError.sizeTooSmall(name: "rows", value: 0, minimum: 1)) {
      try SoftmaxRows(rows: 0, keys: 1)
    }
    for divisor in [0, -1, Double.nan, .infinity, 1e-200] {
      #expect(throws: KernelError.self) { try SoftmaxRows(rows: 1, keys: 1, dividingBy: divisor) }
    }
    #expect(throws: KernelError.self) { try SoftmaxRows(rows: .max, keys: .max) }
    #expect(throws: KernelError.mismatchedShapes(name: "scores", expected: 4, actual: 3)) {
      try SoftmaxRows(rows: 2, keys: 2)([1, 2, 3])
    }
    let two = try SoftmaxRows(rows: 2, keys: 3)
    for (scores, index) in [
      ([1, 2, 3, -.infinity, .nan, 1], 4), ([1, 2, 3, 4, -.infinity, .infinity], 5),
      ([-.infinity, -.infinity, -.infinity, 1, 2, 3], 0),
    ] as [([Float], Int)] {
      #expect(throws: KernelError.nonFiniteValue(index: index)) { try two(scores) }
    }
    #expect(try Array(two([1, -.infinity, 1, 0, 0, -.infinity])) == [0.5, 0, 0.5, 0.5, 0.5, 0])
  }
}
