internal import Geometry
internal import Support
internal import Tracking

extension Setting {
  /// The zone that a mapping describes.
  func zone(_ name: String) throws(ConfigurationError) -> Zone {
    let members = try members(known: ["points", "unit", "anchor", "classes", "loiter"])
    let (points, unit) = try shape(members)
    let (anchor, classes) = (try anchor(members), try classes(members))
    let loiter = try members["loiter"]?.seconds()
    do throws(ZoneError) {
      return try Zone(
        name: name, points: points, unit: unit, anchor: anchor, classes: classes,
        loiterTime: loiter)
    } catch {
      throw fault(error, members)
    }
  }

  /// The line that a mapping describes.
  func line(_ name: String) throws(ConfigurationError) -> CountingLine {
    let members = try members(known: ["points", "unit", "anchor", "classes"])
    let (points, unit) = try shape(members)
    let (anchor, classes) = (try anchor(members), try classes(members))
    do throws(ZoneError) {
      return try CountingLine(
        name: name, points: points, unit: unit, anchor: anchor, classes: classes)
    } catch {
      throw fault(error, members)
    }
  }

  /// The area that a text or a list of points describes.
  func area(isRectangleAllowed: Bool) throws(ConfigurationError) -> AreaText {
    let area: AreaText
    if isList {
      let (corners, unit) = try points()
      area = AreaText(corners: corners, unit: unit)
    } else {
      let found = AreaText(try text())
      guard let found, isRectangleAllowed || !found.isRectangle else {
        throw fault(
          "This area of \(subject) isn't a list of corners.",
          remedy: "Write its corners, such as '0,0 1,0 1,0.2'.")
      }
      area = found
    }
    do throws(ZoneError) { try area.check() } catch {
      throw fault("\(subject): \(error.message)", remedy: error.remedy)
    }
    return area
  }

  /// The error at what it is about.
  private func fault(_ error: ZoneError, _ members: [String: Setting]) -> ConfigurationError {
    let (message, remedy) = ("\(subject): \(error.message)", error.remedy)
    return switch error.code {
    case .name: keyFault(message, remedy: remedy)
    case .time: (members["loiter"] ?? self).fault(message, remedy: remedy)
    default: (members["points"] ?? self).fault(message, remedy: remedy)
    }
  }

  private func shape(
    _ members: [String: Setting]
  ) throws(ConfigurationError) -> ([Point], CoordinateUnit) {
    guard let value = members["points"] else {
      throw keyFault("\(subject) has no 'points'.", remedy: "Write 'points: 0.1,0.5 0.9,0.5 …'.")
    }
    var (points, unit) = try value.points()
    if let setting = members["unit"] {
      let given = try setting.choice(FileUnit.self).unit
      guard given == unit || unit == .fractions else {
        throw setting.fault(
          "\(setting.subject) contradicts the 'px' of the points.", remedy: "Leave one out.")
      }
      unit = given
    }
    return (points, unit)
  }

  /// `0.1,0.5 0.9,0.5`, or a list of such points or of pairs of numbers.
  private func points() throws(ConfigurationError) -> ([Point], CoordinateUnit) {
    guard isList else {
      let text = try text()
      do throws(PointsText.Fault) {
        let points = try PointsText(text)
        return (points.points, points.unit)
      } catch {
        throw fault("\(subject): \(error.message)", remedy: "Write x,y, such as 0.25,0.5.")
      }
    }
    var points: [Point] = []
    for item in try list() { points.append(try item.point()) }
    return (points, .fractions)
  }

  private func point() throws(ConfigurationError) -> Point {
    let texts: [String]
    if isList {
      var parts: [String] = []
      for item in try list() { parts.append(try item.text()) }
      texts = parts
    } else {
      texts = try text().split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    guard texts.count == 2, let x = PointsText.number(texts[0]), let y = PointsText.number(texts[1])
    else {
      throw fault("This point of \(subject) isn't two numbers.", remedy: "Write [0.25, 0.5].")
    }
    return Point(x: x, y: y)
  }

  private func anchor(_ members: [String: Setting]) throws(ConfigurationError) -> BoxAnchor {
    try members["anchor"]?.choice(BoxAnchor.self) ?? .bottom
  }

  /// A name, or a list of names.
  private func classes(_ members: [String: Setting]) throws(ConfigurationError) -> Set<String>? {
    guard let value = members["classes"] else { return nil }
    var names: Set<String> = []
    if value.isList {
      for item in try value.list() { names.insert(try item.text()) }
    } else {
      names.insert(try value.text())
    }
    guard !names.isEmpty else {
      throw value.fault("\(value.subject) is empty.", remedy: "Leave it out for all classes.")
    }
    return names
  }

  /// `30`, `30s` or `1:30`.
  private func seconds() throws(ConfigurationError) -> Double {
    guard let span = TimeSpan(try text()) else {
      throw fault("\(subject) isn't a time.", remedy: "Write seconds, such as 30s.")
    }
    return span.seconds
  }
}

/// What the coordinates count, in a file's words.
private enum FileUnit: String, CaseIterable {
  case fractions
  case px

  var unit: CoordinateUnit { self == .px ? .pixels : .fractions }
}
