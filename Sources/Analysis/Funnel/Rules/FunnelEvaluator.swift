package import EventLog

/// Judges histories by the rule that fits them, with buffers that are kept from one to the next.
package struct FunnelEvaluator: Sendable {
    private let shape: FunnelShape
    private var scan: OrderedScan
    private var ordered: OrderedAttempts
    private var unordered: UnorderedAttempts
    private var rows: [Row] = []
    /// Steps of the codes in `rows`, which are steps themselves.
    private let identity: [UInt8]

    package init(_ shape: FunnelShape) {
        self.shape = shape
        scan = OrderedScan(stepCount: shape.stepCount, window: shape.window)
        ordered = OrderedAttempts(shape)
        unordered = UnorderedAttempts(shape)
        identity = (0..<UInt8(shape.stepCount)).map { $0 }
    }

    package mutating func evaluate(
        _ events: UnsafeBufferPointer<FunnelEvent>, entry: Range<Int64>, _ outcome: inout FunnelOutcome
    ) {
        switch shape.order {
        case .unordered: unordered.evaluate(events, entry: entry, &outcome)
        case .strict: ordered.evaluate(events, entry: entry, &outcome)
        case .ordered:
            if shape.exclusions.isEmpty, !shape.hasOptionalSteps, flatten(events) {
                scan.evaluate(rows, steps: identity, entry: entry, &outcome)
            } else {
                ordered.evaluate(events, entry: entry, &outcome)
            }
        }
    }

    /// Judges rows whose event codes alone say which one step each fits: see `OrderedScan.evaluate`.
    package mutating func evaluate(
        _ rows: UnsafeBufferPointer<Row>, steps: [UInt8], entry: Range<Int64>, _ outcome: inout FunnelOutcome
    ) {
        scan.evaluate(rows, steps: steps, entry: entry, &outcome)
    }

    /// Puts the events that fit a step into `rows`, with the step as their code; false when one fits several.
    private mutating func flatten(_ events: UnsafeBufferPointer<FunnelEvent>) -> Bool {
        rows.removeAll(keepingCapacity: true)
        for event in events where event.mask != 0 {
            if event.mask & (event.mask - 1) != 0 { return false }
            rows.append(Row(time: event.time, row: 0, code: UInt16(event.mask.trailingZeroBitCount), source: 0))
        }
        return true
    }
}
