import Access
import Foundation
import GRDB
import State
import Synchronization
import Testing

/// A control database of one test, with a clock that the test sets.
final class AccessScratch: Sendable {
    let folder: URL
    let clock = Mutex<Int64>(1_700_000_000_000)

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("dangol-access-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func pass(_ milliseconds: Int64) { clock.withLock { $0 += milliseconds } }

    func open() throws -> AccessService {
        var options = AccessService.Options()
        options.passwordCost = PasswordHash.Cost(rounds: 16, blockSize: 8, parallelism: 1)
        return try AccessService.open(
            folder.appendingPathComponent("dangol.sqlite").path, options: options,
            now: { [self] in clock.withLock { $0 } })
    }

    /// Every byte of the database's files.
    func bytes() throws -> Data {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .reduce(into: Data()) { try $0.append(Data(contentsOf: $1)) }
    }
}

struct KeyTests {
    private let scratch: AccessScratch
    private let access: AccessService

    init() throws {
        scratch = try AccessScratch()
        access = try scratch.open()
    }

    private func makeKey(_ scopes: Set<Scope> = [.query], workspace: String = "default") throws -> NewKey {
        try access.createKey(workspace: workspace, kind: .api, name: "test", scopes: scopes, by: .commandLine)
    }

    @Test func aKeyIsFoundByItsTextAndByNoOther() throws {
        let made = try makeKey([.query, .eventsRead])
        #expect(try access.key(made.secret) == made.key)
        #expect(try access.key(made.secret + "x") == nil)
        #expect(try access.key(made.secret.uppercased()) == nil)
        #expect(try access.key("") == nil)
        #expect(try access.key(made.key.display) == nil)
    }

    @Test func theTextOfAnAPIKeyIsInNoFile() throws {
        let made = try makeKey()
        #expect(try scratch.bytes().range(of: Data(made.secret.utf8)) == nil)
        #expect(try scratch.bytes().range(of: Data(made.key.id.utf8)) != nil)
    }

    @Test func aKeyThatAnotherProcessMakesIsValidAtOnce() throws {
        _ = try access.key("warm the cache")
        let other = try scratch.open()
        let made = try other.createKey(
            workspace: "default", kind: .write, name: "web", scopes: [], by: .commandLine)
        #expect(try access.key(made.secret)?.id == made.key.id)
        #expect(made.key.scopes == [.collect])
    }

    @Test func aKeyThatAnotherProcessRevokesEndsWithinAQuarterOfASecond() throws {
        let made = try makeKey()
        #expect(try access.key(made.secret) != nil)
        let other = try scratch.open()
        _ = try other.revokeKey(made.key.id, by: .commandLine)
        scratch.pass(250)
        #expect(try access.key(made.secret) == nil)
    }

    @Test func aKeyThatThisProcessRevokesEndsAtOnce() throws {
        let made = try makeKey()
        #expect(try access.key(made.secret) != nil)
        let revoked = try access.revokeKey(made.key.id, by: .commandLine)
        #expect(revoked.revokedTime != nil)
        #expect(try access.key(made.secret) == nil)
        #expect(try access.keys(workspace: "default").map(\.revokedTime) == [revoked.revokedTime])
    }

    @Test func aWriteKeyCanOnlyCollect() throws {
        #expect(throws: AccessError.self) {
            try access.createKey(workspace: "default", kind: .write, name: "x", scopes: [.query], by: .commandLine)
        }
    }

    @Test func nobodyGivesAScopeThatTheyDoNotHave() throws {
        let granter = Principal.key(try makeKey([.keysManage, .query]).key)
        let made = try access.createKey(
            workspace: "default", kind: .api, name: "x", scopes: [.query], granter: granter, by: .commandLine)
        #expect(made.key.scopes == [.query])
        let error = #expect(throws: AccessError.self) {
            try access.createKey(
                workspace: "default", kind: .api, name: "x", scopes: [.eventsRead], granter: granter, by: .commandLine)
        }
        #expect(error?.code == .forbidden)
    }

    @Test func nobodyGivesARoleThatMayDoMoreThanThey() async throws {
        let granter = Principal.key(try makeKey([.usersManage, .query, .audiencesRead, .catalogRead]).key)
        func add(_ role: Role) async throws -> User {
            try await access.addUser(
                email: "u@example.com", name: "", password: "correct horse", role: role, workspace: "default",
                granter: granter, by: .commandLine)
        }
        let error = await #expect(throws: AccessError.self) { _ = try await add(.owner) }
        #expect(error?.code == .forbidden)
        #expect(try await add(.viewer).roles == ["default": .viewer])
        await #expect(throws: AccessError.self) { _ = try await add(.editor) }
    }

    @Test func aKeyOfOneWorkspaceReachesNoOther() throws {
        let key = Principal.key(try makeKey(Set(Scope.allCases), workspace: "a").key)
        #expect(key.reaches("a"))
        #expect(!key.reaches("b"))
        #expect(!key.reaches(User.everywhere))
        #expect(throws: AccessError.self) {
            try access.revokeKey(key.actor.id, workspace: "b", by: .commandLine)
        }
    }
}

