import Experiments
import Wording

/// What coordinates and units are called in pictures and tables.
enum CoordinateWords {
  /// A coordinate's name in words; names without words of their own stand as they are.
  static func name(_ coordinate: String) -> LocalText {
    switch coordinate {
    case MeasureFrame.measureRole: LocalText("measure", "度量")
    case "headDimension": LocalText("head dimension d", "头维度 d")
    case "keys": LocalText("keys n", "键数 n")
    case "within": LocalText("within", "范围")
    case "top": LocalText("largest weights k", "最大的 k 个权重")
    case "mass": LocalText("share of the mass", "质量份额")
    default: LocalText(same: coordinate)
    }
  }

  /// A coordinate's value in words.
  static func value(_ coordinate: Coordinate) -> LocalText {
    coordinate.name == "scale" && coordinate.label == "none"
      ? LocalText("no scaling", "不缩放") : LocalText(same: coordinate.label)
  }

  /// A coordinate's value where its name is not said beside it: `d = 64`, but `√d` alone.
  static func namedValue(_ coordinate: Coordinate) -> LocalText {
    switch coordinate.name {
    case "headDimension": LocalText(same: "d = \(coordinate.label)")
    case "keys": LocalText(same: "n = \(coordinate.label)")
    case "scale", "within", MeasureFrame.measureRole: value(coordinate)
    default: LocalText(same: "\(coordinate.name) = \(coordinate.label)")
    }
  }

  /// A unit in words; `nil` for a plain number.
  static func unit(_ unit: String) -> LocalText? {
    switch unit {
    case "": nil
    case "share": LocalText("share", "比例")
    case "keys": LocalText("keys", "键")
    default: LocalText(same: unit)
    }
  }
}
