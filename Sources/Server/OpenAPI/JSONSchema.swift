/// What a value in JSON looks like: JSON Schema 2020-12, as far as the API needs it.
package struct JSONSchema: Sendable, Hashable {
    package var json: JSONValue

    package init(_ json: JSONValue) { self.json = json }

    package static let any = JSONSchema([:])
    package static let boolean = JSONSchema(["type": "boolean"])
    package static let number = JSONSchema(["type": "number"])
    package static let integer = JSONSchema(["type": "integer"])
    /// `2024-05-01T09:30:00.000Z`
    package static let time = JSONSchema(["type": "string", "format": "date-time"])

    package static func integer(_ range: ClosedRange<Int>) -> JSONSchema {
        JSONSchema([
            "type": "integer", "minimum": .number(Double(range.lowerBound)),
            "maximum": .number(Double(range.upperBound)),
        ])
    }

    package static func text(lengths: ClosedRange<Int>? = nil, example: String? = nil) -> JSONSchema {
        var members: [String: JSONValue] = ["type": "string"]
        if let lengths {
            members["minLength"] = .number(Double(lengths.lowerBound))
            members["maxLength"] = .number(Double(lengths.upperBound))
        }
        if let example { members["example"] = .string(example) }
        return JSONSchema(.object(members))
    }

    package static func oneOf(_ choices: [String]) -> JSONSchema {
        JSONSchema(["type": "string", "enum": .array(choices.map { .string($0) })])
    }

    package static func list(_ element: JSONSchema, counts: ClosedRange<Int>? = nil) -> JSONSchema {
        var members: [String: JSONValue] = ["type": "array", "items": element.json]
        if let counts {
            members["minItems"] = .number(Double(counts.lowerBound))
            members["maxItems"] = .number(Double(counts.upperBound))
        }
        return JSONSchema(.object(members))
    }

    /// An object with these members and no others.
    package static func object(
        _ members: [String: JSONSchema], optional: Set<String> = [], isOpen: Bool = false
    ) -> JSONSchema {
        let required = members.keys.filter { !optional.contains($0) }.sorted()
        return JSONSchema([
            "type": "object", "properties": .object(members.mapValues(\.json)),
            "required": .array(required.map { .string($0) }), "additionalProperties": .boolean(isOpen),
        ])
    }

    /// An object whose members all look like this, whatever their names.
    package static func map(_ value: JSONSchema) -> JSONSchema {
        JSONSchema(["type": "object", "additionalProperties": value.json])
    }

    /// A part of the document that several routes use.
    package static func shared(_ name: String) -> JSONSchema {
        JSONSchema(["$ref": .string("#/components/schemas/\(name)")])
    }

    package func orNull() -> JSONSchema { JSONSchema(["anyOf": [json, ["type": "null"]]]) }
}
