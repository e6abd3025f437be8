internal import CAttention

extension RoundedSoftmax {
  /// Writes the weights of rows with a mistake made on purpose, around the fast loops: before the first step, between
  /// steps that are taken apart here, or behind the last one.
  func write(
    _ logits: UnsafePointer<Float>, rows: Int, keys: Int, to weights: UnsafeMutablePointer<Float>,
    using set: InstructionSet, with fault: KernelFault
  ) {
    let all = rows * keys
    switch fault {
    case .maximumNotSubtracted:
      RoundedSoftmax(format, subtractsMaximum: false, roundsSums: roundsSums).write(
        logits, rows: rows, keys: keys, to: weights, using: set)
    case .maximumAlwaysSubtracted:
      RoundedSoftmax(format, subtractsMaximum: true, roundsSums: roundsSums).write(
        logits, rows: rows, keys: keys, to: weights, using: set)
    case .roundedAtTheEnd:
      RoundedSoftmax(.binary32, subtractsMaximum: subtractsMaximum, roundsSums: roundsSums).write(
        logits, rows: rows, keys: keys, to: weights, using: set)
      round(weights, count: all, using: set)
    case .logitsClipped:
      // Two steps of the format below the limit, so that rounding stays below it too.
      let steps = Float(sign: .plus, exponent: 2 - format.precision, significand: 1)
      let limit = format.rounded(Float(format.overflowLogit) * (1 - steps))
      let clipped = AlignedFloats(count: all)
      for index in 0..<all { clipped.base[index] = min(logits[index], limit) }
      write(clipped.base, rows: rows, keys: keys, to: weights, using: set)
    case .subnormalsFlushed:
      let smallest = Float(sign: .plus, exponent: format.smallestNormalExponent, significand: 1)
      let shifted = shiftedLogits(logits, rows: rows, keys: keys, using: set)
      for index in 0..<all where Double(shifted.base[index]) < format.smallestNormalLogit {
        shifted.base[index] = -.infinity
      }
      RoundedSoftmax(format, subtractsMaximum: false, roundsSums: roundsSums).write(
        shifted.base, rows: rows, keys: keys, to: weights, using: set)
      for index in 0..<all where weights[index] < smallest { weights[index] = 0 }
    default:
      write(logits, rows: rows, keys: keys, to: weights, using: set)
    }
  }

  /// What the exponentials are taken of: the logits once rounded, less the largest of the row where that is asked for.
  private func shiftedLogits(
    _ logits: UnsafePointer<Float>, rows: Int, keys: Int, using set: InstructionSet
  ) -> AlignedFloats {
    let shifted = AlignedFloats(count: rows * keys)
    shifted.base.update(from: logits, count: rows * keys)
    round(shifted.base, count: rows * keys, using: set)
    guard subtractsMaximum else { return shifted }
    for row in 0..<rows {
      let values = UnsafeMutableBufferPointer(start: shifted.base + row * keys, count: keys)
      let largest = values.max() ?? 0
      for index in values.indices { values[index] -= largest }
    }
    round(shifted.base, count: rows * keys, using: set)
    return shifted
  }

  private func round(_ values: UnsafeMutablePointer<Float>, count: Int, using set: InstructionSet) {
    guard let kernel = format.kernel else { return }
    attention_round_numbers(set.kernels, kernel, values, values, count)
  }
}
