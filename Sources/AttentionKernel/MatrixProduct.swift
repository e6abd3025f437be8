internal import CAttention

/// The product of two matrices in binary32, `C = A B`, and what a loss's gradient with respect to C says of A and B.
///
/// It is what projects inputs to queries, keys and values: A has a row per input, B is the projection. All matrices are
/// row by row: A `[rows, depth]`, B `[depth, columns]`, C `[rows, columns]`.
///
/// An entry is a sum, in their order, of chains of fused multiply-adds over 32 steps each, from 0 on. It depends on the row
/// and the column that make it and on nothing else: not on the other sizes, the threads or the instruction set. It errs by
/// at most `(32 + depth/32) · 2⁻²⁴ · Σ|a b|`, usually by far less. Meant for matrices that fit into the caches.
public struct MatrixProduct: Hashable, Sendable {
  /// Rows of A and C.
  public let rows: Int
  /// Columns of A, rows of B.
  public let depth: Int
  /// Columns of B and C.
  public let columns: Int

  /// Describes a product.
  ///
  /// - Throws: ``KernelError`` unless all sizes are at least 1 and the matrices can be addressed.
  public init(rows: Int, depth: Int, columns: Int) throws(KernelError) {
    try KernelError.require("rows", rows)
    try KernelError.require("depth", depth)
    try KernelError.require("columns", columns)
    for (a, b) in [(rows, depth), (depth, columns), (rows, columns)] {
      guard (8 * (Saturating(a) + 16) * (Saturating(b) + 16)).value < .max else {
        throw .sizeTooLarge(name: "rows · columns", maximum: .max / 8)
      }
    }
    self.rows = rows
    self.depth = depth
    self.columns = columns
  }

  /// Returns C.
  ///
  /// - Parameters:
  ///   - left: A, `[rows, depth]`, finite.
  ///   - right: B, `[depth, columns]`, finite.
  ///   - conditions: Threads share the rows; cancellation is checked every few milliseconds.
  /// - Throws: ``KernelError/mismatchedShapes(name:expected:actual:)`` and ``KernelError/nonFiniteValue(index:)`` before any
  ///   arithmetic; ``KernelError/overflow(name:)`` where an entry leaves the range of binary32;
  ///   ``KernelError/cancelled``.
  public func callAsFunction(
    _ left: [Float], _ right: [Float], under conditions: RunConditions = RunConditions()
  ) throws(KernelError) -> [Float] {
    try check(left, "left", rows: rows, columns: depth)
    try check(right, "right", rows: depth, columns: columns)
    return try Self.finite("products", rows * columns, left, right) { (inputs, target) throws(KernelError) in
      try Self.multiply(
        attention_product(
          rows: rows, columns: columns, depth: depth, left: inputs[0], left_row: depth, left_step: 1,
          right: inputs[1], right_row: columns, target: target, target_row: columns, accumulate: false),
        conditions)
    }
  }

  /// Returns the gradient with respect to A of a loss whose gradient with respect to C is G: `G Bᵀ`.
  ///
  /// - Parameters:
  ///   - right: B, `[depth, columns]`, finite.
  ///   - productGradients: G, `[rows, columns]`, finite.
  ///   - conditions: As for the product.
  /// - Returns: `[rows, depth]`.
  /// - Throws: As ``callAsFunction(_:_:under:)``.
  public func leftGradients(
    right: [Float], productGradients: [Float], under conditions: RunConditions = RunConditions()
  ) throws(KernelError) -> [Float] {
    try check(right, "right", rows: depth, columns: columns)
    try check(productGradients, "productGradients", rows: rows, columns: columns)
    let transposedRow = (depth + 15) / 16 * 16
    let transposed = AlignedFloats(count: columns * transposedRow)
    attention_transpose(conditions.instructionSet.kernels, right, depth, columns, transposed.base)
    return try Self.finite("gradients", rows * depth, productGradients, right) {
      (inputs, target) throws(KernelError) in
      try Self.multiply(
        attention_product(
          rows: rows, columns: depth, depth: columns, left: inputs[0], left_row: columns, left_step: 1,
          right: transposed.base, right_row: transposedRow, target: target, target_row: depth,
          accumulate: false),
        conditions)
      withExtendedLifetime(transposed) {}
    }
  }

