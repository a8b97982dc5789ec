/// Events as they arrive.
enum LivePages {
    static let pages: [ConsolePage] = []
}
