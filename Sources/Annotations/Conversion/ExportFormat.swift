/// A format of other programs that results can be written in.
public enum ExportFormat: String, CaseIterable, Sendable {
  /// COCO's `instances.json`, with a score for each object.
  case coco
  /// An array of COCO's results.
  case cocoResults = "coco-results"
  /// A folder of YOLO's label files.
  case yolo
  /// A folder of Pascal VOC's XML files.
  case voc
  /// A folder of MOTChallenge sequences with tracks.
  case mot
  /// A folder of MOTChallenge sequences with detections.
  case motDetections = "mot-det"
  /// An XML file of "CVAT for video 1.1" for each source.
  case cvatVideo = "cvat-video"
  /// An XML file of "CVAT for images 1.1".
  case cvatImages = "cvat-images"
  /// Tasks for Label Studio, with predictions.
  case labelStudio = "label-studio"
  /// MegaDetector's results.
  case megadetector
  /// A folder for FiftyOne, a `FiftyOneImageDetectionDataset`.
  case fiftyone
  /// Comma-separated values.
  case csv
  /// WebVTT subtitles for each source.
  case vtt
  /// Advanced SubStation Alpha subtitles for each source, which draw the boxes.
  case ass

  /// Whether the output is a folder, whatever it is called.
  public var isFolder: Bool {
    [.yolo, .voc, .mot, .motDetections, .fiftyone].contains(self)
  }

  /// Whether there is a file for each source: one with the format's suffix for a single source, or
  /// a folder of them.
  public var isForEachSource: Bool { [.cvatVideo, .vtt, .ass].contains(self) }

  /// Whether it says nothing about pictures.
  var isForVideos: Bool { [.vtt, .ass].contains(self) }
}
