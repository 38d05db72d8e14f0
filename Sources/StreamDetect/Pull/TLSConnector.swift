internal import Download
internal import Foundation
internal import Media

/// Connects a download with FFmpeg's TLS.
struct TLSConnector: Connector {
  let options: SecureConnection.Options
  let cancellation: Cancellation

  func connect(
    to address: WebAddress, through proxy: Proxy?
  ) throws(DownloadError) -> any ByteConnection {
    var options = options
    options.proxy = proxy?.address
    do throws(MediaError) {
      return TLSConnection(
        try SecureConnection(
          host: address.host, port: address.port, options: options, cancellation: cancellation),
        address)
    } catch {
      throw DownloadError(error, address)
    }
  }
}

private final class TLSConnection: ByteConnection {
  private let connection: SecureConnection
  private let address: WebAddress

  init(_ connection: SecureConnection, _ address: WebAddress) {
    self.connection = connection
    self.address = address
  }

  func write(_ bytes: [UInt8]) throws(DownloadError) {
    do throws(MediaError) { try connection.write(bytes) } catch {
      throw DownloadError(error, address)
    }
  }

  func read(upTo count: Int) throws(DownloadError) -> [UInt8] {
    do throws(MediaError) { return try connection.read(upTo: count) } catch {
      throw DownloadError(error, address)
    }
  }
}

extension DownloadError {
  /// The failure of a connection, in a download's words.
  fileprivate init(_ error: MediaError, _ address: WebAddress) {
    let code: Code =
      switch error.code {
      case .cancelled: .cancelled
      case .hostNotFound: .hostNotFound
      case .untrustedCertificate: .untrusted
      case .unsupportedProtocol: .unsupported
      case .openTimeout, .readTimeout: .timedOut
      default: .connectionFailed
      }
    let what =
      code == .timedOut
      ? (
        message: "The server did not answer in time.",
        remedy: "Try again later; the download goes on where it stopped."
      )
      : (message: error.message, remedy: error.remedy)
    self.init(code, address.text, what.message, remedy: what.remedy)
  }
}
