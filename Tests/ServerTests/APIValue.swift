import Server

/// Any JSON, as the server writes it. `EventLog` has a type of the same name, so this file does not import it.
typealias APIValue = JSONValue
