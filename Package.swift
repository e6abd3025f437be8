// swift-tools-version: 6.2
import PackageDescription

/// Warnings are errors in our own targets only; dependencies keep their own rules.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// A module of ours. `uses` names the modules it may import: the graph of the design, top to bottom.
func module(_ name: String, uses: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: uses, swiftSettings: strict)
}

/// The tests of one module.
func tests(of name: String, uses: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.target(name: name)] + uses, exclude: exclude, swiftSettings: strict)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")

let package = Package(
  name: "notebook",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "notebook", targets: ["notebook"])],
  // Exact, because their words and bytes reach pages and messages, and the same notes give the same bytes.
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
  ],
  targets: [
    .systemLibrary(
      name: "CCMarkGFM",
      providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"]), .brew(["cmark-gfm"])]),
    .target(name: "CFileExchange"),
    .target(name: "CAttention"),
    module("Wording"),
    module("Diagnostics", uses: ["Wording"]),
    module("MarkupWriter"),
    module("AttentionKernel", uses: ["CAttention"]),
    module("MarkdownTree", uses: ["CCMarkGFM", "MarkupWriter", "Wording"]),
    module("SVGChart", uses: ["MarkupWriter", "Wording"]),
    module("ChartGallery", uses: ["AttentionKernel", "MarkupWriter", "SVGChart", "Wording"]),
    module("NotebookModel", uses: ["Diagnostics", "MarkdownTree", "Wording", yams]),
    module("TensorFiles", uses: ["Wording"]),
    module(
      "Experiments",
      uses: ["AttentionKernel", "Diagnostics", "NotebookModel", "SVGChart", "TensorFiles", "Wording"]),
    module(
      "Claims",
      uses: ["AttentionKernel", "Diagnostics", "Experiments", "MarkdownTree", "NotebookModel", "Wording"]),
    module(
      "Figures",
      uses: [
        "AttentionKernel", "Claims", "Diagnostics", "Experiments", "NotebookModel", "SVGChart", "Wording",
      ]),
    module(
      "Site",
      uses: [
        "AttentionKernel", "Claims", "Diagnostics", "Experiments", "Figures", "MarkdownTree", "MarkupWriter",
        "NotebookModel",
        "SVGChart", "Wording", mustache,
      ]),
    module(
      "NotebookTool",
      uses: [
        "AttentionKernel", "CFileExchange", "ChartGallery", "Claims", "Diagnostics", "Experiments", "Figures",
        "MarkdownTree",
        "MarkupWriter", "NotebookModel",
        "SVGChart", "Site", "TensorFiles", "Wording", argumentParser,
      ]),
    .executableTarget(name: "notebook", dependencies: ["NotebookTool"], swiftSettings: strict),

    tests(of: "Wording"),
    tests(of: "Diagnostics", uses: ["Wording"]),
    tests(of: "MarkupWriter"),
    tests(of: "AttentionKernel"),
    tests(of: "MarkdownTree", uses: ["MarkupWriter", "Wording"]),
    tests(of: "SVGChart", uses: ["ChartGallery", "MarkupWriter", "Wording"]),
    tests(of: "ChartGallery", uses: ["MarkupWriter", "SVGChart", "Wording"], exclude: ["Golden"]),
    tests(of: "TensorFiles", uses: ["Wording"], exclude: ["Files"]),
    tests(of: "NotebookModel", uses: ["Diagnostics", "Wording"]),
    tests(
      of: "Experiments",
      uses: ["AttentionKernel", "Diagnostics", "NotebookModel", "SVGChart", "TensorFiles", "Wording"]),
    tests(of: "Claims", uses: ["AttentionKernel", "Diagnostics", "Experiments", "NotebookModel"]),
    tests(
      of: "Figures",
      uses: [
        "AttentionKernel", "Claims", "Diagnostics", "Experiments", "NotebookModel", "SVGChart", "Wording",
      ]),
    tests(of: "Site", uses: ["Diagnostics", "MarkupWriter", "NotebookModel"]),
    tests(
      of: "NotebookTool",
      uses: [
        "notebook", "AttentionKernel", "Diagnostics", "Experiments", "NotebookModel", "SVGChart", "Wording",
      ],
      exclude: ["GoldenSites"]),
  ]
)
