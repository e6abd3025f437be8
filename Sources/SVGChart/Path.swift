/// A point on the grid of tenths of a px that all geometry is rounded to.
public struct GridPoint: Hashable, Sendable {
  /// Tenths of a px from the left and from the top.
  public var x: Int, y: Int

  /// A point at tenths of a px.
  public init(x: Int, y: Int) {
    self.x = x
    self.y = y
  }

  /// The nearest grid point to px within ±10⁸.
  init(_ x: Double, _ y: Double) {
    self.x = Int((x * 10).rounded())
    self.y = Int((y * 10).rounded())
  }
}

/// Points joined by straight lines.
public struct Subpath: Hashable, Sendable {
  /// The points; one alone is a dot where line ends are round.
  public var points: [GridPoint]
  /// Whether the last joins the first.
  public var isClosed: Bool

  init(_ points: [GridPoint], closed: Bool = false) {
    self.points = points
    isClosed = closed
  }
}

/// Simplifies in whole numbers, so that the last bit of a logarithm cannot move a corner.
enum PathSimplifier {
  /// 0.15 px: no dropped point is farther from the path than this.
  static let toleranceInTenths = 1.5

  /// Ramer–Douglas–Peucker with distances to segments.
  static func simplified(_ points: [GridPoint]) -> [GridPoint] {
    var points = points
    var write = 0
    for point in points where write == 0 || points[write - 1] != point {
      points[write] = point
      write += 1
    }
    points.removeLast(points.count - write)
    guard points.count > 2 else { return points }
    var keep = [Bool](repeating: false, count: points.count)
    keep[0] = true
    keep[points.count - 1] = true
    var stack = [(0, points.count - 1)]
    while let (first, last) = stack.popLast() {
      guard last - first > 1 else { continue }
      let a = points[first]
      let dx = points[last].x - a.x
      let dy = points[last].y - a.y
      let length = dx * dx + dy * dy
      // Distances² × length, compared in whole numbers; a distance to an end point is scaled alike.
      var worst = -1
      var index = first
      for i in (first + 1)..<last {
        let px = points[i].x - a.x
        let py = points[i].y - a.y
        let along = px * dx + py * dy
        let measure: Int
        if length == 0 {
          measure = px * px + py * py
        } else if along < 0 {
          measure = (px * px + py * py) * length
        } else if along > length {
          let qx = px - dx
          let qy = py - dy
          measure = (qx * qx + qy * qy) * length
        } else {
          let cross = px * dy - py * dx
          measure = cross * cross
        }
        if measure > worst {
          worst = measure
          index = i
        }
      }
      // (3/2)² = 9/4
      if worst * 4 > 9 * max(length, 1) {
        keep[index] = true
        stack.append((first, index))
        stack.append((index, last))
      }
    }
    return zip(points, keep).filter { $0.1 }.map { $0.0 }
  }

  /// A ring, simplified as two arcs between its first point and the one farthest from it.
  static func simplifiedRing(_ points: [GridPoint]) -> [GridPoint] {
    guard let first = points.first, points.count > 3 else { return points }
    var far = 0
    var best = -1
    for (i, point) in points.enumerated() {
      let distance = (point.x - first.x) * (point.x - first.x) + (point.y - first.y) * (point.y - first.y)
      if distance > best {
        best = distance
        far = i
      }
    }
    let there = simplified(Array(points[0...far]))
    let back = simplified(Array(points[far...]) + [first])
    return there + back.dropFirst().dropLast()
  }
}

/// Cuts geometry at the edges of a plot, so that no clip path is needed.
struct ClipBox: Hashable, Sendable {
  var left: Double, top: Double, right: Double, bottom: Double

  func contains(_ x: Double, _ y: Double) -> Bool {
    let slack = 1e-6
    return x >= left - slack && x <= right + slack && y >= top - slack && y <= bottom + slack
  }

  /// The visible part of a segment as parameters in 0...1, or `nil`.
  func visible(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double) -> (Double, Double)? {
    var t0 = 0.0
    var t1 = 1.0
    for (p, q) in [(x0 - x1, x0 - left), (x1 - x0, right - x0), (y0 - y1, y0 - top), (y1 - y0, bottom - y0)] {
      if p == 0 {
        if q < 0 { return nil }
      } else if p < 0 {
        t0 = max(t0, q / p)
      } else {
        t1 = min(t1, q / p)
      }
    }
    return t0 <= t1 ? (t0, t1) : nil
  }

