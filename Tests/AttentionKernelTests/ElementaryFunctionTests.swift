import Foundation
import Testing

@testable import AttentionKernel

/// Numbers of binary32 by their bit patterns, every `step`-th.
private struct Patterns: Sendable {
  let first: Float
  let last: Float
  let step: UInt32

  /// Calls `body` with the numbers, at most 2¹⁶ at a time.
  func inBlocks(_ body: ([Float]) -> Void) {
    var pattern = UInt64(first.bitPattern)
    while pattern <= UInt64(last.bitPattern) {
      var block: [Float] = []
      block.reserveCapacity(1 << 16)
      while pattern <= UInt64(last.bitPattern), block.count < 1 << 16 {
        block.append(Float(bitPattern: UInt32(pattern)))
        pattern += UInt64(step)
      }
      body(block)
    }
  }
}

extension ElementaryFunction {
  /// The system library's binary64 function: an independent reference, accurate to 2⁻⁵² or so.
  fileprivate func reference(_ x: Float) -> Double {
    switch self {
    case .exponentialBase2: exp2(Double(x))
    case .exponential: exp(Double(x))
    case .logarithm: log(Double(x))
    case .logarithmOfOnePlus: log1p(Double(x))
    }
  }

  fileprivate var bound: Double {
    switch self {
    case .exponentialBase2, .exponential: 1.02
    case .logarithm: 0.9
    case .logarithmOfOnePlus: 2
    }
  }

  /// The largest error in ulp over numbers whose results are normal numbers, and whether all sets agree.
  fileprivate func survey(_ patterns: Patterns) -> (error: Double, agree: Bool) {
    var worst = 0.0
    var agree = true
    patterns.inBlocks { arguments in
      let values = self(arguments)
      for set in InstructionSet.supported.dropLast() {
        let others = self(arguments, using: set)
        agree = agree && zip(values, others).allSatisfy { $0.bitPattern == $1.bitPattern }
      }
      for (argument, value) in zip(arguments, values) {
        let exact = reference(argument)
        let unit = Double(sign: .plus, exponent: max(exact.exponent, -126) - 23, significand: 1)
        worst = max(worst, (Double(value) - exact).magnitude / unit)
      }
    }
    return (worst, agree)
  }
}

@Suite struct `Elementary functions of the fast loops` {
  private static let regions: [(ElementaryFunction, Patterns)] = [
    (.exponentialBase2, Patterns(first: 0x1p-13, last: Float(128).nextDown, step: 101)),
    (.exponentialBase2, Patterns(first: -0x1p-13, last: -126, step: 101)),
    (.exponential, Patterns(first: 0x1p-13, last: 0x1.62e42ep+6, step: 101)),
    (.exponential, Patterns(first: -0x1p-13, last: -0x1.5d589ep+6, step: 101)),
    (.logarithm, Patterns(first: 0.5, last: 2, step: 101)),
    (.logarithm, Patterns(first: .leastNonzeroMagnitude, last: .greatestFiniteMagnitude, step: 4999)),
    (.logarithmOfOnePlus, Patterns(first: 0x1p-27, last: 0x1p10, step: 101)),
    (.logarithmOfOnePlus, Patterns(first: 0x1p-126, last: 0x1p120, step: 4999)),
    (.logarithmOfOnePlus, Patterns(first: -0x1p-27, last: Float(-1).nextUp, step: 101)),
  ]

  @Test(arguments: regions.indices)
  func `exponentials and logarithms keep their bounds, with the same bits on every instruction set`(
    index: Int
  ) {
    let (function, patterns) = Self.regions[index]
    let (error, agree) = function.survey(patterns)
    #expect(agree)
    #expect(error <= function.bound, "\(function)")
    #expect(error > 0.5, "the survey of \(function) looks at too little")
  }

