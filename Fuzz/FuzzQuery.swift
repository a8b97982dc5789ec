import Analysis
import EventLog
import Foundation

/// A query as JSON text, asked of a small log. Whatever the text is, it is answered or refused with a `QueryError`; a
/// query that was read survives being written, and answers the same on one thread and on two.
enum FuzzQuery: FuzzTarget {
    static func seeds() throws -> [[UInt8]] { texts.map { Array($0.utf8) } }

    static func run(_ bytes: [UInt8]) {
        let query: Query
        do {
            query = try Query(json: Data(bytes))
        } catch let error as QueryError {
            return Fuzz.expect(!error.message.isEmpty, "an error says what is wrong")
        } catch {
            return Fuzz.expect(false, "reading a query throws \(error)")
        }
        let written = try? JSONEncoder().encode(query)
        let again = written.flatMap { try? Query(json: $0) }
        Fuzz.expect(again == query, "a query that was read and written reads differently")
        Fuzz.expect(answer(query, threads: 1) == answer(query, threads: 2), "the number of threads matters")
        _ = answer(query, threads: 1, person: "p1")
    }

    /// The answer as JSON, or the words of the error.
    private static func answer(_ query: Query, threads: Int, person: String? = nil) -> String {
        guard let snapshot else { fatalError("the log of the fuzz target cannot be made") }
        do {
            let answer = try AnalysisService(threads: threads).run(
                query, on: snapshot, now: 1_718_000_000_000, traits: Plans(), person: person)
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return String(decoding: try encoder.encode(answer.result), as: UTF8.self)
        } catch let error as QueryError {
            return error.description
        } catch let error as EventLogError {
            return error.description
        } catch {
            fatalError("a query is refused with \(error)")
        }
    }

    private struct Plans: PersonTraits {
        func value(of trait: String, person: String) -> PropertyValue? {
            trait == "plan" && person != "p2" ? .string("pro") : nil
        }

        func value(of trait: String, groupKind: String, person: String) -> PropertyValue? {
            trait == "size" && groupKind == "company" ? .number(Double(person.utf8.count)) : nil
        }
    }

    private static let snapshot = try? Snapshot.inMemory(
        (0..<60).map { index in
            let values: [PropertyValue] = [
                .string("x"), .number(Double(index) / 4), .boolean(true), .strings(["s", "t"]), .numbers([1, -2]),
                .time(1_717_000_000_000),
            ]
            return Event(
                person: "p\(index % 5)", name: ["A", "B", "C"][index % 3],
                time: 1_717_200_000_000 + Int64(index * index) * 250_000,
                properties: [.init("v", .number(Double(index % 7))), .init("c", values[index % 6])])
        }, merges: [Merge(alias: "p4", person: "p3")], segmentCount: 2, chunkRows: 8)

    private static let texts = [
        #"{"kind":"funnel","steps":[{"event":"A","filters":[{"property":"c","op":"in","value":["x",3,true]}],"name":"n"},"#
            + #"{"events":["B","C"],"optional":true},"*"],"order":"ordered","window":"2w","from":"-7d","#
            + #""timeZone":"Asia/Seoul","filters":{"or":[{"person":"plan","value":"pro"},{"not":{"property":"v","#
            + #""op":"is_set"}}]},"reference":"previous","breakdown":{"property":"c","step":1,"limit":3},"trend":"week","#
            + #""timeToConvert":{"fromStep":0,"toStep":2,"bins":5},"holdConstant":"v","aggregateBy":{"session":"45m"},"#
            + #""people":{"step":2,"outcome":"dropped","limit":7},"exclusions":[{"event":"B","fromStep":0,"toStep":2}]}"#,
        #"{"kind":"funnel","steps":["A","B"],"order":"unordered"}"#,
        #"{"kind":"funnel","steps":["A","B"],"order":"strict"}"#,
        #"{"kind":"paths","startPoint":"A","endPoint":"B","stepLimit":7,"edgeLimit":9,"minimumWeight":1,"#
            + #""excludeEvents":["x"],"nodes":[{"event":"C","property":"c"}],"groupings":[{"pattern":"x*"},{"regex":"^[0-9]+$","name":"B"}],"#
            + #""sessionTimeout":"1h","collapseRepeats":true,"people":{"step":0,"source":"A","target":"B"}}"#,
        #"{"kind":"correlation","funnel":{"steps":["A","B"]},"properties":["c"],"traits":["plan"],"minimumSupport":1}"#,
        #"{"kind":"retention","targetEvent":"A","returnEvent":{"event":"B"},"period":"day","type":"first_ever","#
            + #""brackets":[1,3],"cumulative":true,"windowMode":"rolling","breakdown":"c","from":"2024-06-01","to":"2024-06-10","#
            + #""people":{"cohort":"2024-06-01","interval":1}}"#,
        #"{"kind":"trends","series":[{"event":"A","math":"p90","property":"v"},{"event":"*","math":"weekly_active"}],"#
            + #""formula":"A / (B + 1)","breakdown":{"property":"v","buckets":[0,2]},"compare":true,"smoothing":3,"#
            + #""from":"2024-06-01","to":"2024-06-10","people":{"series":"B","label":"2024-06-02"}}"#,
        #"{"kind":"lifecycle","event":"A","interval":"hour","newness":"person","from":"2024-06-01","to":"2024-06-03","#
            + #""people":{"label":"2024-06-01T00:00:00Z","state":"new"}}"#,
        #"{"kind":"stickiness","series":["A",{"event":"B"}],"interval":"week","weekStart":"sunday","cumulative":true,"#
            + #""minimumOccurrences":2,"math":"avg_count_per_actor","people":{"series":"B","intervals":1}}"#,
        #"{"kind":"sessions","timeout":"20m","breakdown":"c","interval":"day"}"#,
        #"{"kind":"trends","series":["A"],"filters":[{"property":"c","op":"regex","value":"(a|b)*c?"},"#
            + #"{"property":"v","op":"between","value":[1,5]}],"from":"2024-03-10T12:00:00","to":"now"}"#,
    ]
}
