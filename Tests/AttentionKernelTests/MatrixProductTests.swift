import Testing

@testable import AttentionKernel

private struct Matrices {
  let product: MatrixProduct
  let left, right, gradients: [Float]

  init(_ rows: Int, _ depth: Int, _ columns: Int) throws {
    product = try MatrixProduct(rows: rows, depth: depth, columns: columns)
    left = StandardNormals(seed: 11, role: .queries)(count: rows * depth)
    right = StandardNormals(seed: 11, role: .keys)(count: depth * columns)
    gradients = StandardNormals(seed: 11, role: .values)(count: rows * columns)
  }
}

private func transposed<Number>(_ matrix: [Number], columns: Int) -> [Number] {
  let rows = matrix.count / columns
  return (0..<columns).flatMap { column in (0..<rows).map { matrix[$0 * columns + column] } }
}

/// The contract of an entry: chains of 32 fused steps, added up in their order.
private func entry(_ left: [Float], _ right: [Float]) -> Float {
  var sum: Float = 0
  for start in stride(from: 0, to: left.count, by: 32) {
    var chain: Float = 0
    for step in start..<min(start + 32, left.count) { chain = chain.addingProduct(left[step], right[step]) }
    sum = start == 0 ? chain : sum + chain
  }
  return sum
}

@Suite struct `Products of matrices and their gradients` {
  private static let sizes = [
    [1, 1, 1], [2, 3, 5], [7, 1, 17], [1, 31, 16], [17, 33, 15], [8, 32, 32], [13, 64, 47], [49, 65, 1],
    [97, 130, 70],
  ]

  // More than 528 rows are computed in pieces, here of the gradients to the right side and of the product.
  @Test(arguments: sizes + [[20, 1100, 9], [1100, 3, 5]])
  func `every entry is the sum of chains that the contract says, to the last bit`(sizes: [Int]) throws {
    let (rows, depth, columns) = (sizes[0], sizes[1], sizes[2])
    let matrices = try Matrices(rows, depth, columns)
    let (left, right, gradients) = (matrices.left, matrices.right, matrices.gradients)
    func product(_ left: [Float], _ right: [Float], depth: Int) -> [Float] {
      let columns = transposed(right, columns: right.count / depth).chunks(of: depth).map(Array.init)
      return left.chunks(of: depth).flatMap { row in columns.map { entry(Array(row), $0) } }
    }
    #expect(try matrices.product(left, right) == product(left, right, depth: depth))
    #expect(
      try matrices.product.leftGradients(right: right, productGradients: gradients)
        == product(gradients, transposed(right, columns: columns), depth: columns))
    #expect(
      try matrices.product.rightGradients(left: left, productGradients: gradients)
        == product(transposed(left, columns: depth), gradients, depth: rows))
  }

  @Test(arguments: sizes)
  func `entries err by no more than the bound that is promised`(sizes: [Int]) throws {
    let (rows, depth, columns) = (sizes[0], sizes[1], sizes[2])
    let matrices = try Matrices(rows, depth, columns)
    let wide = [matrices.left, matrices.right].map { $0.map(Double.init) }
    let reference = try matrices.product.reference(wide[0], wide[1])
    let magnitudes = try matrices.product.reference(wide[0].map(\.magnitude), wide[1].map(\.magnitude))
    let products = try matrices.product(matrices.left, matrices.right)
    for index in products.indices {
      let bound = Double(32 + depth / 32) * 0x1p-24 * magnitudes[index]
      #expect((Double(products[index]) - reference[index]).magnitude <= bound)
    }
  }

  @Test func `gradients are slopes of a sum of entries`() throws {
    let matrices = try Matrices(3, 4, 5)
    let (left, right) = (matrices.left.map(Double.init), matrices.right.map(Double.init))
    func loss(_ left: [Double], _ right: [Double]) throws -> Double {
      zip(try matrices.product.reference(left, right), matrices.gradients)
        .reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    let ofLeft = try matrices.product.leftGradients(
      right: matrices.right, productGradients: matrices.gradients)
    let ofRight = try matrices.product.rightGradients(
      left: matrices.left, productGradients: matrices.gradients)
    // The loss is linear in each, so that any step gives its slope.
    for index in left.indices {
      var moved = left
      moved[index] += 1
      #expect((try loss(moved, right) - loss(left, right) - Double(ofLeft[index])).magnitude < 2e-6)
    }
    for index in right.indices {
      var moved = right
      moved[index] += 1
      #expect((try loss(left, moved) - loss(left, right) - Double(ofRight[index])).magnitude < 2e-6)
    }
  }

  @Test(arguments: InstructionSet.supported, [1, 2, 4])
  func `products have the known bits`(set: InstructionSet, threads: Int) throws {
    let conditions = RunConditions(threads: threads, instructionSet: set)
    var hash = BitHash()
    for sizes in Self.sizes + [[1100, 40, 33]] {
      let matrices = try Matrices(sizes[0], sizes[1], sizes[2])
      hash.add(try matrices.product(matrices.left, matrices.right, under: conditions))
      hash.add(
        try matrices.product.leftGradients(
          right: matrices.right, productGradients: matrices.gradients, under: conditions))
      hash.add(
        try matrices.product.rightGradients(
          left: matrices.left, productGradients: matrices.gradients, under: conditions))
    }
    #expect(hash.value == 4_158_236_132_537_018_777)
  }

  @Test func `sizes and numbers that make no sense are refused`() throws {
    #expect(throws: KernelError.sizeTooSmall(name: "depth", value: 0, minimum: 1)) {
      try MatrixProduct(rows: 1, depth: 0, columns: 1)
    }
    #expect(throws: KernelError.self) { try MatrixProduct(rows: .max, depth: 2, columns: 1) }
    #expect(throws: KernelError.self) { try MatrixProduct(rows: 1 << 40, depth: 1, columns: 1 << 40) }
    let product = try MatrixProduct(rows: 2, depth: 3, columns: 2)
    let six = [Float](repeating: 1, count: 6)
    #expect(throws: KernelError.mismatchedShapes(name: "right", expected: 6, actual: 5)) {
      try product(six, Array(six.dropLast()))
    }
    #expect(throws: KernelError.mismatchedShapes(name: "productGradients", expected: 4, actual: 6)) {
      try product.leftGradients(right: six, productGradients: six)
    }
    #expect(throws: KernelError.nonFiniteValue(index: 5)) { try product(six.dropLast() + [.nan], six) }
    #expect(throws: KernelError.overflow(name: "products")) { try product(six.map { $0 * 3e38 }, six) }
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: KernelError.cancelled) {
      try product(six, six, under: RunConditions(cancellation: cancellation))
    }
  }
}
