import Statistics

/// Writes the lines of the synthetic shop as bytes, from parts that are rendered once. No string is built for a line.
struct ShopLineWriter {
    private let seed: UInt64
    private let catalogue: TrafficCatalogue
    private(set) var bytes: [UInt8] = []
    private var lines: UInt64 = 0
    private var day = Int64.min
    private var dayText: [UInt8] = []

    // Rendered parts.
    private let kindParts: [[UInt8]]
    private let placeParts: [[UInt8]]
    private let productParts: [[UInt8]]
    private let itemParts: [[UInt8]]
    private let channelParts: [[UInt8]]
    private let pageParts: [[UInt8]]
    private let searchParts: [[UInt8]]
    private let categoryParts: [[UInt8]]
    private let couponParts: [[UInt8]]
    private let cityTable: [UInt8]

    init(seed: UInt64, catalogue: TrafficCatalogue) {
        self.seed = seed
        self.catalogue = catalogue
        func part(_ text: String) -> [UInt8] { Array(text.utf8) }
        kindParts = ShopEventKind.allCases.map { kind in
            part(
                kind == .identify
                    ? "\",\"type\":\"identify\",\"timestamp\":\""
                    : "\",\"type\":\"track\",\"event\":\"\(kind.name)\",\"timestamp\":\"")
        }
        placeParts = TrafficCatalogue.devices.flatMap { device in
            TrafficCatalogue.cities.map { part(",\"properties\":{\"device\":\"\(device)\",\"city\":\"\($0)\"") }
        }
        productParts = catalogue.products.map {
            part(
                ",\"product_id\":\"\($0.id)\",\"name\":\"\($0.name)\",\"category\":\"\($0.category)\",\"price\":\($0.price)"
            )
        }
        itemParts = catalogue.products.map {
            part("{\"product_id\":\"\($0.id)\",\"category\":\"\($0.category)\",\"price\":\($0.price),\"quantity\":")
        }
        channelParts = zip(TrafficCatalogue.channels, TrafficCatalogue.campaigns).map { channel, campaign in
            part(",\"channel\":\"\(channel)\"" + (campaign.isEmpty ? "" : ",\"utm_campaign\":\"\(campaign)\""))
        }
        pageParts = TrafficCatalogue.pages.map { part(",\"path\":\"\($0)\"") }
        searchParts = TrafficCatalogue.searches.map { part(",\"query\":\"\($0)\"") }
        categoryParts = catalogue.products.indices.filter { $0 % 8 == 0 && $0 < 64 }.map {
            part(",\"category\":\"\(catalogue.products[$0].category)\"")
        }
        couponParts = TrafficCatalogue.coupons.map { part(",\"coupon\":\"\($0)\"") }
        var source = RandomSource(seed: seed, stream: 0xC17E_5000)
        cityTable = (0..<4_096).map { _ in UInt8(catalogue.cityDraw.draw(&source)) }
    }

    mutating func clear() { bytes.removeAll(keepingCapacity: true) }
    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    mutating func write(_ record: ShopRecord) {
        append("{\"messageId\":\"")
        // A bijection of the line's number: unique.
        hex(SplitMix64.mix((seed ^ 0x6D65_7373_6167_6500) &+ lines &* SplitMix64.increment))
        lines &+= 1
        bytes += kindParts[Int(record.kind.rawValue)]
        time(record.time)
        ids(record)
        if record.kind == .identify { traits(record) } else { properties(record) }
        append("}}\n")
    }

    // MARK: Ids

    private mutating func ids(_ record: ShopRecord) {
        switch record.identity {
        case .anonymous: anonymous(record, 0)
        case .secondAnonymous: anonymous(record, 1)
        case .known: user(record)
        case .joined:
            user(record)
            anonymous(record, 0)
        case .secondJoined:
            user(record)
            anonymous(record, 1)
        }
    }

    private mutating func user(_ record: ShopRecord) {
        append(",\"userId\":\"u-")
        digits(Int(record.person) + 1, width: 7)
        bytes.append(0x22)
    }

