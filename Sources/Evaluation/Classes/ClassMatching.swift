public import Annotations

/// Which classes of a truth and of a model are the same, and which are left out.
public struct ClassMatching: Sendable {
  /// What happens to the objects of a category of the truth.
  enum Meaning: Hashable, Sendable {
    /// They are evaluated as this class.
    case evaluated(Int)
    /// They mark regions in which detections don't count.
    case region
    /// They are left out, because the model does not have the class.
    case leftOut
  }

  /// The classes that a model can find.
  public struct ModelClasses: Sendable {
    /// Their names, without the background.
    public var names: [String]
    /// Whether these are all classes.
    ///
    /// Names that were collected from results lack the classes of which nothing was found.
    public var isComplete: Bool

    /// Creates a list.
    public init(names: [String], isComplete: Bool) {
      self.names = names
      self.isComplete = isComplete
    }
  }

  /// The evaluated classes by the model's names, in the order of the truth.
  public private(set) var classes: [String] = []
  /// Categories of the truth that the model does not have.
  public private(set) var onlyInTruth: [String] = []
  /// Classes of the model that the truth does not have.
  public private(set) var onlyInModel: [String] = []
  /// Categories of the truth that mark regions.
  public private(set) var regions: [String] = []
  /// Evaluated classes of which nothing was found, if the model's own list of classes is not known.
  public private(set) var neverFound: [String] = []
  /// What happens to each category of the truth.
  private(set) var meanings: [Meaning] = []
  /// Index into `classes` for each of the model's names that is evaluated.
  private(set) var classOfLabel: [String: Int] = [:]

  /// Matches the categories of `truth` with the classes of a model.
  ///
  /// The map takes precedence, then equal names, then names that mean the same. Only a map can
  /// merge several categories into one class.
  ///
  /// - Throws: `EvaluationError` if the map has a name that its side does not have, or no class is
  ///   left.
  public init(
    truth: AnnotationSet, model: ModelClasses, map: ClassMap? = nil
  ) throws(EvaluationError) {
    let names = truth.categories.map(\.name)
    let mapped = try Self.mapped(names, model, map)
    var label = names.map { mapped[$0] }
    var taken: Set<String> = []
    for find in [Self.equal, Self.similar] {
      for place in label.indices where label[place] == nil {
        guard let same = find(names[place], model.names), taken.insert(same).inserted else {
          continue
        }
        label[place] = same
      }
    }
    for (name, label) in zip(names, label) { add(name, label, model) }
    guard !classes.isEmpty else {
      throw EvaluationError(
        path: "classes", message: "The truth and the model have none in common.",
        remedy: "Write pairs into a file for --class-map. The truth has: \(Self.list(names)). "
          + "The model has: \(Self.list(model.names)).")
    }
    onlyInModel = model.names.filter { classOfLabel[$0] == nil }
  }

  private mutating func add(_ name: String, _ label: String?, _ model: ModelClasses) {
    if let label, label != ClassMap.regionName || model.names.contains(label) {
      meanings.append(.evaluated(classIndex(of: label)))
    } else if label != nil || ClassName.canonical(name) == ClassMap.regionName {
      meanings.append(.region)
      regions.append(name)
    } else if model.isComplete {
      meanings.append(.leftOut)
      onlyInTruth.append(name)
    } else {
      meanings.append(.evaluated(classIndex(of: name)))
      neverFound.append(name)
    }
  }

  private mutating func classIndex(of label: String) -> Int {
    if let known = classOfLabel[label] { return known }
    classes.append(label)
    classOfLabel[label] = classes.count - 1
    return classes.count - 1
  }

  private static func equal(_ name: String, _ labels: [String]) -> String? {
    labels.first { $0 == name }
  }

  private static func similar(_ name: String, _ labels: [String]) -> String? {
    let wanted = ClassName.canonical(name)
    return labels.first { ClassName.canonical($0) == wanted }
  }

  /// The model's name for each category in the map.
  private static func mapped(
    _ names: [String], _ model: ModelClasses, _ map: ClassMap?
  ) throws(EvaluationError) -> [String: String] {
    var mapped: [String: String] = [:]
    for pair in map?.pairs ?? [] {
      guard let name = equal(pair.truth, names) ?? similar(pair.truth, names) else {
        throw EvaluationError(
          path: map?.path ?? "", message: "The truth has no class '\(pair.truth)'.",
          remedy: "It has: \(list(names)).")
      }
      let known = equal(pair.model, model.names) ?? similar(pair.model, model.names)
      let isRegion = ClassName.canonical(pair.model) == ClassMap.regionName
      let label = known ?? (isRegion ? ClassMap.regionName : model.isComplete ? nil : pair.model)
      guard let label else {
        throw EvaluationError(
          path: map?.path ?? "", message: "The model has no class '\(pair.model)'.",
          remedy: "It has: \(list(model.names)); 'ignore' marks regions to leave out.")
      }
      mapped[name] = label
    }
    return mapped
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(30).joined(separator: ", ")
    return names.count > 30 ? "\(shown) and \(names.count - 30) more" : shown
  }
}
