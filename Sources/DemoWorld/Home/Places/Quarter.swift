import Foundation

/// Districts that lie together: people book, and partners work, within one.
package struct Quarter: Sendable {
    package struct District: Sendable {
        package var city: String
        package var name: String
        /// Kilometres east and north of Seoul's City Hall, roughly.
        package var east: Double
        package var north: Double

        init(_ city: String, _ name: String, _ east: Double, _ north: Double) {
            self.city = city
            self.name = name
            self.east = east
            self.north = north
        }
    }

    package var name: String
    /// Of the people, relative to the others.
    package var size: Double
    package var districts: [District]

    package static let all: [Quarter] = [
        Quarter(name: "강남·서초", size: 1.3, districts: seoul(("강남구", 6.5, -6), ("서초구", 2.5, -9))),
        Quarter(
            name: "송파·강동", size: 1.2,
            districts: seoul(("송파구", 12, -6), ("강동구", 14, -2)) + [District("하남", "미사", 19, -1)]),
        Quarter(name: "마포·은평", size: 1.1, districts: seoul(("마포구", -6, 0), ("서대문구", -4, 2), ("은평구", -5, 6))),
        Quarter(name: "성동·광진", size: 1.0, districts: seoul(("성동구", 5.5, -0.5), ("광진구", 10, -2), ("동대문구", 6, 2))),
        Quarter(name: "용산·종로", size: 0.8, districts: seoul(("용산구", 0.5, -4), ("중구", 1.5, -0.5), ("종로구", 1, 2))),
        Quarter(name: "영등포·관악", size: 1.2, districts: seoul(("영등포구", -6, -5), ("동작구", -3, -7), ("관악구", -2, -11))),
        Quarter(name: "강서·양천", size: 1.1, districts: seoul(("강서구", -12, -1), ("양천구", -10, -5), ("구로구", -9, -8))),
        Quarter(name: "노원·성북", size: 1.0, districts: seoul(("노원구", 8, 10), ("도봉구", 5, 12), ("성북구", 4, 4))),
        Quarter(
            name: "성남·과천", size: 1.1,
            districts: [District("성남", "분당구", 12, -21), District("성남", "수정구", 13, -14), District("과천", "중앙동", 1, -15)]),
        Quarter(
            name: "고양", size: 0.9,
            districts: [
                District("고양", "일산동구", -17, 11), District("고양", "일산서구", -20, 13), District("고양", "덕양구", -13, 8),
            ]),
        Quarter(
            name: "수원·용인", size: 1.1,
            districts: [District("수원", "영통구", 6, -34), District("용인", "수지구", 10, -27), District("용인", "기흥구", 12, -32)]),
        Quarter(
            name: "인천·부천", size: 1.0,
            districts: [
                District("인천", "연수구", -27, -17), District("인천", "부평구", -23, -7), District("부천", "원미구", -18, -7),
            ]),
    ]

    private static func seoul(_ places: (String, Double, Double)...) -> [District] {
        places.map { District("서울", $0.0, $0.1, $0.2) }
    }
}

/// A place on the map, in kilometres.
package struct Spot: Sendable, Hashable {
    package var east: Double
    package var north: Double

    /// By road, which is a third longer than the line.
    func kilometres(to other: Spot) -> Double { 1.3 * hypot(east - other.east, north - other.north) }
}
