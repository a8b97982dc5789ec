import Foundation

@testable import Charts

/// Charts of all kinds with plausible and with awkward contents.
enum Samples {
    static let day: Int64 = 86_400_000
    static let start: Int64 = CivilDate(year: 2024, month: 4, day: 1).milliseconds

    /// A reproducible number from 0 to 1.
    static func noise(_ seed: Int) -> Double {
        var z = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }

    static func daily(_ name: String, _ count: Int, base: Double, seed: Int) -> LineChart.Series {
        func value(_ index: Int, _ weekend: Double) -> Double {
            let trend = 1 + 0.006 * Double(index)
            let jitter = 0.9 + 0.2 * noise(seed + index)
            return (base * weekend * trend * jitter).rounded()
        }
        return LineChart.Series(
            name,
            (0..<count).map { index in
                let weekend = index % 7 >= 5 ? 0.72 : 1
                return .init(time: start + Int64(index) * day, value: value(index, weekend))
            })
    }

    static let cities = ["서울", "부산", "인천", "대구", "대전", "Gwangju", "Suwon", "Ulsan", "제주특별자치도 서귀포시 안덕면 화순리"]

    static var plausible: [(name: String, chart: any Chart)] {
        var trend = LineChart(
            ChartHeading("Orders per day", subtitle: "1 Apr – 29 Jun 2024 · Asia/Seoul"),
            series: [daily("Orders", 90, base: 1_280, seed: 1)])
        trend.lastIsPartial = true
        var several = LineChart(
            ChartHeading("도시별 주문 건수", subtitle: "2024년 4월 – 6월, 일별"),
            series: cities.prefix(5).enumerated().map {
                daily($0.element, 60, base: 900 / Double($0.offset + 1), seed: 100 * $0.offset)
            })
        several.language = .korean
        let weeks = LineChart(
            ChartHeading("Weekly active people"),
            series: ["App", "Web"].enumerated().map { offset, name in
                LineChart.Series(
                    name,
                    (0..<13).map {
                        .init(
                            time: start + Int64($0) * 7 * day,
                            value: $0 == 5 && offset == 1
                                ? nil : 4_000 + 2_000 * noise($0 + 50 * offset) - 1_500 * Double(offset))
                    })
            })
        var revenue = BarChart(
            ChartHeading("Revenue by category", subtitle: "May 2024"),
            categories: ["Fresh food", "Household", "Beauty", "Fashion", "Electronics", "Books"],
            series: [.init("Revenue", [182_400_000, 96_250_000, 74_100_000, 51_930_000, 33_000_000, 8_400_000])])
        revenue.format = .currency("₩")
        let lifecycle = BarChart(
            ChartHeading("Lifecycle", subtitle: "People by week"), categories: (0..<12).map { "W\($0 + 14)" },
            series: [
                .init("New", (0..<12).map { (320 + 120 * noise($0)).rounded() }),
                .init("Returning", (0..<12).map { (610 + 18 * Double($0) + 60 * noise($0 + 20)).rounded() }),
                .init("Resurrecting", (0..<12).map { (140 + 50 * noise($0 + 40)).rounded() }),
                .init("Dormant", (0..<12).map { -(290 + 110 * noise($0 + 60)).rounded() }),
            ], arrangement: .stacked)
        let grouped = BarChart(
            ChartHeading("Conversion by city and device"), categories: Array(cities.prefix(6)),
            series: ["iOS", "Android", "Web"].enumerated().map { offset, name in
                .init(name, (0..<6).map { 0.05 + 0.2 * noise($0 * 7 + offset) })
            })
        var percent = grouped
        percent.format = .percent
        let funnel = FunnelChart(
            ChartHeading("Checkout funnel", subtitle: "7 days from the first step · 48,210 people"),
            steps: [
                .init("Product Viewed", 48_210), .init("Product Added", 21_904, medianSeconds: 340),
                .init("Checkout Started", 12_377, medianSeconds: 1_260),
                .init("Order Completed", 9_841, medianSeconds: 185),
            ])
        let cohorts = CohortTable(
            ChartHeading("Weekly retention", subtitle: "Order Completed → Order Completed"),
            rows: (0..<9).map { row in
                let size = Int(900 + 500 * noise(row))
                return .init(
                    "Apr \(row + 1)", size: size,
                    counts: (0..<9).map { column in
                        column > 8 - row
                            ? nil
                            : column == 0
                                ? size
                                : Int(
                                    Double(size) * 0.46 / pow(Double(column), 0.55)
                                        * (0.85 + 0.3 * noise(row * 10 + column)))
                    })
            }, period: "Week")
        return [
            ("line", trend), ("line-several", several), ("line-weeks", weeks), ("bar", revenue),
            ("bar-lifecycle", lifecycle),
            ("bar-grouped", percent), ("funnel", funnel), ("cohorts", cohorts), ("sankey", sankey),
            ("scatter", scatter), ("histogram", histogram),
            ("sparkline", Sparkline("Orders", (0..<30).map { 40 + 20 * noise($0) + Double($0) })),
        ]
    }