  /// The visible runs of a line.
  func clipped(_ points: [(x: Double, y: Double)]) -> [[GridPoint]] {
    guard points.count > 1 else {
      return points.filter { contains($0.x, $0.y) }.map { [GridPoint($0.x, $0.y)] }
    }
    if points.allSatisfy({ $0.x >= left && $0.x <= right && $0.y >= top && $0.y <= bottom }) {
      return [points.map { GridPoint($0.x, $0.y) }]
    }
    var runs: [[GridPoint]] = []
    var run: [GridPoint] = []
    for (a, b) in zip(points, points.dropFirst()) {
      guard let (t0, t1) = visible(a.x, a.y, b.x, b.y) else {
        if !run.isEmpty { runs.append(run) }
        run = []
        continue
      }
      let start = t0 == 0 ? GridPoint(a.x, a.y) : GridPoint(a.x + (b.x - a.x) * t0, a.y + (b.y - a.y) * t0)
      let end = t1 == 1 ? GridPoint(b.x, b.y) : GridPoint(a.x + (b.x - a.x) * t1, a.y + (b.y - a.y) * t1)
      if run.last != start || t0 > 0 {
        if !run.isEmpty { runs.append(run) }
        run = [start]
      }
      run.append(end)
      if t1 < 1 {
        runs.append(run)
        run = []
      }
    }
    if !run.isEmpty { runs.append(run) }
    return runs
  }

  /// The visible part of a polygon (Sutherland–Hodgman, edge by edge).
  func clippedPolygon(_ polygon: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    typealias Point = (x: Double, y: Double)
    func cut(_ points: [Point], _ distance: (Point) -> Double) -> [Point] {
      guard var previous = points.last, points.contains(where: { distance($0) < 0 }) else { return points }
      var before = distance(previous)
      var result: [Point] = []
      for point in points {
        let here = distance(point)
        if (here < 0) != (before < 0) {
          let t = before / (before - here)
          result.append((previous.x + (point.x - previous.x) * t, previous.y + (point.y - previous.y) * t))
        }
        if here >= 0 { result.append(point) }
        previous = point
        before = here
      }
      return result
    }
    var points = cut(polygon) { $0.x - left }
    points = cut(points) { right - $0.x }
    points = cut(points) { $0.y - top }
    return cut(points) { bottom - $0.y }
  }
}

/// Writes path data: absolute starts, then relative runs with the fewest characters.
enum PathEncoder {
  static func data(_ subpaths: [Subpath]) -> String {
    var output: [UInt8] = []
    for subpath in subpaths {
      guard let first = subpath.points.first else { continue }
      output.append(UInt8(ascii: "M"))
      append(first.x, isFirst: true, to: &output)
      append(first.y, isFirst: false, to: &output)
      var command = UInt8(ascii: "M")
      var here = first
      var points = subpath.points.dropFirst()
      if points.isEmpty {
        output += Array("h0".utf8)
      }
      // The last edge of a ring that runs straight is drawn by z.
      if subpath.isClosed, points.last == first { points = points.dropLast() }
      for point in points {
        let dx = point.x - here.x
        let dy = point.y - here.y
        here = point
        let next: UInt8
        if dx == 0, dy == 0 { continue }
        if dy == 0 {
          next = UInt8(ascii: "h")
        } else if dx == 0 {
          next = UInt8(ascii: "v")
        } else {
          next = UInt8(ascii: "l")
        }
        let starts = next != command
        if starts { output.append(next) }
        command = next
        switch next {
        case UInt8(ascii: "h"): append(dx, isFirst: starts, to: &output)
        case UInt8(ascii: "v"): append(dy, isFirst: starts, to: &output)
        default:
          append(dx, isFirst: starts, to: &output)
          append(dy, isFirst: false, to: &output)
        }
      }
      if subpath.isClosed { output.append(UInt8(ascii: "z")) }
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static func append(_ tenths: Int, isFirst: Bool, to output: inout [UInt8]) {
    let magnitude = tenths.magnitude
    // A minus separates by itself, and so does a point behind a number that had one already.
    if !isFirst, tenths >= 0 {
      let startsWithPoint = magnitude < 10 && magnitude != 0
      if !(startsWithPoint && lastNumberHasPoint(output)) { output.append(UInt8(ascii: " ")) }
    }
    append(tenths: tenths, to: &output)
  }

  private static func lastNumberHasPoint(_ output: [UInt8]) -> Bool {
    for byte in output.reversed() {
      if byte == UInt8(ascii: ".") { return true }
      if !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { return false }
    }
    return false
  }

  /// Tenths as `12`, `-.5`, `3.1`.
  private static func append(tenths: Int, to output: inout [UInt8]) {
    if tenths < 0 { output.append(UInt8(ascii: "-")) }
    let magnitude = Int(tenths.magnitude)
    if magnitude >= 10 || magnitude == 0 { append(integer: magnitude / 10, to: &output) }
    if magnitude % 10 != 0 {
      output.append(UInt8(ascii: "."))
      output.append(UInt8(ascii: "0") + UInt8(magnitude % 10))
    }
  }

  /// Decimal digits, with a minus where there is one.
  static func append(integer value: Int, to output: inout [UInt8]) {
    if value < 0 { output.append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    let start = output.count
    repeat {
      output.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    output[start...].reverse()
  }

  static func text(_ px: Double) -> String {
    var output: [UInt8] = []
    append(tenths: Int((px * 10).rounded()), to: &output)
    return String(decoding: output, as: UTF8.self)
  }
}
