import EventLog

/// Decides whose an event is, and whether that person's events may be stored.
struct PersonResolver {
    /// Stands for a group where a format sends changes of groups without a person: `$group:company:acme`.
    static func group(type: UnsafeRawBufferPointer, id: UnsafeRawBufferPointer) -> [UInt8] {
        Array(Vocabulary.groupPersonPrefix.utf8) + type + [0x3a] + id
    }

    private let gate: (any CollectionGate)?

    init(_ gate: any CollectionGate) { self.gate = gate.restrictsAnyone ? gate : nil }

    /// The strictest admission of an event's ids.
    ///
    /// - Complexity: O(1) while the gate restricts nobody.
    func admission(_ ids: [UnsafeRawBufferPointer?]) -> Admission {
        guard let gate else { return .admitted }
        var result = Admission.admitted
        for case .some(let id) in ids {
            switch gate.admission(of: String(decoding: id, as: UTF8.self)) {
            case .suppressed: return .suppressed
            case .refusesTracking: result = .refusesTracking
            case .admitted: break
            }
        }
        return result
    }

    var admitsEverybody: Bool { gate == nil }
}
