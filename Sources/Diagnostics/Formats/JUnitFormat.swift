import Wording

extension DiagnosticReport {
  /// JUnit's XML, as continuous integration reads it: a suite per note with a case per claim and per checked number, and
  /// one for the note itself, which fails where anything else is wrong with it.
  ///
  /// What could not be found out is an error, what is undecided or only cited was skipped. Problems of no note stand in a
  /// suite `site`.
  public var junit: String {
    var paths: [String] = []
    for path in statements.map(\.location.path) + diagnostics.map({ $0.location?.path ?? "site" })
    where !paths.contains(path) { paths.append(path) }
    let suites = paths.sorted().map(suite)
    let total = suites.reduce(into: Counts()) { $0.add($1.counts) }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"notebook\" \(total.attributes)>\n"
      + suites.map(\.text).joined() + "</testsuites>\n"
  }

  private struct Counts {
    var tests = 0
    var failures = 0
    var errors = 0
    var skipped = 0

    mutating func add(_ other: Counts) {
      tests += other.tests
      failures += other.failures
      errors += other.errors
      skipped += other.skipped
    }

    var attributes: String {
      "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\""
    }
  }

  private func suite(_ path: String) -> (text: String, counts: Counts) {
    var counts = Counts()
    var told: Set<Int> = []
    let own = diagnostics.enumerated().filter { ($0.element.location?.path ?? "site") == path }
    var cases = ""
    for statement in statements where statement.location.path == path {
      let about = own.filter { concerns($0.element, statement) }
      told.formUnion(about.map(\.offset))
      counts.tests += 1
      cases += testCase(statement, about.map(\.element), &counts)
    }
    let rest = own.filter { !told.contains($0.offset) }.map(\.element)
    counts.tests += 1
    let errors = rest.filter { $0.severity == .error }
    var inside = ""
    if let first = errors.first {
      counts.failures += 1
      inside = element("failure", message: first.summary[language], type: first.code.rawValue, errors)
    }
    inside += output(rest.filter { $0.severity == .warning })
    cases += testCase(named: path == "site" ? "site" : "note", path, inside)
    return (
      "  <testsuite name=\"\(Self.escaped(path))\" \(counts.attributes)>\n\(cases)  </testsuite>\n", counts
    )
  }

  /// A diagnostic concerns a statement where it lies inside it.
  private func concerns(_ diagnostic: Diagnostic, _ statement: Statement) -> Bool {
    guard let location = diagnostic.location else { return false }
    return statement.location.range.contains(location.range.lowerBound)
  }

  private func testCase(_ statement: Statement, _ about: [Diagnostic], _ counts: inout Counts) -> String {
    let name = "\(statement.kind.rawValue) \(statement.name)"
    let first = about.first
    let message = first?.summary[language] ?? statement.outcome.rawValue
    let type = first?.code.rawValue ?? statement.outcome.rawValue
    // With --strict a warning is an error, and so fails its case.
    let isError = about.contains { $0.severity == .error }
    var inside = ""
    switch statement.outcome {
    case .broken:
      counts.errors += 1
      inside = element("error", message: message, type: type, about)
    case _ where isError, .failed:
      counts.failures += 1
      inside = element("failure", message: message, type: type, about)
    case .inconclusive, .cited:
      counts.skipped += 1
      inside = "      <skipped message=\"\(Self.escaped(message))\"/>\n"
    case .passed: inside = output(about)
    }
    return testCase(named: name, statement.location.path, inside, at: statement.location)
  }

  private func testCase(
    named name: String, _ path: String, _ inside: String, at location: SourceLocation? = nil
  ) -> String {
    let line = location.flatMap(places.region).map { ":\($0.start.line)" } ?? ""
    let start =
      "    <testcase name=\"\(Self.escaped(name))\" classname=\"\(Self.escaped(path + line))\""
    return inside.isEmpty ? start + "/>\n" : start + ">\n\(inside)    </testcase>\n"
  }

  private func element(_ name: String, message: String, type: String, _ about: [Diagnostic]) -> String {
    "      <\(name) message=\"\(Self.escaped(message))\" type=\"\(type)\">\(Self.escaped(lines(about)))</\(name)>\n"
  }

  private func output(_ about: [Diagnostic]) -> String {
    about.isEmpty ? "" : "      <system-out>\(Self.escaped(lines(about)))</system-out>\n"
  }

  private func lines(_ about: [Diagnostic]) -> String {
    about.map { diagnostic in
      let place = diagnostic.location.map { location in
        location.path + (places.region(location).map { ":\($0.start.line):\($0.start.column)" } ?? "") + ": "
      }
      return "\(place ?? "")\(sentences(of: diagnostic)) [\(diagnostic.code.rawValue)]\n"
    }.joined()
  }

  /// Text for XML 1.0, which has no place at all for most control characters: they become U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n": result += "&#10;"
      case "\t": result += "&#9;"
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
        result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
