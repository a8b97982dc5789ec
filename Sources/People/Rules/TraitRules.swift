import EventLog

/// How operations of events change traits.
///
/// Events may come late. What decides is the time of the event, and between equal times the order of arrival:
/// - `$set`, `$unset` and `$clearAll` of an event that is older than the trait's last change are left out.
/// - Sums and list operations of an event that is older than the last whole value are left out: that value came after
///   them. Else they are applied, in the order of arrival.
/// - `$setOnce` applies when there is no value.
/// An operation that does not fit the type of the value (a sum on a text) is left out.
enum TraitRules {
    /// Traits that one person or group can have. Operations that would make another are left out.
    static let maxTraits = 2_000

    static func apply(
        _ change: EventContent.Change, time: Int64, sequence: UInt64, source: TraitSource,
        to traits: inout [String: Trait], clearedTime: inout Int64
    ) {
        guard case .trait(let operation) = change.operation else {
            if change.operation == .unset {
                remove(change.trait, time, sequence, source, &traits)
            } else {
                for name in traits.keys { remove(name, time, sequence, source, &traits) }
                clearedTime = max(clearedTime, time)
            }
            return
        }
        guard let value = change.value else { return }
        let old = traits[change.trait]
        guard old != nil || (time >= clearedTime && traits.count < maxTraits) else { return }
        let next: PropertyValue?
        switch operation {
        case .set: next = time >= old?.time ?? .min ? value : nil
        case .setOnce: next = old?.value == nil && time >= old?.time ?? .min ? value : nil
        case .add, .append, .prepend, .postInsert, .preInsert, .remove:
            guard time >= old?.baseTime ?? .min else { return }
            next = combined(operation, old?.value, value)
        }
        guard let next else { return }
        let isWhole = operation == .set || operation == .setOnce
        traits[change.trait] = Trait(
            value: next, time: max(time, old?.time ?? .min),
            baseTime: isWhole ? time : old?.baseTime ?? max(clearedTime, 0), sequence: sequence, source: source)
    }

    private static func remove(
        _ name: String, _ time: Int64, _ sequence: UInt64, _ source: TraitSource, _ traits: inout [String: Trait]
    ) {
        guard traits[name] != nil || traits.count < maxTraits, time >= traits[name]?.time ?? .min else { return }
        traits[name] = Trait(value: nil, time: time, baseTime: time, sequence: sequence, source: source)
    }

    /// When two persons become one: the values of the person who takes the other in win; a trait without a value gives
    /// way, unless it was taken away after the other's value was set.
    static func absorb(_ other: [String: Trait], into traits: inout [String: Trait]) {
        for (name, theirs) in other {
            guard let own = traits[name] else {
                traits[name] = theirs
                continue
            }
            if own.value == nil, theirs.time >= own.time { traits[name] = theirs }
        }
    }

    // MARK: Sums and lists

    private static func combined(
        _ operation: Vocabulary.TraitOperation, _ old: PropertyValue?, _ value: PropertyValue
    ) -> PropertyValue? {
        if operation == .add {
            guard case .number(let amount) = value else { return nil }
            guard let old else { return value }
            guard case .number(let number) = old, (number + amount).isFinite else { return nil }
            return .number(number + amount)
        }
        guard let old else {
            return operation == .remove ? nil : combinedLists(operation, value.emptyList, value)
        }
        return combinedLists(operation, old, value)
    }

    private static func combinedLists(
        _ operation: Vocabulary.TraitOperation, _ old: PropertyValue, _ value: PropertyValue
    ) -> PropertyValue? {
        switch (old.asList, value.asList) {
        case (.strings(let a), .strings(let b)): .strings(joined(operation, a, b))
        case (.numbers(let a), .numbers(let b)): .numbers(joined(operation, a, b))
        case (.booleans(let a), .booleans(let b)): .booleans(joined(operation, a, b))
        case (.times(let a), .times(let b)): .times(joined(operation, a, b))
        default: nil
        }
    }

    private static func joined<Element: Hashable>(
        _ operation: Vocabulary.TraitOperation, _ old: [Element], _ new: [Element]
    ) -> [Element] {
        let list: [Element]
        switch operation {
        case .append: list = old + new
        case .prepend: list = new + old
        case .postInsert:
            var known = Set(old)
            list = old + new.filter { known.insert($0).inserted }
        case .preInsert:
            var known = Set(old)
            list = new.filter { known.insert($0).inserted } + old
        case .remove:
            let gone = Set(new)
            list = old.filter { !gone.contains($0) }
        case .set, .setOnce, .add: list = old
        }
        return list.count > Limits.valuesPerList ? old : list
    }
}

extension PropertyValue {
    /// Adds the values of another of the same type to a list; another type changes nothing.
    mutating func append(contentsOf other: PropertyValue) {
        switch (self, other.asList) {
        case (.strings(let a), .strings(let b)): self = .strings(a + b)
        case (.numbers(let a), .numbers(let b)): self = .numbers(a + b)
        case (.booleans(let a), .booleans(let b)): self = .booleans(a + b)
        case (.times(let a), .times(let b)): self = .times(a + b)
        default: break
        }
    }

    /// A list of one as its only value.
    var withoutNeedlessList: PropertyValue {
        switch self {
        case .strings(let list) where list.count == 1: .string(list[0])
        case .numbers(let list) where list.count == 1: .number(list[0])
        case .booleans(let list) where list.count == 1: .boolean(list[0])
        case .times(let list) where list.count == 1: .time(list[0])
        default: self
        }
    }

    fileprivate var asList: PropertyValue {
        switch self {
        case .string(let value): .strings([value])
        case .number(let value): .numbers([value])
        case .boolean(let value): .booleans([value])
        case .time(let value): .times([value])
        case .strings, .numbers, .booleans, .times: self
        }
    }

    var emptyList: PropertyValue {
        switch self {
        case .string, .strings: .strings([])
        case .number, .numbers: .numbers([])
        case .boolean, .booleans: .booleans([])
        case .time, .times: .times([])
        }
    }
}
