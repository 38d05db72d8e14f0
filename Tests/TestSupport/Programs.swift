internal import Foundation

/// Runs a program and returns what it prints.
@discardableResult
public func runProgram(_ name: String, _ arguments: [String]) throws -> [UInt8] {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = [name] + arguments
  let output = Pipe()
  let errors = Pipe()
  process.standardOutput = output
  process.standardError = errors
  process.standardInput = FileHandle.nullDevice
  try process.run()
  let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
  let message = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    throw ProgramFailure(status: process.terminationStatus, message: message)
  }
  return bytes
}

/// A program that ended with another status than 0.
public struct ProgramFailure: Error {
  /// The status.
  public var status: Int32
  /// What it said on standard error.
  public var message: String
}
