import EventLog

/// The synthetic events of the benchmarks, by formula: the same as `Benchmarks/peers/dataset.py`, where they are
/// described.
struct SyntheticEvents {
    static let eventsPerPerson = 100
    static let sessionEvents = 8
    static let days = 90
    /// 2024-01-01T00:00:00Z, a Monday.
    static let start: Int64 = 1_704_067_200_000
    static let end = start + Int64(days) * 86_400_000
    static let names = [
        "Page Viewed", "Product Viewed", "App Opened", "Product Searched", "Category Viewed", "Product Added",
        "Cart Viewed",
        "Push Received", "Checkout Started", "Email Opened", "Order Completed", "Product Wished", "Push Opened",
        "Coupon Viewed",
        "Review Read", "Email Clicked", "Coupon Applied", "Product Removed", "Product Shared", "Signed In",
        "Review Written",
        "Order Shipped", "Address Added", "Payment Failed", "Support Asked", "Points Used", "Order Refunded",
        "Friend Invited",
        "Plan Upgraded", "Account Deleted",
    ]
    static let cities = [
        "Seoul", "Busan", "Incheon", "Daegu", "Daejeon", "Gwangju", "Suwon", "Ulsan", "Goyang", "Yongin", "Seongnam",
        "Changwon",
        "Cheongju", "Bucheon", "Hwaseong", "Jeonju", "Cheonan", "Ansan", "Pohang", "Jeju",
    ]
    static let devices = ["ios", "android", "web", "tablet"]

    struct Event {
        var person: UInt64
        var time: Int64
        var name: Int
        var city: Int
        var cents: Int
        var device: Int
    }

    private let cumulative: [UInt64]

    init() {
        var weights = (1..<Self.names.count).map { UInt64(1_000_000 / $0) }
        weights.append(weights.reduce(0, +) / 100_000)
        var sum: UInt64 = 0
        cumulative = weights.map { weight in
            sum += weight
            return sum
        }
    }

    @inline(__always)
    private static func hash(_ stream: UInt64, _ x: UInt64) -> UInt64 {
        var z = (x &+ 1) &* 0x9E37_79B9_7F4A_7C15 &+ stream &* 0xD134_2543_DE82_EF95
        z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z &>> 31)
    }

    @inline(__always)
    private static func below(_ hash: UInt64, _ count: UInt64) -> UInt64 { ((hash &>> 32) &* count) &>> 32 }

    /// The event of one row.
    func event(_ row: Int) -> Event {
        let i = UInt64(row)
        let p = i / UInt64(Self.eventsPerPerson)
        let k = i % UInt64(Self.eventsPerPerson)
        let session = p &* 16 &+ k / UInt64(Self.sessionEvents)
        let begin = Self.below(Self.hash(1, session), UInt64(Self.days * 86_400 - 3_600)) * 1_000
        let step = k % UInt64(Self.sessionEvents) * 180_000 + Self.below(Self.hash(2, i), 180_000)
        var time = UInt64(Self.start) + begin + step
        time = time - time % 100 + k
        let draw = Self.below(Self.hash(3, i), cumulative[cumulative.count - 1])
        let elsewhere = Self.hash(5, i)
        let city = elsewhere & 7 == 0 ? Self.below(elsewhere, 20) : Self.below(Self.hash(4, p), 20)
        return Event(
            person: p, time: Int64(time), name: cumulative.firstIndex { draw < $0 } ?? 0, city: Int(city),
            cents: Int(Self.below(Self.hash(6, i), 100_000)), device: Int(Self.hash(7, session) &>> 62))
    }

    static func personID(_ number: UInt64) -> String { "u\(number)" }

    /// The events of some rows as a batch for `EventLog.load`.
    func batch(_ rows: some Sequence<Int>, key: HashKey) throws -> EventBatch {
        var batch = EventBatch(key: key)
        let names = try Self.names.map { try batch.name($0) }
        let (city, amount, device) = (
            try batch.property("city"), try batch.property("amount"), try batch.property("device")
        )
        let cities = Self.cities.map { Array($0.utf8) }
        let devices = Self.devices.map { Array($0.utf8) }
        var person = UInt64.max
        var id: [UInt8] = []
        for row in rows {
            let event = event(row)
            if event.person != person {
                person = event.person
                id = Array(Self.personID(person).utf8)
            }
            try id.withUnsafeBytes { try batch.begin(person: $0, name: names[event.name], time: event.time) }
            try cities[event.city].withUnsafeBytes { try batch.add(city, string: $0) }
            try batch.add(amount, number: Double(event.cents) / 100)
            try devices[event.device].withUnsafeBytes { try batch.add(device, string: $0) }
            try batch.end()
        }
        return batch
    }
}
