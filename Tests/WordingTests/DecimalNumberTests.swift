import Testing

@testable import Wording

@Suite struct DecimalNumbers {
  @Test(arguments: [0.1, 1e-7, 1.5e300, Double.leastNonzeroMagnitude, 123456789.125, 0.6104, 1e22, -2.5])
  func `a double survives the way through decimals`(value: Double) {
    #expect(DecimalNumber(value)?.doubleValue == value)
  }

  @Test func `what is not finite is no decimal`() {
    #expect(DecimalNumber(Double.nan) == nil)
    #expect(DecimalNumber(-Double.infinity) == nil)
  }

  @Test(arguments: ["", "-", ".", "1.2.3", "1e", "e5", "0x10", "1e99999", "１２", " 1"])
  func `text that is no plain number is refused`(text: String) {
    #expect(DecimalNumber(plainText: text) == nil)
  }

  @Test(arguments: [
    ("0.125", -2, "0.13", "0.12"), ("0.135", -2, "0.14", "0.14"), ("2.5", 0, "3", "2"),
    ("9.995", -2, "10.00", "10.00"), ("0.004", -1, "0.0", "0.0"), ("-0.05", -1, "0.1", "0.0"),
  ])
  func `ties go away from zero or to even as asked`(text: String, exponent: Int, away: String, even: String) {
    let number = DecimalNumber(plainText: text)
    #expect(number?.rounded(toExponent: exponent, ties: .awayFromZero).plainDigits(grouping: "") == away)
    #expect(number?.rounded(toExponent: exponent, ties: .toEven).plainDigits(grouping: "") == even)
  }

  @Test func `zero has no sign`() {
    #expect(DecimalNumber(-0.0)?.isNegative == false)
    #expect(NumberFormat.decimals(2).string(-0.001) == "0.00")
  }

  @Test(arguments: [
    (0.000012, "0.000012"), (0.0000123456789012345, "0.0000123456789012"), (1e15, "1e15"), (12.50, "12.5"),
    (-0.0, "0"), (100, "100"),
  ])
  func `machine text has at most twelve digits and reads back`(value: Double, text: String) {
    #expect(value.machineText == text)
    #expect(Double(text).map { abs($0 - value) <= abs(value) * 1e-11 } == true)
  }

  @Test(arguments: [
    (0.61049, "0.610"), (0.0001234, "1.23×10⁻⁴"), (12345.6, "12,300"), (0, "0"), (1e-6, "10⁻⁶"),
    (-2.718, "−2.72"), (1234, "1230"), (1e9, "10⁹"), (9.999, "10.0"), (4096, "4100"),
  ])
  func `running text shows three digits`(value: Double, text: String) {
    #expect(NumberFormat.text.string(value) == text)
  }

  @Test func `percentages round the share, not the percentage twice`() {
    #expect(NumberFormat.percent(decimals: 1).string(0.61049) == "61.0%")
    #expect(NumberFormat.percent(decimals: 0).string(-0.005) == "−1%")
  }

  @Test func `positional notation is the digits with the point at its place, for any digits and exponent`() {
    var state: UInt64 = 9
    func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    for _ in 0..<20_000 {
      let digits = (0..<next(8)).map { _ in UInt8(next(10)) }
      let exponent = next(15) - 9
      let number = DecimalNumber(isNegative: next(2) == 0, digits: digits, exponent: exponent)
      let text = number.plainDigits(grouping: "")
      // All digits in a row stand for the number times a power of ten; the point says which.
      let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      let decimals = parts.count == 2 ? parts[1].count : 0
      #expect(parts.count <= 2 && !parts[0].isEmpty && decimals == max(0, -exponent), "\(text)")
      let zeros = number.digits.isEmpty ? 0 : max(0, exponent)
      let row = number.digits.map { String($0) }.joined() + String(repeating: "0", count: zeros)
      let written = parts.joined().drop { $0 == "0" }
      #expect(written == row.drop { $0 == "0" }, "\(text) \(number)")
      #expect(parts[0] == "0" || !parts[0].hasPrefix("0"), "\(text)")
      #expect(number.plainDigits(grouping: ",").filter { $0 != "," } == text)
      if (-5..<15).contains(number.leadingExponent) {
        let back = DecimalNumber(plainText: number.machineText)
        #expect(back?.withoutTrailingZeros == number.withoutTrailingZeros, "\(number.machineText)")
      }
    }
  }
}