    private mutating func anonymous(_ record: ShopRecord, _ device: UInt64) {
        append(",\"anonymousId\":\"a-")
        hex(SplitMix64.mix(seed &+ (UInt64(record.person) << 1 | device) &* 0xD134_2543_DE82_EF95))
        bytes.append(0x22)
    }

    // MARK: Properties

    private func person(_ record: ShopRecord) -> UInt64 {
        SplitMix64.mix(seed ^ (UInt64(record.person) &+ 1) &* 0xA076_1D64_78BD_642F)
    }

    private mutating func traits(_ record: ShopRecord) {
        let hash = person(record)
        append(",\"traits\":{\"city\":\"")
        append(TrafficCatalogue.cities[Int(cityTable[Int(hash >> 52)])])
        append("\",\"plan\":\"")
        append(TrafficCatalogue.plans[hash & 7 == 0 ? 2 : hash & 3 == 1 ? 1 : 0])
        append("\",\"marketing_consent\":")
        append(hash & 48 == 0 ? "false" : "true")
    }

    private mutating func properties(_ record: ShopRecord) {
        let who = person(record)
        let visit = TrafficCatalogue.hash(seed, record, 0xF0)
        // People are at home except on one visit in twelve; devices stay with a person but for one visit in ten.
        let city = visit % 12 == 0 ? cityTable[Int(visit >> 52)] : cityTable[Int(who >> 52)]
        let device = visit % 10 == 9 ? visit >> 62 : who & 3
        bytes += placeParts[Int(device) * TrafficCatalogue.cities.count + Int(city)]
        switch record.kind {
        case .pageViewed:
            bytes += pageParts[min(record.slot, pageParts.count - 1)]
            if record.slot == 0 { bytes += channelParts[Int(visit >> 32) % channelParts.count] }
        case .appOpened: bytes += channelParts[Int(visit >> 32) % channelParts.count]
        case .categoryViewed: bytes += categoryParts[record.slot % categoryParts.count]
        case .productSearched:
            bytes += searchParts[record.slot % searchParts.count]
            append(",\"results\":")
            number(Int(TrafficCatalogue.hash(seed, record, 0xE0 | UInt64(record.slot & 7)) % 240))
        case .productViewed, .reviewRead, .productWished, .productShared, .productRemoved:
            bytes += productParts[catalogue.product(seed, record, slot: record.slot)]
        case .productAdded:
            bytes += productParts[catalogue.product(seed, record, slot: record.slot)]
            append(",\"quantity\":")
            number(TrafficCatalogue.quantity(TrafficCatalogue.hash(seed, record, UInt64(record.slot))))
        case .reviewWritten:
            bytes += productParts[catalogue.product(seed, record, slot: record.slot)]
            append(",\"rating\":")
            number([5, 5, 5, 4, 4, 3, 5, 1][Int(visit & 7)])
        case .couponViewed: bytes += couponParts[Int(visit % 6)]
        case .cartViewed, .checkoutStarted, .shippingEntered, .paymentEntered, .paymentFailed, .couponApplied,
            .pointsUsed,
            .pointsEarned, .orderCompleted, .orderDelivered, .orderRefunded:
            order(record, visit)
        case .pushReceived, .pushOpened, .emailOpened: bytes += channelParts[record.kind == .emailOpened ? 8 : 9]
        case .friendInvited, .supportAsked, .settingsChanged:
            append(",\"topic\":\"")
            append(["delivery", "배송", "points"][record.slot % 3])
            bytes.append(0x22)
        case .subscriptionStarted:
            append(",\"plan\":\"")
            append(TrafficCatalogue.plans[record.slot % 3])
            append("\",\"renews\":true")
        case .signedUp, .signedIn:
            append(",\"method\":\"")
            append(["kakao", "naver", "email", "apple"][Int(visit >> 8 & 3)])
            bytes.append(0x22)
        case .identify: break
        }
    }

