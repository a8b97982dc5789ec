import Analysis

/// Sizes of an audience at the ends of equal intervals, from the hours in which it changed.
enum SizeSeries {
    static let limit = 10_000

    /// Starts of the intervals, and the end of the last.
    static func bounds(
        _ interval: AudienceService.SizeInterval, _ start: Int64, _ end: Int64, _ zone: ZoneName
    ) throws(AudienceError) -> [Int64] {
        let hour: Int64 = 3_600_000
        if (end - start) / (interval == .hour ? hour : 24 * hour) > Int64(limit) {
            throw AudienceError(.limitExceeded, "more than \(limit) intervals; choose days or a shorter time")
        }
        switch interval {
        case .hour:
            let first = start - ((start % hour) + hour) % hour
            return Array(stride(from: first, to: end + hour, by: Int(hour)))
        case .day:
            let clock = LocalClock(timeZone: zone.zone)
            var date = clock.date(at: start)
            var bounds = [clock.start(of: date)]
            while bounds[bounds.count - 1] < end {
                date = date.adding(days: 1)
                bounds.append(clock.start(of: date))
            }
            return bounds
        }
    }

    /// - Parameter rows: hours with changes in order; the last one before the first bound says what it started with.
    static func fill(_ rows: [AudienceSize], _ bounds: [Int64]) -> [AudienceSize] {
        var size = 0
        var next = 0
        while next < rows.count, rows[next].time < bounds[0] {
            size = rows[next].size
            next += 1
        }
        return zip(bounds, bounds.dropFirst()).map { start, end in
            var interval = AudienceSize(time: start, size: size, entered: 0, left: 0)
            while next < rows.count, rows[next].time < end {
                interval.entered += rows[next].entered
                interval.left += rows[next].left
                size = rows[next].size
                next += 1
            }
            interval.size = size
            return interval
        }
    }
}
