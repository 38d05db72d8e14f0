internal import CFFmpeg
internal import CKernels

/// Scales 8-bit 4:2:0 planes and converts them to RGB in one pass.
///
/// Does what libswscale does with the flags of `ImageConversion`, with the same rounding, in a
/// fifth of the time: it reads only the lines it needs, and intermediate lines stay in the cache.
@safe
final class PlaneConversion {
  private let luma: PlaneLines
  private let blue: PlaneLines
  private let red: PlaneLines
  private let isPlanar: Bool
  private let height: Int
  private var arguments: sd_s16_rgb_args
  private let kernel: sd_s16_rgb_fn

  /// Returns `nil` for formats and sizes that are left to libswscale.
  init?(_ input: ImageFormat, _ output: ImageFormat) {
    isPlanar = [AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P].contains(input.pixelFormat)
    guard isPlanar || input.pixelFormat == AV_PIX_FMT_NV12,
      output.pixelFormat == AV_PIX_FMT_RGB24, output.isFullRange,
      (input.width, input.height) != (output.width, output.height)
    else { return nil }
    let (chromaWidth, chromaHeight) = ((input.width + 1) / 2, (input.height + 1) / 2)
    guard
      let columns = Resampling(
        from: input.width, to: output.width, unity: 1 << 14, multiple: 4),
      let chromaColumns = Resampling(
        from: chromaWidth, to: output.width, unity: 1 << 14, multiple: 4),
      let rows = Resampling(from: input.height, to: output.height, unity: 1 << 12, multiple: 2),
      let chromaRows = Resampling(
        from: chromaHeight, to: output.height, unity: 1 << 12, multiple: 2)
    else { return nil }

    var kernels = sd_kernels()
    unsafe sd_kernels_init(&kernels, sd_isa_best())
    unsafe kernel = unsafe kernels.s16_rgb
    let first = LineResampler(chromaColumns, step: isPlanar ? 1 : 2, offset: 0, kernels)
    let second =
      isPlanar ? first : LineResampler(chromaColumns, step: 2, offset: 1, kernels)
    luma = PlaneLines(
      LineResampler(columns, step: 1, offset: 0, kernels), outputs: output.width,
      vertical: rows)
    blue = PlaneLines(first, outputs: output.width, vertical: chromaRows)
    red = PlaneLines(second, outputs: output.width, vertical: chromaRows)
    height = output.height
    unsafe arguments = unsafe sd_s16_rgb_args()
    unsafe arguments.pixels = output.width
    unsafe arguments.taps = rows.taps
    unsafe arguments.chroma_taps = chromaRows.taps
    // libswscale truncates when it sums two lines, and rounds when it sums more.
    unsafe arguments.rounding = rows.taps == 2 && chromaRows.taps == 2 ? 0 : 1 << 9
    guard setMatrix(input) else { return nil }
  }

  /// Sets the matrix for conversion to full-range RGB, in steps of 1/8192.
  ///
  /// Returns whether its factors are small enough for 32-bit sums.
  private func setMatrix(_ input: ImageFormat) -> Bool {
    guard let table = unsafe sws_getCoefficients(Int32(input.matrix.rawValue)) else { return false }
    // The table's factors, in steps of 1/65536, are for limited-range chroma (224 steps).
    let factors = (0..<4).map { index in
      let factor = unsafe Int(table[index])
      return input.isFullRange ? factor * 224 / 255 : factor
    }
    guard factors.allSatisfy({ (0...144_000).contains($0) }) else { return false }
    func rounded(_ factor: Int) -> Int32 { Int32((factor + 4) >> 3) }
    unsafe arguments.luma_offset = input.isFullRange ? 0 : 16 << 9
    unsafe arguments.luma_scale = rounded(input.isFullRange ? 1 << 16 : (1 << 16) * 255 / 219)
    unsafe arguments.red_of_red = rounded(factors[0])
    unsafe arguments.blue_of_blue = rounded(factors[1])
    unsafe arguments.green_of_blue = rounded(-factors[2])
    unsafe arguments.green_of_red = rounded(-factors[3])
    return true
  }

  /// Converts the planes into RGB pixels with `stride` bytes per line.
  func run(
    _ planes: UnsafePointer<UnsafePointer<UInt8>?>, _ strides: UnsafePointer<Int32>,
    to pixels: UnsafeMutablePointer<UInt8>, stride: Int
  ) {
    guard let first = unsafe planes[0], let second = unsafe planes[1] else { return }
    // If there are two planes, the second holds both colour differences.
    let third = unsafe isPlanar ? planes[2] : second
    guard let third = unsafe third else { return }
    unsafe luma.begin(first, stride: Int(strides[0]))
    unsafe blue.begin(second, stride: Int(strides[1]))
    unsafe red.begin(third, stride: Int(isPlanar ? strides[2] : strides[1]))
    for row in 0..<height {
      unsafe arguments.luma = luma.window(of: row)
      unsafe arguments.blue = blue.window(of: row)
      unsafe arguments.red = red.window(of: row)
      unsafe arguments.weights = luma.weights(of: row)
      unsafe arguments.chroma_weights = blue.weights(of: row)
      unsafe arguments.rgb = pixels + row * stride
      unsafe kernel(&arguments)
    }
  }
}