    static var sankey: SankeyChart {
        let names = [
            "App Opened", "Product Searched", "Product Viewed", "Category Viewed", "Product Added", "Order Completed",
            "Review Read",
        ]
        var links: [SankeyChart.Link] = []
        for column in 0..<4 {
            for (i, source) in names.enumerated() where column > 0 || i < 3 {
                for (j, target) in names.enumerated() where noise(column * 100 + i * 10 + j) > 0.62 {
                    let count = Int(9_000 * noise(column * 31 + i * 17 + j * 5) / Double(1 + i) / Double(1 + column))
                    links.append(
                        .init(
                            from: .init(column, source), to: .init(column + 1, target), count: count,
                            meanSeconds: 20 + 300 * noise(i + j)))
                }
            }
        }
        return SankeyChart(
            ChartHeading("Paths after App Opened", subtitle: "First five steps of a session"), links: links)
    }

    static var scatter: ScatterChart {
        let names = [
            "Review Written", "Coupon Applied", "Push Opened", "plan: premium", "도시: 서울", "device: ios",
            "Payment Failed", "Product Searched",
        ]
        let points = names.enumerated().map { index, name in
            let ratio = [4.2, 2.6, 1.9, 3.1, 1.15, 0.92, 0.31, 1.4][index]
            return ScatterChart.Point(
                name, x: ratio, y: 200 + 9_000 * noise(index + 3), xInterval: (ratio * 0.8)...(ratio * 1.3))
        }
        return ScatterChart(
            ChartHeading("What goes with converting", subtitle: "Odds ratio with its 95 % interval"),
            groups: [
                .init("Events", points.filter { !$0.name.contains(":") }),
                .init("Properties", points.filter { $0.name.contains(":") }),
            ],
            x: .init("Odds ratio", isLogarithmic: true, reference: 1), y: .init("People"))
    }

    static var histogram: Histogram {
        let values = (0..<4_000).map { index in 3_600 * -log(1 - 0.999 * noise(index)) * 1.4 }
        var chart = Histogram(
            ChartHeading("Time to convert", subtitle: "Product Viewed → Order Completed"),
            bins: Histogram.bins(of: values, about: 30, format: .duration))
        chart.format = .duration
        chart.markers = [.init("Median", values.sorted()[2_000]), .init("Mean", values.reduce(0, +) / 4_000)]
        return chart
    }

    static var denseSankey: SankeyChart {
        var links: [SankeyChart.Link] = []
        for column in 0..<5 {
            for i in 0..<40 {
                for j in [i, (i * 7 + 3) % 40] {
                    let source = SankeyChart.Node(column, "node \(i) \(long)")
                    let target = SankeyChart.Node(column + 1, "node \(j) \(long)")
                    links.append(SankeyChart.Link(from: source, to: target, count: 1 + i * i))
                }
            }
        }
        return SankeyChart("Dense", links: links)
    }

    static let long = String(repeating: "아주 긴 이름 with <markup> & \"quotes\" ", count: 12)

