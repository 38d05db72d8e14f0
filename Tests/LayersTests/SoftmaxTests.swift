import Layers
import Testing

@Suite("Softmax")
struct SoftmaxTests {
  @Test("gives the probabilities of logits, however large they are")
  func probabilities() {
    let logits: [Float] = [0, 1, 2, -3]
    let sum = logits.reduce(0) { $0 + exponential($1) }
    for (value, logit) in zip(softmax(logits.span), logits) {
      #expect(abs(value - exponential(logit) / sum) < 1e-6)
    }
    let large: [Float] = [1000, 1000, -1000]
    #expect(softmax(large.span) == [0.5, 0.5, 0])
    let none: [Float] = []
    #expect(softmax(none.span).isEmpty)
  }
}