struct UserTests {
    private let scratch: AccessScratch
    private let access: AccessService
    private let password = "correct horse"

    init() throws {
        scratch = try AccessScratch()
        access = try scratch.open()
    }

    private func firstOwner() async throws -> User {
        let token = try #require(try access.makeSetupToken())
        return try await access.createFirstOwner(
            token: token, email: "Owner@Example.com", name: "Owner", password: password, address: nil)
    }

    @Test func theLinkForTheFirstOwnerWorksOnce() async throws {
        let token = try #require(try access.makeSetupToken())
        let owner = try await access.createFirstOwner(
            token: token, email: "Owner@Example.com", name: "Owner", password: password, address: nil)
        #expect(owner.email == "owner@example.com")
        #expect(owner.ownsInstallation)
        #expect(owner.role(in: "any") == .owner)
        await #expect(throws: AccessError.self) {
            _ = try await access.createFirstOwner(
                token: token, email: "thief@example.com", name: "T", password: password, address: nil)
        }
        #expect(try access.makeSetupToken() == nil)
    }

    @Test func aLinkIsVoidWhenItIsOldOrReplaced() async throws {
        let first = try #require(try access.makeSetupToken())
        let second = try #require(try access.makeSetupToken())
        #expect(try !access.isSetupToken(first))
        #expect(try access.isSetupToken(second))
        scratch.pass(24 * 3_600_000)
        #expect(try !access.isSetupToken(second))
    }

    @Test func whoSignsInHasASessionUntilItEnds() async throws {
        let owner = try await firstOwner()
        let begun = try await access.signIn(email: " OWNER@example.com", password: password, address: "10.0.0.1")
        let found = try #require(try access.session(begun.token))
        #expect(found.user == owner)
        #expect(found.session.csrfToken == begun.session.csrfToken)
        #expect(try scratch.bytes().range(of: Data(begun.token.utf8)) == nil)
        try access.endSession(begun.token)
        #expect(try access.session(begun.token) == nil)
    }

    @Test func aSessionEndsWhenItIsNotUsedAndWhenItIsOld() async throws {
        _ = try await firstOwner()
        let begun = try await access.signIn(email: "owner@example.com", password: password, address: nil)
        let day: Int64 = 86_400_000
        for _ in 0..<6 {
            scratch.pass(2 * day)
            #expect(try access.session(begun.token) != nil)
        }
        scratch.pass(2 * day)
        #expect(try access.session(begun.token) == nil, "older than 14 days")
        let other = try await access.signIn(email: "owner@example.com", password: password, address: nil)
        scratch.pass(3 * day)
        #expect(try access.session(other.token) == nil, "not used for 3 days")
    }

    @Test func aLinkSignsInOnceAndIsNoted() async throws {
        let owner = try await firstOwner()
        let token = try access.createSignInToken(user: owner.id, by: .commandLine)
        #expect(try scratch.bytes().range(of: Data(token.utf8)) == nil)
        let begun = try access.useSignInToken(token, address: "10.0.0.1")
        #expect(try access.session(begun.token)?.user == owner)
        let error = #expect(throws: AccessError.self) { try access.useSignInToken(token, address: "10.0.0.2") }
        #expect(error?.code == .unauthenticated)
        let notes = try access.audit(workspace: nil, limit: 3)
        #expect(notes.map(\.action) == ["session.refused", "session.began", "user.link_created"])
        #expect(notes.map(\.detail["by"]) == ["link", "link", nil])
        #expect(notes[1].actor.id == owner.id)
    }

    @Test func aLinkIsNoLongerGoodWhenItIsOldOrThePasswordChanges() async throws {
        let owner = try await firstOwner()
        let old = try access.createSignInToken(user: owner.id, lifetimeMilliseconds: 60_000, by: .commandLine)
        let young = try access.createSignInToken(user: owner.id, by: .commandLine)
        scratch.pass(60_000)
        #expect(throws: AccessError.self) { try access.useSignInToken(old, address: nil) }
        try await access.setPassword("another long password", user: owner.id, by: .commandLine)
        #expect(throws: AccessError.self) { try access.useSignInToken(young, address: nil) }
        for token in ["", "dsi_", String(repeating: "x", count: 100_000)] {
            #expect(throws: AccessError.self) { try access.useSignInToken(token, address: nil) }
        }
        #expect(throws: AccessError.self) { try access.createSignInToken(user: "user_none", by: .commandLine) }
    }

    @Test func guessingSlowsDownByAccountAndByAddress() async throws {
        _ = try await firstOwner()
        for _ in 0..<AttemptLimiter.freeFailures {
            let error = await #expect(throws: AccessError.self) {
                _ = try await access.signIn(email: "owner@example.com", password: "wrong", address: "10.0.0.1")
            }
            #expect(error?.code == .unauthenticated)
        }
        // The account from elsewhere, another account from the address, and the right password: all have to wait.
        for (email, given, address) in [
            ("owner@example.com", "wrong", "10.0.0.2"), ("other@example.com", "wrong", "10.0.0.1"),
            ("owner@example.com", password, "10.0.0.3"),
        ] {
            let error = await #expect(throws: AccessError.self) {
                _ = try await access.signIn(email: email, password: given, address: address)
            }
            #expect(error?.code == .tooManyAttempts)
            #expect((error?.retryAfterMilliseconds ?? 0) > 0)
        }
        scratch.pass(2000)
        _ = try await access.signIn(email: "owner@example.com", password: password, address: "10.0.0.3")
    }

    @Test func waitsGrowToAQuarterOfAnHour() {
        let limiter = AttemptLimiter()
        var waits: [Int64] = []
        var now: Int64 = 0
        for _ in 0..<20 {
            limiter.failed(["a"], now: now)
            let wait = limiter.wait(for: ["a"], now: now) ?? 0
            waits.append(wait)
            now += wait
        }
        #expect(waits.prefix(6) == [0, 0, 0, 0, 1000, 2000])
        #expect(waits.last == AttemptLimiter.longestWaitMilliseconds)
        #expect(waits == waits.sorted())
        #expect(limiter.wait(for: ["b"], now: now) == nil)
    }

    @Test func aSuccessGivesBackTheAttemptThatWasCountedForTheAddress() {
        let limiter = AttemptLimiter()
        for _ in 0..<100 {
            limiter.failed(["account", "address"], now: 0)
            limiter.succeeded(account: "account", address: "address")
        }
        #expect(limiter.wait(for: ["account", "address"], now: 0) == nil)
    }

    @Test func nobodyGetsOutOfAWaitByFailingWithManyOtherAccounts() {
        let limiter = AttemptLimiter(subjectsMax: 100)
        for _ in 0..<AttemptLimiter.freeFailures + 3 { limiter.failed(["owner"], now: 0) }
        let wait = limiter.wait(for: ["owner"], now: 0)
        #expect(wait == 8_000)
        for other in 0..<10_000 {
            limiter.failed(["other \(other)"], now: 1)
            #expect(limiter.subjectCount <= 100)
        }
        #expect(limiter.wait(for: ["owner"], now: 0) == wait)
        // An hour without a failure is forgotten, and makes room.
        for other in 0..<100 { limiter.failed(["later \(other)"], now: 3_700_000) }
        #expect(limiter.wait(for: ["owner"], now: 3_700_000) == nil)
    }

    @Test func thereIsAlwaysAnOwner() async throws {
        let owner = try await firstOwner()
        #expect(throws: AccessError.self) {
            try access.setRole(.editor, user: owner.id, workspace: User.everywhere, by: .commandLine)
        }
        #expect(throws: AccessError.self) { try access.removeUser(owner.id, by: .commandLine) }
        #expect(try access.user(owner.id)?.ownsInstallation == true)
        let second = try await access.addUser(
            email: "second@example.com", name: "", password: password, role: .owner, workspace: User.everywhere,
            by: .commandLine)
        try access.removeUser(owner.id, by: .commandLine)
        #expect(try access.users(workspace: nil) == [second])
    }

    @Test func aChangedPasswordEndsEverySession() async throws {
        let owner = try await firstOwner()
        let begun = try await access.signIn(email: owner.email, password: password, address: nil)
        try await access.setPassword("another password", user: owner.id, by: .commandLine)
        #expect(try access.session(begun.token) == nil)
        await #expect(throws: AccessError.self) {
            _ = try await access.signIn(email: owner.email, password: password, address: nil)
        }
        _ = try await access.signIn(email: owner.email, password: "another password", address: nil)
    }

    @Test func aRoleIsOfOneWorkspaceUnlessItIsEverywhere() async throws {
        let user = try await access.addUser(
            email: "u@example.com", name: "U", password: password, role: .viewer, workspace: "shop", by: .commandLine)
        #expect(user.role(in: "shop") == .viewer)
        #expect(user.role(in: "other") == nil)
        let both = try access.setRole(.analyst, user: user.id, workspace: User.everywhere, by: .commandLine)
        #expect(both.role(in: "shop") == .analyst, "the stronger of the two")
        #expect(both.role(in: "other") == .analyst)
    }
}

