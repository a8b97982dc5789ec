import Foundation
import Testing

@testable import Analysis

@Suite struct NearestNameTests {
    @Test func misspeltNamesFindTheirNeighbour() {
        #expect(NearestName.find("Ordr Completed", among: ["Signed Up", "Order Completed"]) == "Order Completed")
        #expect(NearestName.find("zzz", among: ["Signed Up", "Order Completed"]) == nil)
    }
}
