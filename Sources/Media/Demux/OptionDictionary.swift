import CFFmpeg

/// Options for FFmpeg.
///
/// Wraps `AVDictionary`. FFmpeg removes the options that it uses; it doesn't know those left over.
@safe
struct OptionDictionary: ~Copyable {
  private(set) var raw: OpaquePointer?

  deinit {
    var freeing = unsafe raw
    unsafe av_dict_free(&freeing)
  }

  /// Adds or replaces an option.
  mutating func set(_ key: String, _ value: String) {
    unsafe av_dict_set(&raw, key, value, 0)
  }

  /// Lends the dictionary to a call that consumes options.
  mutating func withRaw<Result>(
    _ body: (UnsafeMutablePointer<OpaquePointer?>) -> Result
  ) -> Result {
    unsafe withUnsafeMutablePointer(to: &raw) { unsafe body($0) }
  }

  /// The names of the options.
  var keys: [String] {
    var keys: [String] = []
    var entry = unsafe av_dict_get(raw, "", nil, AV_DICT_IGNORE_SUFFIX)
    while let found = unsafe entry {
      if let key = unsafe found.pointee.key { keys.append(unsafe String(cString: key)) }
      unsafe entry = av_dict_get(raw, "", found, AV_DICT_IGNORE_SUFFIX)
    }
    return keys
  }
}

/// The value for `key` in FFmpeg's metadata, or `nil`.
func dictionaryEntry(_ key: String, of dictionary: OpaquePointer?) -> String? {
  guard let entry = unsafe av_dict_get(dictionary, key, nil, 0),
    let value = unsafe entry.pointee.value
  else { return nil }
  return unsafe String(cString: value)
}