  /// Returns the gradient with respect to B of a loss whose gradient with respect to C is G: `Aᵀ G`.
  ///
  /// - Parameters:
  ///   - left: A, `[rows, depth]`, finite.
  ///   - productGradients: G, `[rows, columns]`, finite.
  ///   - conditions: As for the product.
  /// - Returns: `[depth, columns]`.
  /// - Throws: As ``callAsFunction(_:_:under:)``.
  public func rightGradients(
    left: [Float], productGradients: [Float], under conditions: RunConditions = RunConditions()
  ) throws(KernelError) -> [Float] {
    try check(left, "left", rows: rows, columns: depth)
    try check(productGradients, "productGradients", rows: rows, columns: columns)
    return try Self.finite("gradients", depth * columns, left, productGradients) {
      (inputs, target) throws(KernelError) in
      try Self.multiply(
        attention_product(
          rows: depth, columns: columns, depth: rows, left: inputs[0], left_row: 1, left_step: depth,
          right: inputs[1], right_row: columns, target: target, target_row: columns, accumulate: false),
        conditions)
    }
  }

  // MARK: Reference

  /// Returns C as it is defined, in binary64: sums of products in the order of the depth.
  ///
  /// - Throws: ``KernelError``, before any arithmetic.
  public func reference(_ left: [Double], _ right: [Double]) throws(KernelError) -> [Double] {
    try KernelError.requireShape("left", count: left.count, rows: rows, columns: depth)
    try KernelError.requireShape("right", count: right.count, rows: depth, columns: columns)
    try KernelError.requireFinite(left)
    try KernelError.requireFinite(right)
    var products = [Double](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for step in 0..<depth {
        let factor = left[row * depth + step]
        for column in 0..<columns {
          products[row * columns + column] += factor * right[step * columns + column]
        }
      }
    }
    return products
  }

  // MARK: Inside

  private func check(_ matrix: [Float], _ name: String, rows: Int, columns: Int) throws(KernelError) {
    try KernelError.requireShape(name, count: matrix.count, rows: rows, columns: columns)
    try KernelError.requireFinite(matrix)
  }

  /// An array that `body` writes from two others.
  private static func finite(
    _ name: String, _ count: Int, _ first: [Float], _ second: [Float],
    body: ([UnsafePointer<Float>], UnsafeMutablePointer<Float>) throws(KernelError) -> Void
  ) throws(KernelError) -> [Float] {
    let result = try withPointers(to: first, second) { (inputs) throws(KernelError) in
      try [Float].filled(count) { (targets) throws(KernelError) in try body(inputs, targets[0]) }
    }
    guard result[0].areFinite else { throw .overflow(name: name) }
    return result[0]
  }

  /// Computes a product, some rows at a time.
  private static func multiply(
    _ product: attention_product, _ conditions: RunConditions
  ) throws(KernelError) {
    let rows = product.rows
    // Whole tiles of every instruction set, and not more than a few milliseconds.
    let rowsAtOnce = max(48, min(528, (1 << 24) / (product.depth * product.columns) / 48 * 48))
    let operations = 2 * Double(rows) * Double(product.depth) * Double(product.columns)
    let set = conditions.instructionSet.kernels
    // Each piece writes rows of its own.
    nonisolated(unsafe) let product = product
    _ = try Parallel.map(
      count: (rows + rowsAtOnce - 1) / rowsAtOnce, under: conditions.with(operations: operations)
    ) { (number) throws(KernelError) in
      let first = number * rowsAtOnce
      var part = product
      part.rows = min(rowsAtOnce, rows - first)
      part.left += first * product.left_row
      part.target += first * product.target_row
      attention_multiply(set, &part)
    }
  }
}
