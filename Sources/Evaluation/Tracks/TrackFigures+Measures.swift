/// Overlaps are compared with thresholds as TrackEval does it, with room for rounding.
private let slack = Double.ulpOfOne

extension TrackFigures {
  /// HOTA at overlaps of 0.05, 0.1, … 0.95, and the means of its parts.
  mutating func measureHOTA(_ sequence: NumberedSequence, _ solver: inout AssignmentSolver) {
    let columns = sequence.foundCount.count
    let likeness = Self.likeness(sequence)
    var matched = (1...19).map { _ in [Int: Int]() }
    var hits = [Int](repeating: 0, count: 19)
    var overlapSum = [Double](repeating: 0, count: 19)
    for frame in sequence.frames where !frame.truth.isEmpty && !frame.found.isEmpty {
      let pairs = solver.pairs(rows: frame.truth.count, columns: frame.found.count) {
        likeness[frame.truth[$0] * columns + frame.found[$1]] * frame.overlap($0, $1)
      }
      for (row, column) in pairs {
        let overlap = frame.overlap(row, column)
        let pair = frame.truth[row] * columns + frame.found[column]
        for step in 0..<19 where overlap >= 0.05 * Double(step + 1) - slack {
          hits[step] += 1
          overlapSum[step] += overlap
          matched[step][pair, default: 0] += 1
        }
      }
    }
    for step in 0..<19 {
      let all = Double(max(truthBoxes + foundBoxes - hits[step], 1))
      let detection = Double(hits[step]) / all
      // Sorted, because the order of a dictionary differs from run to run, and rounding with it.
      let association =
        matched[step].sorted { $0.key < $1.key }.reduce(0.0) { sum, entry in
          let (pair, count) = entry
          let union =
            sequence.truthCount[pair / columns] + sequence.foundCount[pair % columns] - count
          return sum + Double(count) * Double(count) / Double(max(union, 1))
        } / Double(max(hits[step], 1))
      detA += detection / 19
      assA += association / 19
      hota += (detection * association).squareRoot() / 19
      locA += (hits[step] > 0 ? overlapSum[step] / Double(hits[step]) : 1) / 19
    }
  }

  /// How alike each object and track are over all frames: TrackEval's global alignment score.
  private static func likeness(_ sequence: NumberedSequence) -> [Double] {
    let columns = sequence.foundCount.count
    var sums = [Double](repeating: 0, count: sequence.truthCount.count * columns)
    for frame in sequence.frames {
      var rowSums = [Double](repeating: 0, count: frame.truth.count)
      var columnSums = [Double](repeating: 0, count: frame.found.count)
      for row in frame.truth.indices {
        for column in frame.found.indices {
          rowSums[row] += frame.overlap(row, column)
          columnSums[column] += frame.overlap(row, column)
        }
      }
      for row in frame.truth.indices {
        for column in frame.found.indices {
          let overlap = frame.overlap(row, column)
          let union = rowSums[row] + columnSums[column] - overlap
          guard union > slack else { continue }
          sums[frame.truth[row] * columns + frame.found[column]] += overlap / union
        }
      }
    }
    for row in sequence.truthCount.indices {
      for column in sequence.foundCount.indices {
        let sum = sums[row * columns + column]
        sums[row * columns + column] =
          sum / (Double(sequence.truthCount[row] + sequence.foundCount[column]) - sum)
      }
    }
    return sums
  }

  /// IDF1 and its parts.
  mutating func measureIdentity(_ sequence: NumberedSequence, _ solver: inout AssignmentSolver) {
    let columns = sequence.foundCount.count
    var together = [Int](repeating: 0, count: sequence.truthCount.count * columns)
    for frame in sequence.frames {
      for row in frame.truth.indices {
        for column in frame.found.indices where frame.overlap(row, column) >= 0.5 {
          together[frame.truth[row] * columns + frame.found[column]] += 1
        }
      }
    }
    let pairs = solver.pairs(rows: sequence.truthCount.count, columns: columns) {
      Double(together[$0 * columns + $1])
    }
    let right = Double(pairs.reduce(0) { $0 + together[$1.row * columns + $1.column] })
    idRecall = right / Double(max(truthBoxes, 1))
    idPrecision = right / Double(max(foundBoxes, 1))
    idf1 = 2 * right / Double(max(truthBoxes + foundBoxes, 1))
  }

  /// MOTA and its parts, at an overlap of one half.
  mutating func measureCLEAR(_ sequence: NumberedSequence, _ solver: inout AssignmentSolver) {
    var last = [Int](repeating: -1, count: sequence.truthCount.count)
    var lastFrame = last
    var hits = 0
    for frame in sequence.frames where !frame.truth.isEmpty && !frame.found.isEmpty {
      // Matches of the frame before are kept where they still hold.
      let pairs = solver.pairs(rows: frame.truth.count, columns: frame.found.count) {
        let overlap = frame.overlap($0, $1)
        guard overlap >= 0.5 - slack else { return 0 }
        return overlap + (lastFrame[frame.truth[$0]] == frame.found[$1] ? 1000 : 0)
      }
      for index in lastFrame.indices { lastFrame[index] = -1 }
      for (row, column) in pairs {
        let (object, track) = (frame.truth[row], frame.found[column])
        if last[object] >= 0 && last[object] != track { switches += 1 }
        last[object] = track
        lastFrame[object] = track
      }
      hits += pairs.count
    }
    misses = truthBoxes - hits
    falseBoxes = foundBoxes - hits
    mota = (Double(hits) - Double(falseBoxes) - Double(switches)) / Double(max(truthBoxes, 1))
  }
}
