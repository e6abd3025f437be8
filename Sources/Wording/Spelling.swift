/// "Did you mean": the nearest of the names that would have been right.
public enum Spelling {
  /// The candidate nearest to a misspelt name, if one is near enough to be worth saying.
  ///
  /// Near means at most a third of the longer name's letters changed, inserted, dropped or swapped with their neighbour
  /// (optimal string alignment distance), case ignored. Of equally near ones the first wins.
  public static func nearest(to name: String, among candidates: [String]) -> String? {
    let wanted = Array(name.lowercased().prefix(64))
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      // A name so much longer or shorter can't be near; most candidates go here.
      let longer = max(wanted.count, min(64, candidate.utf8.count))
      guard abs(wanted.count - min(64, candidate.count)) <= longer / 3 else { continue }
      let letters = Array(candidate.lowercased().prefix(64))
      let distance = self.distance(wanted, letters)
      guard distance <= max(wanted.count, letters.count) / 3, distance < best?.distance ?? .max else {
        continue
      }
      best = (candidate, distance)
    }
    return best?.name
  }

  static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1] + [Int](repeating: 0, count: b.count)
      for j in b.indices {
        row[j + 1] = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1)
        }
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}

extension Spelling {
  /// The candidate that a misspelt name can only have meant; `nil` where there is doubt.
  ///
  /// One slip of the finger is allowed, two in names of six letters or more (case ignored, and none in names of one or two
  /// letters), and no other candidate may be as near.
  public static func certain(for name: String, among candidates: [String]) -> String? {
    let wanted = Array(name.lowercased().prefix(64))
    let allowed = wanted.count < 3 ? 0 : wanted.count < 6 ? 1 : 2
    let near = candidates.map { ($0, distance(wanted, Array($0.lowercased().prefix(64)))) }
    guard let best = near.map(\.1).min(), best <= allowed else { return nil }
    let names = Set(near.filter { $0.1 == best }.map(\.0))
    return names.count == 1 ? names.first : nil
  }
}
