import Synchronization

/// Objects with large buffers, lent to one user at a time.
///
/// `@unchecked Sendable`: what is in the list is in nobody's hands, and `take` removes it from the list.
package final class ObjectPool<Element: AnyObject>: @unchecked Sendable {
    private let idle = Mutex<Int>(0)
    // Guarded by `idle`, which cannot hold what is not Sendable.
    private var list: [Element] = []
    private let countMax: Int
    private let make: @Sendable () throws -> Element

    /// - Parameter countMax: how many idle objects are kept.
    package init(countMax: Int, make: @escaping @Sendable () throws -> Element) {
        self.countMax = countMax
        self.make = make
    }

    /// An idle object, or a new one.
    package func take() throws -> Element {
        if let known = idle.withLock({ _ in Lent(list.popLast()) }).element { return known }
        return try make()
    }

    /// Ends the use of an object. It must have no other users.
    package func giveBack(_ element: Element) {
        let lent = Lent(element)
        idle.withLock { _ in
            if list.count < countMax, let element = lent.element { list.append(element) }
        }
    }

    // Carries an object through the lock; it belongs to the caller alone.
    private struct Lent: @unchecked Sendable {
        let element: Element?
        init(_ element: Element?) { self.element = element }
    }
}
