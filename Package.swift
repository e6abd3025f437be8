// swift-tools-version: 6.2
import PackageDescription

/// Warnings are errors in our own targets only; dependencies keep their own rules.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// A module of ours. `uses` names the modules it may import: the graph of the design, top to bottom.
func module(_ name: String, uses: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: uses, swiftSettings: strict)
}

/// The tests of one module.
func tests(of name: String, uses: [Target.Dependency] = []) -> Target {
  .testTarget(name: "\(name)Tests", dependencies: [.target(name: name)] + uses, swiftSettings: strict)
}

let package = Package(
  name: "notebook",
  platforms: [.macOS(.v15)],
  targets: [
    .systemLibrary(
      name: "CCMarkGFM",
      providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"]), .brew(["cmark-gfm"])]),
    module("Wording"),
    module("Diagnostics", uses: ["Wording"]),
    module("MarkupWriter"),
    module("AttentionKernel"),
    module("MarkdownTree", uses: ["CCMarkGFM", "MarkupWriter", "Wording"]),
    module("SVGChart", uses: ["MarkupWriter", "Wording"]),

    tests(of: "Wording"),
    tests(of: "Diagnostics"),
    tests(of: "MarkupWriter"),
    tests(of: "AttentionKernel"),
    tests(of: "MarkdownTree", uses: ["MarkupWriter", "Wording"]),
    tests(of: "SVGChart", uses: ["MarkupWriter", "Wording"]),
  ]
)
