public import ArgumentParser
public import Backbone
public import Layers
public import Media
public import ModelImport
public import Pipeline
public import SSDLite

extension ImportArchitecture: ExpressibleByArgument {}
extension InstructionSet: ExpressibleByArgument {}
extension Normalization.ColorOrder: ExpressibleByArgument {}
extension PaddingConvention: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
extension PriorRule: ExpressibleByArgument {}
extension QueuePolicy: ExpressibleByArgument {}
extension RTSPTransport: ExpressibleByArgument {}
extension Scoring: ExpressibleByArgument {}
