import Foundation
import Testing

struct GalleryTests {
  @Test(.enabled(if: ProcessInfo.processInfo.environment["CHART_GALLERY"] != nil))
  func `the gallery can be written`() throws {
    try Gallery.write(to: ProcessInfo.processInfo.environment["CHART_GALLERY"] ?? "")
  }
}
