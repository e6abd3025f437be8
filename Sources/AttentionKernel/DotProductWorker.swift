internal import CAttention

/// One worker's memory, and the dot products of rows of two streams that it computes there.
struct DotProductWorker {
  /// The most floats of a stream that are made at a time.
  static let tileSize = 8 * paddedWidth

  /// Rows longer than this are made one by one and in pieces.
  private static let longestWhole = 960
  private static let pieceWidth = 1024
  /// Rows a multiple of 4096 bytes apart would drive each other out of the first-level cache.
  private static let paddedWidth = pieceWidth + 16

  private let headDimension: Int
  private let set: InstructionSet
  private let queries: StandardNormals
  private let keys: StandardNormals
  private let rowsAtOnce: Int
  private let normalization: Normalization
  private let fault: KernelFault?
  private var left: [Float]
  private var right: [Float]

  /// The squared lengths of the rows of both streams under work, with unit length.
  private var leftSquares: [Double]
  private var rightSquares: [Double]

  init(
    headDimension: Int, samples: Int, seed: UInt64, normalization: Normalization = .none,
    using set: InstructionSet = .best, fault: KernelFault? = nil
  ) {
    self.normalization = normalization
    self.fault = fault
    self.headDimension = headDimension
    self.set = set
    queries = StandardNormals(seed: seed, role: .queries)
    keys = StandardNormals(seed: seed, role: .keys)
    let isWhole = headDimension <= Self.longestWhole
    // The kernel takes eight rows at a time.
    rowsAtOnce = isWhole ? Self.tileSize / headDimension / 8 * 8 : 8
    let size = isWhole ? min(samples, rowsAtOnce) * headDimension : Self.tileSize
    left = [Float](repeating: 0, count: size)
    right = left
    leftSquares = [Double](repeating: 0, count: normalization == .unitLength ? rowsAtOnce : 0)
    rightSquares = leftSquares
  }

  /// Returns the score of each sample of a range: a sum of exact products in component order, with unit length divided by
  /// the lengths of both.
  mutating func scores(of samples: Range<Int>) -> [Double] {
    if let fault { return scores(of: samples, with: fault) }
    var scores = [Double](repeating: 0, count: samples.count)
    for first in stride(from: samples.lowerBound, to: samples.upperBound, by: rowsAtOnce) {
      let rows = first..<(first + min(rowsAtOnce, samples.upperBound - first))
      scores.withUnsafeMutableBufferPointer { scores in
        let place = first - samples.lowerBound
        let sums = UnsafeMutableBufferPointer(rebasing: scores[place..<(place + rows.count)])
        for index in leftSquares.indices { (leftSquares[index], rightSquares[index]) = (0, 0) }
        if headDimension <= Self.longestWhole {
          addWhole(rows, to: sums)
        } else {
          addPieces(of: rows, to: sums)
        }
        if normalization == .unitLength {
          for index in sums.indices {
            sums[index] = Self.cosine(sums[index], leftSquares[index], rightSquares[index])
          }
        }
      }
    }
    return scores
  }

  /// The cosine of the angle between two rows; 0 where one of them is all zeros.
  private static func cosine(_ product: Double, _ leftSquare: Double, _ rightSquare: Double) -> Double {
    let lengths = leftSquare.squareRoot() * rightSquare.squareRoot()
    return lengths > 0 ? product / lengths : 0
  }

  /// The same, with a mistake made on purpose; whole rows, one at a time.
  private func scores(of samples: Range<Int>, with fault: KernelFault) -> [Double] {
    var query = [Float](repeating: 0, count: headDimension)
    var key = query
    return samples.map { sample in
      for (role, normals) in [(TensorRole.queries, queries), (.keys, keys)] {
        let start = UInt64(sample) * UInt64(headDimension)
        func draw(_ buffer: inout UnsafeMutableBufferPointer<Float>) {
          normals.fill(buffer, startingAt: start, using: set)
          Optional(fault).distort(buffer, headDimension: headDimension, role: role)
        }
        if role == .queries {
          query.withUnsafeMutableBufferPointer(draw)
        } else {
          key.withUnsafeMutableBufferPointer(draw)
        }
      }
      var sum = 0.0
      var (querySquare, keySquare) = (0.0, 0.0)
      for component in 0..<headDimension {
        let (left, right) = (Double(query[component]), Double(key[component]))
        sum += left * right
        querySquare += left * left
        keySquare += right * right
      }
      if normalization == .unitLength { sum = Self.cosine(sum, querySquare, keySquare) }
      return fault == .signFlipped ? -sum : sum
    }
  }

  private mutating func addWhole(_ rows: Range<Int>, to sums: UnsafeMutableBufferPointer<Double>) {
    draw(rows.count * headDimension, from: rows.lowerBound * headDimension, at: 0)
    add(to: sums, width: headDimension, stride: headDimension)
  }

  private mutating func addPieces(of rows: Range<Int>, to sums: UnsafeMutableBufferPointer<Double>) {
    for component in stride(from: 0, to: headDimension, by: Self.pieceWidth) {
      let width = min(Self.pieceWidth, headDimension - component)
      for (index, row) in rows.enumerated() {
        draw(width, from: row * headDimension + component, at: index * Self.paddedWidth)
      }
      add(to: sums, width: width, stride: Self.paddedWidth)
    }
  }

  /// Makes `count` elements of both streams.
  private mutating func draw(_ count: Int, from element: Int, at place: Int) {
    left.withUnsafeMutableBufferPointer {
      let part = UnsafeMutableBufferPointer(rebasing: $0[place..<(place + count)])
      queries.fill(part, startingAt: UInt64(element), using: set)
    }
    right.withUnsafeMutableBufferPointer {
      let part = UnsafeMutableBufferPointer(rebasing: $0[place..<(place + count)])
      keys.fill(part, startingAt: UInt64(element), using: set)
    }
  }

  private mutating func add(to sums: UnsafeMutableBufferPointer<Double>, width: Int, stride: Int) {
    attention_add_row_products(set.kernels, left, right, sums.count, width, stride, sums.baseAddress)
    guard normalization == .unitLength else { return }
    attention_add_row_products(set.kernels, left, left, sums.count, width, stride, &leftSquares)
    attention_add_row_products(set.kernels, right, right, sums.count, width, stride, &rightSquares)
  }
}
