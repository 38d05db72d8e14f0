public import ArgumentParser
public import Backbone
public import Layers
public import Media
public import ModelImport
public import Pipeline
public import SSDLite

extension ImportArchitecture: ExpressibleByArgument {
  /// The names for help, where a style of SSD stands for all networks that it can have.
  public static var allValueStrings: [String] {
    let others = allCases.filter { if case .ssd = $0 { false } else { true } }
    return others.map(\.rawValue) + SSDStyle.allCases.map { "\($0.rawValue)_NETWORK" }
  }

  /// The shell completes whole names.
  public static var defaultCompletionKind: CompletionKind { .list(allCases.map(\.rawValue)) }
}

extension InstructionSet: ExpressibleByArgument {}
extension Normalization.ColorOrder: ExpressibleByArgument {}
extension PaddingConvention: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
extension PriorRule: ExpressibleByArgument {}
extension QueuePolicy: ExpressibleByArgument {}
extension RTSPTransport: ExpressibleByArgument {}
extension Scoring: ExpressibleByArgument {}
