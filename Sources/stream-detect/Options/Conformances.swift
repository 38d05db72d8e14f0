public import ArgumentParser
public import StreamDetect

extension ImportArchitecture: ExpressibleByArgument {}
extension InstructionSet: ExpressibleByArgument {}
extension Normalization.ColorOrder: ExpressibleByArgument {}
extension PaddingConvention: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
extension PriorRule: ExpressibleByArgument {}
extension QueuePolicy: ExpressibleByArgument {}
extension RTSPTransport: ExpressibleByArgument {}
extension Scoring: ExpressibleByArgument {}
