import Server

/// The tests' JSON is the API's, not the one that the event log reads.
typealias JSONValue = Server.JSONValue
