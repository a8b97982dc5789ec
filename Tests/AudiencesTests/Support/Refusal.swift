import Audiences

/// The error that a request is refused with; nil when it is not.
func refusal<Value>(_ body: () throws -> Value) -> AudienceError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? AudienceError
    }
}
