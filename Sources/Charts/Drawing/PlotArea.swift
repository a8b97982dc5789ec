/// The rectangle between the axes, in the coordinates of the view box.
struct PlotArea {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double

    var width: Double { right - left }
    var height: Double { bottom - top }

    /// Leaves room for the labels of the value axis on the left and `below` for those under the plot.
    init(frame: ChartFrame, axisLabels: [String], below: Double) {
        let widest = axisLabels.map { TextMeasure.width($0, size: 11) }.max() ?? 0
        left = ChartFrame.padding + widest + (axisLabels.isEmpty ? 0 : 10)
        right = frame.width - ChartFrame.padding
        top = frame.contentTop + 10
        // Many legend rows in a small chart must not turn the plot inside out.
        bottom = max(frame.height - below, top + 10)
    }

    /// Horizontal grid lines with their labels; the line at zero is stronger.
    func drawValueAxis(_ writer: inout SVGWriter, _ ticks: NiceTicks, labels: [String], scale: LinearScale) {
        for (value, label) in zip(ticks.values, labels) {
            let y = scale(value)
            writer.line(left, y, right, y, value == 0 ? .axis : .grid)
            writer.label(label, x: left - 10, y: y + 4, anchor: .end)
        }
    }

    func drawTimeLabels(_ writer: inout SVGWriter, _ ticks: TimeTicks, scale: LinearScale) {
        var occupied = -Double.infinity
        for tick in ticks.ticks {
            let x = scale(Double(tick.time))
            let half = TextMeasure.width(tick.label, size: 11) / 2
            // Labels stay inside the plot's width and clear of each other.
            let centre = min(max(x, ChartFrame.padding + half), right + ChartFrame.padding - 4 - half)
            if centre - half < occupied { continue }
            occupied = centre + half + 12
            writer.line(x, bottom, x, bottom + 4, .axis)
            writer.label(tick.label, x: centre, y: bottom + 19, anchor: .middle)
        }
    }
}
