import Foundation

@testable import Catalog

/// A file of items: JSON Lines, an array, or a table. The first byte chooses how it is read. Items that come out can be
/// written as JSON and read again as the same.
enum FuzzItems: FuzzTarget {
    static func seeds() throws -> [[UInt8]] { texts.flatMap { text in [0, 1, 3].map { [$0] + Array(text.utf8) } } }

    static func run(_ bytes: [UInt8]) {
        guard let choice = bytes.first else { return }
        var options = ItemFileOptions()
        options.skipsInvalidLines = choice & 1 != 0
        if choice & 2 != 0 { options.columns = ["a": .attribute("a", isList: true), "b": .ignored] }
        let body = Array(bytes.dropFirst())
        do {
            let file = try ItemFile(body, options: options)
            Fuzz.expect(Set(file.items.map(\.id)).count == file.items.count, "an item is there twice")
            let encoder = JSONEncoder()
            for item in file.items {
                let written = try encoder.encode(item)
                let again = try ItemFile(Array(written), options: ItemFileOptions())
                Fuzz.expect(
                    again.items == [item], "written and read differently: \(String(decoding: written, as: UTF8.self))")
            }
        } catch let error as CatalogError {
            Fuzz.expect(!error.message.isEmpty, "an error says what is wrong")
        } catch {
            Fuzz.expect(false, "reading items throws \(error)")
        }
    }

    private static let texts = [
        #"{"id":"t1","kind":"title","name":"다시, 봄","categories":[["영화","드라마"]],"attributes":{"genre":["a","b"],"year":2024,"new":true},"price":{"amount":12900,"currency":"KRW"},"stock":3,"availability":[{"from":"2024-05-01T00:00:00Z","to":"2025-05-01T00:00:00Z","regions":["KR"]}],"variants":{"en":{"name":"Spring"}},"parent":"p","season":1,"position":2,"artworks":[{"id":"a","url":"https://x/a.png","tags":["x"]}],"url":"https://x","image":"https://x/i.png"}"#
            + "\n" + #"{"id":"t2","name":"두"}"# + "\n",
        #"[{"id":"a","name":"A"},{"id":"b","name":"B","price":5}]"#,
        "id,title,price,category,a,b\n1,Chair,\"12,900 KRW\",Home > Chairs,x|y,1\n2,\"Ta\"\"ble\",3.5,,,\n",
        "id\tname\tavailability\tsale_price\n1\tx\tin stock\t1 USD\n",
    ]
}
