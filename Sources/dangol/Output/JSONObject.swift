import Engine
import EventLog
import Foundation

/// A small JSON object, its members in the order in which they were added.
struct JSONObject {
    private var members: [String] = []

    mutating func add(_ name: String, _ text: String) { add(name, .string(text)) }
    mutating func add(_ name: String, _ number: Double) { add(name, .number(number)) }
    mutating func add(_ name: String, _ number: Int) { add(name, .number(Double(number))) }
    mutating func add(_ name: String, _ list: [String]) { add(name, .strings(list)) }
    mutating func add(_ name: String, _ flag: Bool) { add(name, .boolean(flag)) }
    mutating func add(_ name: String, _ value: PropertyValue) { add(name, json: JSONObject.text(value)) }

    /// Any value as JSON; lists of objects too.
    mutating func add(_ name: String, encoding value: some Encodable) throws {
        add(name, json: try JSONText.of(value, indented: false))
    }

    /// The members of a value that encodes as an object.
    mutating func add(_ value: some Encodable) throws {
        let text = try JSONText.of(value, indented: false)
        if text.count > 2 { members.append(String(text.dropFirst().dropLast())) }
    }

    /// A member whose value is JSON text already.
    mutating func add(_ name: String, json: String) {
        members.append("\(JSONObject.text(.string(name))):\(json)")
    }

    var text: String { "{" + members.joined(separator: ",") + "}" }
    var data: Data { Data(text.utf8) }

    /// A text as JSON, in quotes.
    static func quoted(_ text: String) -> String { self.text(.string(text)) }

    static func text(_ value: PropertyValue) -> String {
        var line = JSONLine()
        line.value(value)
        return String(decoding: line.bytes, as: UTF8.self)
    }
}
