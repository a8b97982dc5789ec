import Synchronization

/// A value that copies of a service share.
final class Shared<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }

    func withLock<Result>(_ body: (inout Value) -> Result) -> Result { value.withLock { body(&$0) } }
}

/// A value that takes a scan to make: made when it is first asked for, and again once it is too old. One caller makes
/// it at a time; while an old one is there, all others get that at once.
final class Refreshed<Value: Sendable>: Sendable {
    private struct State: Sendable {
        var value: Value?
        /// When it was made, in milliseconds.
        var time: Int64 = 0
        var isBeingMade = false
    }

    private let state = Mutex(State())
    private let making = Mutex<Void>(())
    /// Milliseconds after which a value is made anew.
    private let age: Int64
    private let now: @Sendable () -> Int64

    init(age: Int64, now: @escaping @Sendable () -> Int64) {
        self.age = age
        self.now = now
    }

    /// - Returns: the value, at most `age` old unless another caller is making a new one.
    /// - Throws: what `make` throws when there is no value yet; an old one is kept rather than lost.
    func value(_ make: () throws -> Value) throws -> Value {
        let (old, isDue) = state.withLock { state in
            let isDue = !state.isBeingMade && now() - state.time >= age
            if state.value != nil, isDue { state.isBeingMade = true }
            return (state.value, isDue)
        }
        if let old {
            guard isDue else { return old }
            defer { state.withLock { $0.isBeingMade = false } }
            do { return set(try make()) } catch {
                // Asked again after the same time, not with every request.
                state.withLock { $0.time = now() }
                return old
            }
        }
        return try making.withLock { _ in
            if let value = state.withLock({ $0.value }) { return value }
            return set(try make())
        }
    }

    /// What is there, however old, and whether it is time to make it anew. Waits for nobody.
    func present() -> (value: Value?, isDue: Bool) {
        state.withLock { ($0.value, !$0.isBeingMade && ($0.value == nil || now() - $0.time >= age)) }
    }

    private func set(_ value: Value) -> Value {
        state.withLock { state in
            state.value = value
            state.time = now()
        }
        return value
    }

    /// The next caller makes it anew, and everybody waits for that.
    func forget() {
        state.withLock { state in
            state.value = nil
            state.time = 0
        }
    }
}
