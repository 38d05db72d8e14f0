/// The colours that tell classes apart.
///
/// Chosen one after the other, each as far as possible from all before it in OKLab (Ottosson
/// 2020), among colours bright and saturated enough to survive 4:2:0 chroma.
public enum ClassPalette {
  /// Twenty colours; the first ones differ most.
  public static let colors: [Color] = [
    0xFF3C2D, 0x00FF00, 0x1E4BFF, 0xF000FF, 0x4B783C, 0x78F0FF, 0xFFC300, 0xA578B4, 0x0FA5FF,
    0xFFC3FF, 0xD20087, 0x871EE1, 0x78C35A, 0xA55A1E, 0xF09687, 0x00A5A5, 0xFF78E1, 0xC3FF69,
    0x3C69B4, 0x8778FF,
  ].map { Color(hex: $0) }

  /// The colour of class `classID`, any integer: the same one in every run.
  public static func color(of classID: Int) -> Color {
    // Class 0 is the background, so that the first real class gets the first colour.
    let index = (classID % colors.count + colors.count - 1) % colors.count
    return colors[index]
  }
}
