import Foundation

/// A request with a batch in Segment's format, written once; what differs from batch to batch (message ids, user ids,
/// times) has a fixed place and is overwritten.
struct SegmentBatch {
    private(set) var request: [UInt8]
    let events: Int
    let eventBytes: Int
    private var messagePlaces: [Int] = []
    private var personPlaces: [Int] = []
    private var timePlaces: [Int] = []
    private var next: UInt64
    private let persons: UInt64

    private static let names = [
        "Product Viewed", "Product List Viewed", "Product Added", "Checkout Started", "Order Completed",
        "Search Performed",
    ]

    /// - Parameters:
    ///   - lane: batches of different lanes never have a message id in common.
    ///   - persons: different users, taken in turn in a mixed order.
    init(writeKey: String, events: Int, lane: UInt64, persons: Int) {
        self.events = events
        self.persons = UInt64(persons)
        next = lane << 40
        let messageMark = "MMMMMMMMMMMMMMMM", personMark = "PPPPPPPP", timeMark = "TTTTTTTTTTTTTTTTTTTTTTTT"
        var body = "{\"batch\":["
        for index in 0..<events {
            if index > 0 { body += "," }
            body += """
                {"type":"track","messageId":"\(messageMark)","userId":"user-\(personMark)","event":"\
                \(Self.names[index % Self.names.count])","timestamp":"\(timeMark)","properties":{"product_id":"P-\
                \(1000 + index * 7 % 900)","category":"뷰티","price":\(9_900 + index * 100),"quantity":\(1 + index % 3),\
                "currency":"KRW"},"context":{"locale":"ko-KR","timezone":"Asia/Seoul","library":{"name":"shop"}}}
                """
        }
        eventBytes = (body.utf8.count - 10) / events
        body += "],\"sentAt\":\"\(timeMark)\"}"
        let credentials = Data((writeKey + ":").utf8).base64EncodedString()
        let head = """
            POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic \(credentials)\r\n\
            Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n
            """
        request = Array((head + body).utf8)
        messagePlaces = places(of: messageMark)
        personPlaces = places(of: personMark)
        timePlaces = places(of: timeMark)
    }

    private func places(of mark: String) -> [Int] {
        let mark = Array(mark.utf8)
        var places: [Int] = []
        var index = 0
        while index + mark.count <= request.count {
            if request[index] == mark[0], request[index..<index + mark.count].elementsEqual(mark) {
                places.append(index)
                index += mark.count
            } else {
                index += 1
            }
        }
        return places
    }

    /// Makes it the next batch, with the time of now.
    mutating func advance() {
        let now =
            Array(
                Date().formatted(
                    .iso8601.year().month().day().timeSeparator(.colon).time(
                        includingFractionalSeconds: true)
                ).utf8) + [UInt8(ascii: "Z")]
        for place in timePlaces { overwrite(place, now.prefix(24)) }
        for index in 0..<events {
            next += 1
            write(next, digits: 16, at: messagePlaces[index])
            // A multiplier without a common factor with the number of persons mixes them.
            write(next &* 2_654_435_761 % persons, digits: 8, at: personPlaces[index])
        }
    }

    /// The persons of this batch with an event of a name, by their ids.
    func persons(of event: String) -> [String] {
        (0..<events).filter { Self.names[$0 % Self.names.count] == event }.map { index in
            "user-" + String(decoding: request[personPlaces[index]..<personPlaces[index] + 8], as: UTF8.self)
        }
    }

    /// The message ids of this batch, as the numbers that they are in hexadecimal.
    var messages: ClosedRange<UInt64> { next - UInt64(events) + 1...next }

    private mutating func overwrite(_ place: Int, _ bytes: ArraySlice<UInt8>) {
        for (offset, byte) in bytes.enumerated() { request[place + offset] = byte }
    }

    private mutating func write(_ value: UInt64, digits: Int, at place: Int) {
        var rest = value
        for index in (0..<digits).reversed() {
            let digit = UInt8(rest & 15)
            request[place + index] = digit < 10 ? 48 + digit : 87 + digit
            rest >>= 4
        }
    }
}