  @Test(arguments: InstructionSet.supported)
  func `exact cases are exact and the ends of the range are as promised`(set: InstructionSet) {
    let infinity = Float.infinity
    #expect(
      ElementaryFunction.exponentialBase2([0, -0.0, 1, -1, 10, -126, 127, 128, 1e9, infinity], using: set)
        == [1, 1, 2, 0.5, 1024, 0x1p-126, 0x1p127, infinity, infinity, infinity])
    #expect(
      ElementaryFunction.exponentialBase2([Float(-126).nextDown, -127, -1e9, -infinity], using: set)
        == [0, 0, 0, 0])
    #expect(
      ElementaryFunction.exponential([0, 89, infinity, -88, -infinity], using: set) == [
        1, infinity, infinity, 0, 0,
      ])
    #expect(
      ElementaryFunction.logarithm([1, 0, -0.0, infinity], using: set) == [0, -infinity, -infinity, infinity])
    #expect(
      ElementaryFunction.logarithmOfOnePlus([0, -1, infinity, 1e-30], using: set)
        == [0, -infinity, infinity, 1e-30])
    for function in ElementaryFunction.allCases {
      #expect(function([.nan, -.nan, 1], using: set).map(\.isNaN) == [true, true, false])
    }
    #expect(ElementaryFunction.logarithm([-1, -infinity, -0x1p-149], using: set).allSatisfy { $0.isNaN })
    #expect(ElementaryFunction.logarithmOfOnePlus([-1.5, -infinity], using: set).allSatisfy { $0.isNaN })
  }

  @Test(arguments: InstructionSet.supported)
  func `a product and sum is rounded once, wherever it lands`(set: InstructionSet) {
    let generator = Philox4x32(key: 5)
    var (a, b, c): ([Float], [Float], [Float]) = ([], [], [])
    func add(_ x: Float, _ y: Float, _ z: Float) {
      a.append(x)
      b.append(y)
      c.append(z)
    }
    for counter in 0..<60_000 as Range<UInt32> {
      let words = generator((counter, 0, 0, 0))
      // Any three numbers, infinite and not-a-number among them.
      add(Float(bitPattern: words.0), Float(bitPattern: words.1), Float(bitPattern: words.2))
      // Short factors, and an addend that cancels the product or lies near its last bits.
      let x = Float(bitPattern: (words.0 & 0x807F_F000) | 0x3F80_0000)
      let y = Float(bitPattern: (words.1 & 0x807F_FF00) | 0x3F80_0000)
      add(x, y, -(x * y))
      let shift = Int(words.3 % 60) - 30
      add(x, y, Float(sign: .plus, exponent: shift, significand: words.2 & 1 == 0 ? x : 1))
      // Products that are midpoints of binary32 numbers, with addends just beside or far below.
      let odd = Float((words.0 & 0xFFF) | 1)
      let other = Float((words.1 & 0x1FFF) | 0x1001)
      add(
        odd, other,
        Float(sign: words.2 & 2 == 0 ? .plus : .minus, exponent: -Int(words.3 % 140), significand: 1))
      // Results that are subnormal.
      add(x * 0x1p-70, y * 0x1p-66, Float(bitPattern: words.2 & 0x807F_FFFF))
      // Results about to overflow.
      add(x * 0x1p64, y * 0x1p63, Float(bitPattern: (words.2 & 0x80FF_FFFF) | 0x7300_0000))
    }
    let values = set.multiplyAdd(a, b, c)
    var wrong = 0
    for index in values.indices {
      let expected = c[index].addingProduct(a[index], b[index])
      let same = expected.isNaN ? values[index].isNaN : values[index].bitPattern == expected.bitPattern
      if !same {
        wrong += 1
        if wrong < 5 { Issue.record("\(a[index]) · \(b[index]) + \(c[index]) is not \(values[index])") }
      }
    }
    #expect(wrong == 0)
  }

  @Test(arguments: InstructionSet.supported)
  func `an array of any length is mapped whole, and every element as if alone`(set: InstructionSet) {
    let arguments = StandardNormals(seed: 1, role: .logits)(count: 67)
    for function in ElementaryFunction.allCases {
      let singles = arguments.flatMap { function([$0], using: set) }.map(\.bitPattern)
      for count in 0...67 {
        #expect(
          function(Array(arguments[..<count]), using: set).map(\.bitPattern) == Array(singles[..<count]))
      }
    }
  }
}

/// Runs with `scripts/test --slow` only.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["NOTEBOOK_SLOW_TESTS"] != nil))
struct `Exhaustive checks of the fast loops` {
  private static let regions: [(ElementaryFunction, Patterns)] = [
    (.exponentialBase2, Patterns(first: 0, last: Float(128).nextDown, step: 1)),
    (.exponentialBase2, Patterns(first: -0.0, last: -126, step: 1)),
    (.exponential, Patterns(first: 0, last: 0x1.62e42ep+6, step: 1)),
    (.exponential, Patterns(first: -0.0, last: -0x1.5d589ep+6, step: 1)),
    (.logarithm, Patterns(first: .leastNonzeroMagnitude, last: .greatestFiniteMagnitude, step: 1)),
    (.logarithmOfOnePlus, Patterns(first: 0, last: .greatestFiniteMagnitude, step: 1)),
    (.logarithmOfOnePlus, Patterns(first: -0.0, last: Float(-1).nextUp, step: 1)),
  ]

  @Test(arguments: regions.indices)
  func `every number of binary32 is mapped within the bound`(index: Int) {
    let (function, patterns) = Self.regions[index]
    let (error, agree) = function.survey(patterns)
    #expect(agree)
    #expect(error <= function.bound, "\(function)")
  }
}