struct PasswordTests {
    private let hash = PasswordHash(cost: PasswordHash.Cost(rounds: 16, blockSize: 8, parallelism: 1))

    @Test func aHashIsOfItsPasswordOnlyAndSaltedEachTime() throws {
        let one = try hash.make("비밀번호는 길게")
        #expect(hash.verify("비밀번호는 길게", one))
        #expect(hash.verify("비밀번호는 길게".decomposedStringWithCanonicalMapping, one))
        #expect(!hash.verify("비밀번호는 길개", one))
        #expect(try hash.make("비밀번호는 길게") != one)
        for broken in ["", "scrypt", "scrypt$16$8$1$$", "scrypt$0$0$0$AA==$AA==", one + "$"] {
            #expect(!hash.verify("x", broken))
        }
    }

    @Test func scryptAgreesWithTheTestVectorOfRFC7914() throws {
        // N = 16, r = 1, p = 1, empty password and salt, of which the first 32 bytes.
        let expected: [UInt8] = [
            0x77, 0xd6, 0x57, 0x62, 0x38, 0x65, 0x7b, 0x20, 0x3b, 0x19, 0xca, 0x42, 0xc1, 0x8a, 0x04, 0x97, 0xf1, 0x6b,
            0x48, 0x44, 0xe3, 0x07, 0x4a, 0xe8, 0xdf, 0xdf, 0xfa, 0x3f, 0xed, 0xe2, 0x14, 0x42,
        ]
        #expect(hash.verify("", "scrypt$16$1$1$$\(Data(expected).base64EncodedString())"))
    }

