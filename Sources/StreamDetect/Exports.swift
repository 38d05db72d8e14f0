// One import gives a program all modules.
@_exported public import Backbone
@_exported public import Evaluation
@_exported public import Geometry
@_exported public import Layers
@_exported public import Media
@_exported public import ModelImport
@_exported public import Models
@_exported public import Output
@_exported public import Pictures
@_exported public import Pipeline
@_exported public import SSDLite
