/// Something that can be listed in a chart's braces.
public protocol LayerContent: Sendable {
  /// The layer as a case of the closed set.
  var layer: Layer { get }
}

/// Lets a chart's layers be listed as statements: layers, `for` loops, `if`.
@resultBuilder public enum LayerBuilder {
  /// One layer.
  public static func buildExpression(_ content: some LayerContent) -> [Layer] { [content.layer] }
  /// Layers made elsewhere.
  public static func buildExpression(_ layers: [Layer]) -> [Layer] { layers }
  /// Statements one after the other.
  public static func buildBlock(_ parts: [Layer]...) -> [Layer] { parts.flatMap { $0 } }
  /// A `for` loop.
  public static func buildArray(_ parts: [[Layer]]) -> [Layer] { parts.flatMap { $0 } }
  /// An `if` without `else`.
  public static func buildOptional(_ part: [Layer]?) -> [Layer] { part ?? [] }
  /// The first branch of an `if`.
  public static func buildEither(first part: [Layer]) -> [Layer] { part }
  /// The other branch.
  public static func buildEither(second part: [Layer]) -> [Layer] { part }
}
