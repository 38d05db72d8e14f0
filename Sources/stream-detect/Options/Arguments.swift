internal import Support
internal import ArgumentParser

extension TimeSpan: ExpressibleByArgument {
  init?(argument: String) { self.init(argument) }
  var defaultValueDescription: String { "\(shortest(seconds))s" }
}

extension TimeRange: ExpressibleByArgument {
  init?(argument: String) { self.init(argument) }
  var defaultValueDescription: String { "\(shortest(first))s..\(shortest(longest))s" }
}

/// `a,b,c`: names or numbers; spaces around them are ignored.
struct CommaList: ExpressibleByArgument {
  var items: [String]

  init?(argument: String) {
    items = argument.split(separator: ",").map { item in
      let start = item.firstIndex { $0 != " " } ?? item.endIndex
      let end = item.lastIndex { $0 != " " } ?? item.startIndex
      return start <= end ? String(item[start...end]) : ""
    }
    guard !items.isEmpty, !items.contains("") else { return nil }
  }
}

/// `key=value`.
struct KeyValue: ExpressibleByArgument {
  var key: String
  var value: String

  init?(argument: String) {
    guard let sign = argument.firstIndex(of: "="), sign > argument.startIndex else { return nil }
    key = String(argument[..<sign])
    value = String(argument[argument.index(after: sign)...])
  }
}

/// `value`, without ".0" if it is a whole number.
func shortest(_ value: Double) -> String {
  value == value.rounded() && value.magnitude < 1e15 ? String(Int(value)) : String(value)
}
