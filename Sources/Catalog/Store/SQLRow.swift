import GRDB

/// A row of a table: EventLog has rows of its own.
typealias SQLRow = GRDB.Row
