import EventLog

/// Compares the events of one batch with the tracking plan, each before it is ended.
struct PlanChecker {
    let plan: TrackingPlan
    /// The rule of each name of the batch, once it is known.
    private var rules: [UInt16: TrackingPlan.Event?] = [:]

    /// What the product's own formats mean is in every plan.
    private static let always: Set<String> = [
        Vocabulary.identified, Vocabulary.aliased, Vocabulary.groupJoined, Vocabulary.groupChanged,
        Vocabulary.profileChanged, Vocabulary.consentChanged,
    ]

    init(_ plan: TrackingPlan) { self.plan = plan }

    /// - Complexity: O(properties of the plan's event), and O(columns of the batch) when it forbids others.
    mutating func check(_ batch: inout EventBatch) throws -> [PlanViolation] {
        guard let number = batch.rowNames.last else { return [] }
        let name = batch.names.string(Int(number))
        if rules[number] == nil { rules[number] = .some(plan.events[name]) }
        guard let rule = rules[number] ?? nil else {
            let isFine = plan.others || PlanChecker.always.contains(name)
            return isFine ? [] : [PlanViolation(event: name, property: "", reason: .unplannedEvent)]
        }
        var violations: [PlanViolation] = []
        for (property, expected) in rule.properties {
            let number = try batch.property(property)
            if let type = batch.type(of: number) {
                if !PlanChecker.fits(type, expected.type) {
                    violations.append(PlanViolation(event: name, property: property, reason: .wrongType))
                }
            } else if expected.required {
                violations.append(PlanViolation(event: name, property: property, reason: .missingProperty))
            }
        }
        if !rule.others { violations += unplanned(name, rule, batch) }
        return violations.sorted { ($0.property, $0.reason.rawValue) < ($1.property, $1.reason.rawValue) }
    }

    private func unplanned(_ name: String, _ rule: TrackingPlan.Event, _ batch: EventBatch) -> [PlanViolation] {
        let row = UInt32(batch.count - 1)
        return batch.columns.filter { $0.rows.last == row }.compactMap { column in
            let property = batch.properties.string(Int(column.property))
            let isFine =
                rule.properties[property] != nil || property.hasPrefix(Vocabulary.contextPrefix)
                || property.hasPrefix("$") || property == Vocabulary.anonymousID
            return isFine ? nil : PlanViolation(event: name, property: property, reason: .unplannedProperty)
        }
    }

    private static func fits(_ type: PropertyType, _ expected: TrackingPlan.ValueType) -> Bool {
        switch expected {
        case .any: true
        case .list: type.isList
        case .string: type == .string || type == .time
        case .number: type == .number
        case .boolean: type == .boolean
        }
    }
}
