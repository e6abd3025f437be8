import Wording

/// Numbers in rows and columns, of any rank: what an array file or a nested list holds.
public struct Tensor: Hashable, Sendable {
  /// The sizes, outermost first; none for a single number.
  public let shape: [Int]

  /// The numbers, the last index running fastest; all finite.
  public let values: [Double]

  /// Numbers of a shape.
  ///
  /// - Precondition: The product of the sizes is the number of values.
  public init(shape: [Int], values: [Double]) {
    precondition(shape.reduce(1, *) == values.count, "\(shape) does not hold \(values.count) values")
    self.shape = shape
    self.values = values
  }

  /// The number of indices.
  public var rank: Int { shape.count }

  /// The most numbers that are read from a file or a note.
  public static let mostValues = 1 << 22

  /// The most indices.
  public static let mostIndices = 8

  /// The shape as text: `[8, 64]`.
  public var shapeText: String { Self.text(shape) }

  static func text(_ indices: [Int]) -> String { "[\(indices.map { String($0) }.joined(separator: ", "))]" }

  /// The SHA-256 hash of shape and values, in 64 hexadecimal digits: equal tensors only have equal hashes.
  public var digest: String {
    var hash = SHA256()
    for number in [rank] + shape { hash.add(number: UInt64(number)) }
    // −0 and 0 are one number, and give one result.
    for value in values { hash.add(number: (value == 0 ? 0 : value).bitPattern) }
    return hash.hexadecimal()
  }

  /// The number of values of a shape as a file tells it.
  ///
  /// - Throws: Where there are none, or too many to read.
  static func count(_ shape: [Int]) throws(TensorFileProblem) -> Int {
    guard shape.count <= mostIndices else {
      throw TensorFileProblem(
        "has \(shape.count) indices; at most \(mostIndices) can be read",
        "有 \(shape.count) 个维度，最多只能读 \(mostIndices) 个")
    }
    // A size of 0 comes first: beside it, the product of the others may be anything.
    guard !shape.contains(0) else {
      throw TensorFileProblem("has the shape \(text(shape)) and holds nothing", "形状为 \(text(shape))，里面没有数")
    }
    var count = 1
    for size in shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: size)
      guard size > 0, !overflows, product <= mostValues else {
        throw TensorFileProblem(
          "has the shape \(text(shape)); at most \(mostValues) values can be read",
          "形状为 \(text(shape))，最多只能读 \(mostValues) 个数",
          help: LocalText("save only the part that the note is about", "只保存笔记要用到的那一部分"))
      }
      count = product
    }
    return count
  }

  /// The tensor of a file's values.
  ///
  /// - Throws: At the first value that is infinite or not a number.
  static func checked(shape: [Int], values: [Double]) throws(TensorFileProblem) -> Tensor {
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      let index = Self.text(Self.index(ofPlace: place, in: shape))
      let value = NumberFormat.text.string(values[place])
      throw TensorFileProblem(
        "holds \(value) at index \(index) (counted from 0); only finite numbers can be used",
        "下标 \(index)（从 0 数起）处是 \(value)，只能用有限的数")
    }
    return Tensor(shape: shape, values: values)
  }

  private static func index(ofPlace place: Int, in shape: [Int]) -> [Int] {
    var rest = place
    var index: [Int] = []
    for size in shape.reversed() {
      index.append(rest % size)
      rest /= size
    }
    return index.reversed()
  }
}