    @Test func comparingTakesEqualBytesOnly() {
        #expect(Secrets.isEqual("abc", "abc"))
        #expect(!Secrets.isEqual("abc", "abd"))
        #expect(!Secrets.isEqual("abc", "ab"))
        #expect(Secrets.isEqual("", ""))
    }
}

struct AuditTests {
    @Test func everyChangeIsNotedAndNothingIsEverChanged() async throws {
        let scratch = try AccessScratch()
        let access = try scratch.open()
        let key = try access.createKey(workspace: "a", kind: .write, name: "web", scopes: [], by: .commandLine)
        _ = try access.revokeKey(key.key.id, by: .commandLine)
        try access.registerWorkspace("b", by: .commandLine)
        let all = try access.audit(workspace: nil, limit: 10)
        #expect(all.map(\.action) == ["workspace.created", "key.revoked", "key.created"])
        #expect(try access.audit(workspace: "a", limit: 10).map(\.target) == [key.key.id, key.key.id])
        #expect(try access.audit(workspace: nil, before: all[0].id, limit: 1) == [all[1]])
        try access.close()
        let state = try StateDatabase.open(
            scratch.folder.appendingPathComponent("dangol.sqlite").path, migrations: [AccessMigrations.all])
        for sql in ["DELETE FROM audit", "UPDATE audit SET actor_name = 'nobody'"] {
            #expect(throws: (any Error).self) { try state.write { try $0.execute(sql: sql) } }
        }
    }
}