    private mutating func order(_ record: ShopRecord, _ visit: UInt64) {
        var subtotal = 0
        for slot in 0..<record.cartCount {
            let quantity = TrafficCatalogue.quantity(TrafficCatalogue.hash(seed, record, UInt64(slot)))
            subtotal += catalogue.products[catalogue.product(seed, record, slot: slot)].price * quantity
        }
        let coupon = Int(visit % 6)
        let discount =
            record.hasCoupon
            ? (TrafficCatalogue.discounts[coupon] == 0 ? subtotal / 100 * 10 : TrafficCatalogue.discounts[coupon]) : 0
        let shipping = subtotal >= 30_000 ? 0 : 3_000
        let total = max(0, subtotal - discount) + shipping
        switch record.kind {
        case .cartViewed, .checkoutStarted, .shippingEntered:
            append(",\"value\":")
            number(subtotal)
            return
        case .paymentEntered, .paymentFailed:
            append(",\"payment_method\":\"")
            append(["card", "kakaopay", "naverpay", "계좌이체"][Int(visit >> 16 & 3)])
            append("\",\"value\":")
            number(subtotal)
            return
        case .couponApplied:
            bytes += couponParts[coupon]
            append(",\"discount\":")
            number(discount)
            return
        case .pointsUsed, .pointsEarned:
            append(",\"points\":")
            number(record.kind == .pointsEarned ? total / 100 : subtotal / 20)
            return
        default: break
        }
        append(",\"order_id\":\"o-")
        hex(TrafficCatalogue.hash(seed, record, 0xD0), digits: 10)
        append("\",\"total\":")
        number(total)
        append(",\"currency\":\"KRW\"")
        if record.kind != .orderCompleted { return }
        append(",\"shipping\":")
        number(shipping)
        if record.hasCoupon {
            bytes += couponParts[coupon]
            append(",\"discount\":")
            number(discount)
        }
        append(",\"products\":[")
        for slot in 0..<record.cartCount {
            if slot > 0 { bytes.append(0x2C) }
            bytes += itemParts[catalogue.product(seed, record, slot: slot)]
            number(TrafficCatalogue.quantity(TrafficCatalogue.hash(seed, record, UInt64(slot))))
            bytes.append(0x7D)
        }
        bytes.append(0x5D)
    }

    // MARK: Bytes

    @inline(__always)
    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func hex(_ value: UInt64, digits: Int = 16) {
        var shift = UInt64(digits * 4)
        while shift > 0 {
            shift -= 4
            let digit = UInt8(truncatingIfNeeded: value >> shift) & 15
            bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
    }

    private mutating func number(_ value: Int) {
        var divisor = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            bytes.append(0x30 + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }

    private mutating func digits(_ value: Int, width: Int) {
        var divisor = 1
        for _ in 1..<width { divisor *= 10 }
        // A number with more digits than the width keeps them all.
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            bytes.append(0x30 + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }

    /// 2024-05-01T03:04:05.678Z" with the closing quote.
    private mutating func time(_ time: Int64) {
        let number = time >= 0 ? time / 86_400_000 : (time - 86_399_999) / 86_400_000
        if number != day {
            day = number
            let date = KoreanCalendar.date(Int(number))
            func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
            dayText = Array("\(date.year)-\(two(date.month))-\(two(date.day))T".utf8)
        }
        bytes += dayText
        var rest = UInt32(truncatingIfNeeded: time - number * 86_400_000)
        let milliseconds = rest % 1_000
        rest /= 1_000
        pair(rest / 3_600)
        bytes.append(0x3A)
        pair(rest / 60 % 60)
        bytes.append(0x3A)
        pair(rest % 60)
        bytes.append(0x2E)
        bytes.append(0x30 + UInt8(truncatingIfNeeded: milliseconds / 100))
        pair(milliseconds % 100)
        append("Z\"")
    }

    @inline(__always)
    private mutating func pair(_ value: UInt32) {
        bytes.append(0x30 + UInt8(truncatingIfNeeded: value / 10))
        bytes.append(0x30 + UInt8(truncatingIfNeeded: value % 10))
    }
}
