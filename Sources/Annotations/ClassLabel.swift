/// What the classes of a model are called.
public enum ClassLabel {
  /// The name of a class in `labels`, a model's names by class id; `class 7` if class 7 has none.
  public static func name(of classID: Int, in labels: [String]) -> String {
    labels.indices.contains(classID) ? labels[classID] : "class \(classID)"
  }
}
