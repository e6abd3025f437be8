/// The types of numbers that can be read, whatever file they come from.
public enum ElementType: String, CaseIterable, Hashable, Sendable {
  case float16, bfloat16, float32, float64
  case int8, int16, int32, int64
  case uint8, uint16, uint32, uint64

  /// Bytes of one number.
  public var byteCount: Int {
    switch self {
    case .int8, .uint8: 1
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  /// The type in a list: `float16, bfloat16, …`.
  static let allNames = allCases.map(\.rawValue).joined(separator: ", ")

  /// Returns the numbers in some bytes.
  ///
  /// - Parameter bytes: A multiple of ``byteCount``.
  /// - Throws: Where an integer is too large for binary64 to hold.
  func decode(_ bytes: [UInt8], isBigEndian: Bool) throws(TensorFileProblem) -> [Double] {
    let count = bytes.count / byteCount
    var values: [Double] = []
    values.reserveCapacity(count)
    for index in 0..<count {
      let bits = bits(bytes, at: index * byteCount, isBigEndian: isBigEndian)
      values.append(value(bits))
      guard isExact(bits) else {
        throw TensorFileProblem(
          "holds integers beyond 2⁵³, which 64-bit floating point can't tell apart",
          "含有超过 2⁵³ 的整数，64 位浮点数无法区分它们")
      }
    }
    return values
  }

  private func bits(_ bytes: [UInt8], at start: Int, isBigEndian: Bool) -> UInt64 {
    var bits: UInt64 = 0
    for offset in 0..<byteCount {
      let place = isBigEndian ? start + offset : start + byteCount - 1 - offset
      bits = bits << 8 | UInt64(bytes[place])
    }
    return bits
  }

  private func value(_ bits: UInt64) -> Double {
    switch self {
    case .float16: Self.half(UInt16(truncatingIfNeeded: bits))
    case .bfloat16: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16))
    case .float32: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .float64: Double(bitPattern: bits)
    case .int8: Double(Int8(truncatingIfNeeded: bits))
    case .int16: Double(Int16(truncatingIfNeeded: bits))
    case .int32: Double(Int32(truncatingIfNeeded: bits))
    case .int64: Double(Int64(bitPattern: bits))
    case .uint8, .uint16, .uint32, .uint64: Double(bits)
    }
  }

  private func isExact(_ bits: UInt64) -> Bool {
    switch self {
    case .int64: Int64(bitPattern: bits).magnitude <= 1 << 53
    case .uint64: bits <= 1 << 53
    default: true
    }
  }

  /// The value of the bits of IEEE 754 binary16, put together by hand, as not every processor's compiler has the type.
  private static func half(_ bits: UInt16) -> Double {
    let sign: FloatingPointSign = bits & 0x8000 == 0 ? .plus : .minus
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Double(bits & 0x3FF)
    switch exponent {
    case 0: return Double(sign: sign, exponent: -24, significand: fraction)
    case 31:
      let magnitude = fraction == 0 ? Double.infinity : .nan
      return sign == .plus ? magnitude : -magnitude
    default: return Double(sign: sign, exponent: exponent - 25, significand: 1024 + fraction)
    }
  }
}
