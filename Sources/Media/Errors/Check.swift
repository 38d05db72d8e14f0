import CFFmpeg

/// A negative return value of FFmpeg, and the call that returned it.
package struct FFmpegError: Error, Hashable {
  package let code: Int32
  package let call: String

  package init(code: Int32, call: String) {
    self.code = code
    self.call = call
  }

  /// FFmpeg's description of the code.
  package var reason: String {
    var buffer = [CChar](repeating: 0, count: Int(AV_ERROR_MAX_STRING_SIZE))
    unsafe av_strerror(code, &buffer, buffer.count)
    return String(
      decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// Returns a non-negative FFmpeg result and throws a negative one.
///
/// Only this function, its overload and `flow` interpret return codes.
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

/// The result of a call that feeds or drains a codec or a demuxer.
package enum Flow {
  /// It succeeded.
  case done
  /// There is nothing to return yet (`EAGAIN`).
  case again
  /// Nothing more will come (`AVERROR_EOF`).
  case ended
}

/// Returns success, "try again" and end of stream as a `Flow`, and throws all other codes.
package func flow(_ result: Int32, _ call: StaticString) throws(FFmpegError) -> Flow {
  if result == SD_AVERROR_EAGAIN { return .again }
  if result == SD_AVERROR_EOF { return .ended }
  try check(result, call)
  return .done
}
