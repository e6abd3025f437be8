import Foundation

/// The platform's own functions, to compare with.
enum Reference {
  static func log2(_ x: Double) -> Double { Foundation.log2(x) }
}