    static var awkward: [(name: String, chart: any Chart)] {
        let series = LineChart.Series("a", [.init(time: start, value: 5)])
        let values: [Double?] = [nil, .nan, 3, .infinity, -2, nil, 0]
        let gaps = LineChart.Series(
            long, values.enumerated().map { .init(time: start + Int64($0.offset) * 3_600_000, value: $0.element) })
        let many = (0..<200).map { "Category number \($0)" }
        var tiny = BarChart(ChartHeading("Tiny"), categories: ["a", "b"], series: [.init("s", [1, 2])])
        tiny.size = ChartSize(width: 10, height: -5)
        return [
            ("line-empty", LineChart("Nothing", series: [])),
            ("line-no-points", LineChart("Nothing", series: [.init("a", [])])),
            ("line-one-point", LineChart("One", series: [series])),
            ("line-gaps", LineChart(ChartHeading(long, subtitle: long), series: [gaps, series])),
            (
                "line-zero",
                LineChart("Zero", series: [.init("z", (0..<5).map { .init(time: start + Int64($0) * day, value: 0) })])
            ),
            (
                "line-huge",
                LineChart(
                    "Huge",
                    series: [.init("h", [.init(time: 0, value: 1e300), .init(time: 7_258_118_399_999, value: -1e300)])])
            ),
            (
                "line-small",
                LineChart(
                    "Small", series: [.init("h", [.init(time: -5_000, value: 1e-9), .init(time: 1, value: 3e-9)])])
            ),
            (
                "line-thirty-series",
                LineChart(
                    "Thirty", series: (0..<30).map { daily("Series \($0)", 40, base: 100 + Double($0) * 30, seed: $0) })
            ),
            ("bar-empty", BarChart("Nothing", categories: [], series: [])),
            ("bar-no-values", BarChart("Nothing", categories: ["a"], series: [.init("s", [nil])])),
            (
                "bar-200",
                BarChart(
                    "Many", categories: many,
                    series: [
                        .init("s", many.indices.map { Double($0) }), .init("t", many.indices.map { 200 - Double($0) }),
                    ], arrangement: .stacked)
            ),
            (
                "bar-200-grouped",
                BarChart(
                    "Many", categories: many,
                    series: [.init("s", many.indices.map { Double($0) }), .init("t", [nil, .nan])])
            ),
            (
                "bar-long",
                BarChart(
                    "Long", categories: (0..<14).map { "\($0) \(long)" },
                    series: [.init(long, (0..<14).map { Double($0) })])
            ),
            (
                "bar-korean",
                BarChart(
                    "지역", categories: cities + cities.map { $0 + " 2" },
                    series: [.init("건수", (0..<18).map { Double($0 * $0) })])
            ),
            (
                "bar-negative",
                BarChart("Negative", categories: ["a", "b"], series: [.init("s", [-5, -3])], arrangement: .stacked)
            ),
            ("bar-zero", BarChart("Zero", categories: ["a", "b"], series: [.init("s", [0, 0])])), ("bar-tiny", tiny),
            ("funnel-empty", FunnelChart("Nothing", steps: [])),
            ("funnel-zero", FunnelChart("Zero", steps: [.init("a", 0), .init("b", 0)])),
            ("funnel-drop", FunnelChart("Drop", steps: [.init(long, 10), .init(long, 0), .init("c", 0)])),
            ("funnel-grow", FunnelChart("Grow", steps: [.init("a", 10), .init("b", 25)])),
            ("funnel-one", FunnelChart("One", steps: [.init("a", 3)])),
            (
                "funnel-20",
                FunnelChart("Twenty", steps: (0..<20).map { .init("단계 \($0) 장바구니에 담기", 1_000_000_000 / ($0 + 1)) })
            ),
            ("cohorts-empty", CohortTable("Nothing", rows: [], period: "Day")),
            ("cohorts-zero", CohortTable("Zero", rows: [.init(long, size: 0, counts: [0, nil, 0])], period: "Day")),
            (
                "cohorts-wide",
                CohortTable("Wide", rows: [.init("a", size: 5, counts: (0..<60).map { $0 % 7 })], period: "주")
            ),
            ("sankey-empty", SankeyChart("Nothing", links: [])),
            ("sankey-one", SankeyChart("One", links: [.init(from: .init(0, "a"), to: .init(1, "a"), count: 1)])),
            (
                "sankey-backwards",
                SankeyChart(
                    "Back",
                    links: [
                        .init(from: .init(1, "a"), to: .init(0, "b"), count: 9),
                        .init(from: .init(0, "a"), to: .init(1, "b"), count: -4),
                    ])
            ),
            ("sankey-dense", denseSankey),
            ("scatter-empty", ScatterChart("Nothing", groups: [], x: .init("x"), y: .init("y"))),
            (
                "scatter-one",
                ScatterChart("One", groups: [.init("g", [.init("p", x: 1, y: 1)])], x: .init("x"), y: .init("y"))
            ),
            (
                "scatter-bad",
                ScatterChart(
                    "Bad",
                    groups: [
                        .init(
                            "g",
                            [
                                .init("p", x: .nan, y: 1), .init("q", x: -1, y: 2),
                                .init(long, x: 3, y: 2, xInterval: (-1)...50),
                            ])
                    ],
                    x: .init(long, isLogarithmic: true, reference: 0), y: .init(long, reference: .nan))
            ),
            (
                "scatter-many",
                ScatterChart(
                    "Many",
                    groups: [
                        .init("g", (0..<300).map { .init("point \($0)", x: noise($0), y: noise($0 + 999) * 1e6) })
                    ], x: .init("x", format: .percent), y: .init("y"))
            ),
            ("histogram-empty", Histogram("Nothing", bins: [])),
            ("histogram-one", Histogram("One", bins: Histogram.bins(of: [4]))),
            (
                "histogram-flat",
                Histogram("Flat", bins: [.init(low: 1, high: 1, count: 4), .init(low: .nan, high: 2, count: 1)])
            ),
            ("sparkline-empty", Sparkline("Nothing", [])), ("sparkline-one", Sparkline("One", [4])),
            ("sparkline-gaps", Sparkline("Gaps", [1, nil, 3, .nan, 5, 6])),
            ("sparkline-flat", Sparkline("Flat", [2, 2, 2])),
        ]
    }
}
