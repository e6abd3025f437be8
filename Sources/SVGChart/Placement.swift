import Wording

/// A rectangle in px.
public struct Rect: Hashable, Sendable {
  /// Left and upper edges.
  public var x: Double, y: Double
  /// Extents, at least 0.
  public var width: Double, height: Double

  /// Right edge.
  public var right: Double { x + width }
  /// Lower edge.
  public var bottom: Double { y + height }

  /// Whether the insides overlap once this rectangle is widened by `padding` px on all sides.
  public func intersects(_ other: Rect, padding: Double = 0) -> Bool {
    x - padding < other.right && other.x < right + padding && y - padding < other.bottom
      && other.y < bottom + padding
  }
}

/// Spreads labels along an axis: overlapping neighbours merge into a group at their common mean, again until
/// none overlap.
///
/// The method of Our World in Data's line legends, weighted by the size of a group.
enum LabelSpread {
  /// Middles of labels of equal `height` px, in the order given, each as near to its wish as the others allow.
  ///
  /// - Parameter wishes: Wished middles in ascending order.
  /// - Returns: Middles, ascending, at least `height` apart, inside `range` where all fit in it.
  static func solve(_ wishes: [Double], height: Double, in range: ClosedRange<Double>) -> [Double] {
    struct Group {
      var first: Int
      var count: Int
      var sum: Double
    }
    var groups: [Group] = []
    func top(_ group: Group) -> Double {
      let extent = Double(group.count) * height
      let wished = group.sum / Double(group.count) - extent / 2
      return max(min(wished, range.upperBound + height / 2 - extent), range.lowerBound - height / 2)
    }
    for (i, wish) in wishes.enumerated() {
      groups.append(Group(first: i, count: 1, sum: wish))
      while groups.count > 1 {
        let last = groups[groups.count - 1]
        let before = groups[groups.count - 2]
        guard top(before) + Double(before.count) * height > top(last) + 1e-9 else { break }
        groups.removeLast(2)
        groups.append(
          Group(first: before.first, count: before.count + last.count, sum: before.sum + last.sum))
      }
    }
    var result = [Double](repeating: 0, count: wishes.count)
    for group in groups {
      for i in 0..<group.count { result[group.first + i] = top(group) + (Double(i) + 0.5) * height }
    }
    return result
  }
}

/// Finds free places for labels inside one plot.
struct Placer {
  /// Straight pieces of everything drawn, in px.
  var segments: [(Double, Double, Double, Double)] = []
  /// Texts already placed.
  var boxes: [Rect] = []
  /// Labels stay inside.
  let bounds: ClipBox

  init(bounds: ClipBox) { self.bounds = bounds }

  mutating func avoid(_ subpaths: [Subpath]) {
    for subpath in subpaths {
      for (a, b) in zip(subpath.points, subpath.points.dropFirst()) {
        segments.append((Double(a.x) / 10, Double(a.y) / 10, Double(b.x) / 10, Double(b.y) / 10))
      }
      if subpath.points.count == 1, let dot = subpath.points.first {
        let x = Double(dot.x) / 10
        let y = Double(dot.y) / 10
        segments.append((x - 4, y, x + 4, y))
        segments.append((x, y - 4, x, y + 4))
      }
    }
  }

  /// The first candidate that touches nothing; else the one that crosses the fewest lines, never another text.
  func best(of candidates: [TextBox]) -> (box: TextBox, hits: Int)? {
    var best: (box: TextBox, hits: Int)?
    for candidate in candidates {
      let rect = candidate.rect
      if rect.x < bounds.left || rect.right > bounds.right || rect.y < bounds.top
        || rect.bottom > bounds.bottom
      {
        continue
      }
      if boxes.contains(where: { rect.intersects($0, padding: 4) }) { continue }
      let area = ClipBox(
        left: rect.x - 2, top: rect.y - 2, right: rect.right + 2, bottom: rect.bottom + 2)
      var hits = 0
      for s in segments {
        // Most lines are far away: compare boxes first.
        if s.0 < area.left && s.2 < area.left || s.0 > area.right && s.2 > area.right { continue }
        if s.1 < area.top && s.3 < area.top || s.1 > area.bottom && s.3 > area.bottom { continue }
        if area.visible(s.0, s.1, s.2, s.3) != nil { hits += 1 }
        if let best, hits >= best.hits { break }
      }
      if hits == 0 { return (candidate, 0) }
      if best == nil || hits < best?.hits ?? 0 { best = (candidate, hits) }
    }
    return best
  }
}
