import Testing

/// The drawing in ARCHITECTURE.md, Package.swift and the sources say the same.
struct ModuleTests {
    /// What any module may import: the platform.
    private let platform: Set<String> = [
        "Foundation", "FoundationEssentials", "Glibc", "Synchronization", "Dispatch", "Swift", "Builtin",
    ]

    private func table() throws -> ModuleTable { try ModuleTable(markdown: SourceTree.text("ARCHITECTURE.md")) }
    private func manifest() throws -> ManifestTargets {
        ManifestTargets(manifest: try SourceTree.text("Package.swift"))
    }

    @Test func theTableListsEveryModuleOfThePackageAndNoOther() throws {
        let listed = Set(try table().rows.map(\.module))
        let declared = Set(try manifest().dependencies.keys)
        #expect(declared.count >= 6)
        #expect(listed == declared)
    }

    @Test func theTableAllowsExactlyTheDependenciesThatThePackageDeclares() throws {
        let targets = try manifest().dependencies
        for row in try table().rows {
            #expect(row.mayImport == targets[row.module], "\(row.module)")
        }
    }

    @Test func aModuleImportsOnlyModulesOfLowerFloors() throws {
        let table = try table()
        for row in table.rows {
            for name in row.mayImport {
                guard let other = table.row(name) else { continue }
                #expect(
                    other.floor < row.floor || (row.floor == 0 && name.hasPrefix("C")),
                    "\(row.module) on floor \(row.floor) may not know \(name) on floor \(other.floor)")
            }
        }
    }

    @Test func everyImportLineIsAllowedByTheTable() throws {
        let table = try table()
        let files = try SourceTree.swiftFiles(in: "Sources")
        #expect(files.count > 20)
        for file in files {
            let allowed = try #require(table.row(file.module), "\(file.module) is missing in the table").mayImport
            for name in SourceTree.imports(of: file) where !platform.contains(name) {
                #expect(allowed.contains(name), "\(file.path) imports \(name)")
            }
        }
    }

    @Test func everyDependencyOfAModuleIsImportedSomewhere() throws {
        var used: [String: Set<String>] = [:]
        for file in try SourceTree.swiftFiles(in: "Sources") {
            used[file.module, default: []].formUnion(SourceTree.imports(of: file))
        }
        for (module, dependencies) in try manifest().dependencies {
            #expect(dependencies.subtracting(used[module] ?? []).isEmpty, "\(module)")
        }
    }
}

struct ReadersOfThisFolderTests {
    @Test func importLinesAreReadWithAccessLevelsAndKinds() {
        let text = """
            package import EventLog
            import struct Foundation.Date
            @testable import Charts
            import Synchronization  // why
            // import Commented
            let important = 1
            """
        let file = SourceTree.SourceFile(path: "Sources/X/Y.swift", lines: text.split(separator: "\n"))
        #expect(SourceTree.imports(of: file) == ["EventLog", "Foundation", "Charts", "Synchronization"])
    }

    @Test func targetsAreReadWithTheirProducts() {
        let targets = ManifestTargets(
            manifest: """
                .target(name: "A"),
                .target(name: "B", dependencies: ["A"]),
                .executableTarget(
                    name: "c",
                    dependencies: ["B", .product(name: "P", package: "q")]
                ),
                .testTarget(name: "T", dependencies: ["A"])
                """)
        #expect(targets.dependencies == ["A": [], "B": ["A"], "c": ["B", "P"]])
    }
}
