import Testing
import Wording

@Suite struct Fingerprints {
  /// Values of the reference's own list (Noll, `test_fnv.c`).
  @Test(arguments: [
    ("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8"),
  ])
  func `texts have the fingerprints of the reference`(text: String, fingerprint: String) {
    #expect(Fingerprint.text(of: text.utf8) == fingerprint)
  }
}
