import CFFmpeg
import Foundation
internal import Support

/// The host of an address.
///
/// FFmpeg looks a host up in a call that can't be interrupted, and then reports that
/// reading failed. Looked up here first, the look-up has a deadline, and a failure its own
/// sentence. A name server that has just answered answers FFmpeg too.
struct HostName: Hashable {
  let name: String

  /// Why a host can't be reached by its name.
  struct Failure: Error, Equatable {
    var host: String
    /// The system's sentence, `nil` if there was no answer in time.
    var reason: String?

    var isGivenUp: Bool { reason == nil }
  }

  /// The host in `address`; `nil` if there is none, or if a proxy will look it up.
  init?(in address: String) {
    var scheme = [CChar](repeating: 0, count: 32)
    var host = [CChar](repeating: 0, count: 1024)
    var port: Int32 = 0
    unsafe av_url_split(&scheme, 32, nil, 0, &host, 1024, &port, nil, 0, address)
    let name = text(host)
    let isRemote = OpenPolicy.isKnown(text(scheme).lowercased())
    guard isRemote, !name.isEmpty, !Self.usesProxy(text(scheme)) else { return nil }
    self.name = name
  }

  private static func usesProxy(_ scheme: String) -> Bool {
    guard scheme.hasPrefix("http") else { return false }
    let environment = ProcessInfo.processInfo.environment
    return ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"].contains {
      environment[$0]?.isEmpty == false
    }
  }

  /// Waits until the host is found.
  func lookUp(_ interrupt: Interrupt) throws(Failure) {
    let name = name
    let outcome: Int32
    do throws(GivenUpCall.Failure) {
      outcome = try GivenUpCall.run(until: interrupt.shouldStop) {
        var found: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(name, nil, nil, &found)
        if code == 0 { unsafe freeaddrinfo(found) }
        return code
      }
    } catch {
      throw Failure(host: name, reason: nil)
    }
    if outcome != 0 {
      throw Failure(host: name, reason: unsafe String(cString: gai_strerror(outcome)))
    }
  }
}

private func text(_ characters: [CChar]) -> String {
  String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
