import CFFmpeg

/// A negative return value of FFmpeg with the call that gave it.
package struct FFmpegError: Error, Hashable {
  package let code: Int32
  package let call: String

  package init(code: Int32, call: String) {
    self.code = code
    self.call = call
  }

  /// FFmpeg's own words for the code.
  package var words: String {
    var buffer = [CChar](repeating: 0, count: Int(AV_ERROR_MAX_STRING_SIZE))
    unsafe av_strerror(code, &buffer, buffer.count)
    return String(
      decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// Passes a non-negative FFmpeg return value through and throws the rest.
///
/// This and `flow` are the only places that read a code.
@discardableResult
package func check(_ result: Int32, _ call: StaticString) throws(FFmpegError) -> Int32 {
  guard result >= 0 else { throw FFmpegError(code: result, call: "\(call)") }
  return result
}

/// `check` for callers that know the source's name: throws the error that the user sees.
@discardableResult
package func check(_ result: Int32, _ call: StaticString, source: String) throws(MediaError)
  -> Int32
{
  guard result >= 0 else {
    throw MediaError(FFmpegError(code: result, call: "\(call)"), source: source)
  }
  return result
}

/// What a call says that feeds or drains a codec or a demuxer.
package enum Flow {
  /// It did what was asked.
  case done
  /// It has nothing now (`EAGAIN`).
  case again
  /// It will have nothing any more (`AVERROR_EOF`).
  case ended
}

/// Reads end and "try again" as flow, not as errors, and throws the rest.
package func flow(_ result: Int32, _ call: StaticString) throws(FFmpegError) -> Flow {
  if result == SD_AVERROR_EAGAIN { return .again }
  if result == SD_AVERROR_EOF { return .ended }
  try check(result, call)
  return .done
}
