import Configuration
import Engine
import Foundation
import Logging
import Server

/// Everything that `dangol serve` can be told, and where each value comes from.
///
/// Flags come before environment variables, these before the YAML file, and all before what is built in.
struct ServeConfiguration {
    var data = "data"
    var server = ServerSettings()
    var logFormat = LineLogHandler.Format.text
    var logLevel = Logger.Level.info

    /// One value as `dangol config` shows it.
    struct Effective: Encodable, Hashable {
        var name: String
        var value: String
        /// `--port`, `DANGOL_PORT`, the file's name, or `default`.
        var source: String
    }

    private(set) var effective: [Effective] = []

    /// - Parameters:
    ///   - flags: what the command line says, by the name of the setting.
    ///   - file: the YAML file that was named; without it `DANGOL_CONFIG`, and then `dangol.yaml` in the data folder if
    ///     there is one.
    /// - Throws: `Failure` naming the setting and where it was set.
    static func read(
        flags: [String: String], file: String?, environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws -> ServeConfiguration {
        var configuration = ServeConfiguration()
        let given = InMemoryProvider(
            values: Dictionary(
                uniqueKeysWithValues: flags.map { (AbsoluteConfigKey([$0]), ConfigValue(.string($1), isSecret: false)) }
            ))
        let variables = EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "dangol")
        var sources: [Source] = [
            Source(provider: given) { "--" + $0.words("-") },
            Source(provider: variables) { "DANGOL_" + $0.words("_").uppercased() },
        ]
        let data = try sources.lookUp("data")?.value ?? configuration.data
        if let path = try file ?? sources.lookUp("config")?.value ?? standardFile(data) {
            sources.append(Source(provider: try await yaml(path)) { _ in path })
        }
        for setting in ServeSetting.all {
            let found = try sources.lookUp(setting.name)
            if let found {
                guard setting.write(&configuration, found.value) else {
                    throw Failure(
                        .usage, code: "invalid_setting",
                        "'\(found.value)' (\(found.source)) is no value for \(setting.name): \(setting.help)",
                        field: setting.name)
                }
            }
            configuration.effective.append(
                Effective(name: setting.name, value: setting.read(configuration), source: found?.source ?? "default"))
        }
        let server = configuration.server
        if (server.tlsCertificate == nil) != (server.tlsKey == nil) {
            throw Failure.usage("tlsCertificate and tlsKey belong together: give both, or none")
        }
        return configuration
    }

    private static func standardFile(_ data: String) -> String? {
        let path = data + "/dangol.yaml"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    private static func yaml(_ path: String) async throws -> any ConfigProvider {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Failure(.failure, code: "io", "the configuration \(path) cannot be read: is there such a file?")
        }
        try checkNames(text, path)
        let place = InMemoryProvider(values: ["filePath": ConfigValue(.string(path), isSecret: false)])
        do {
            return try await FileProvider<YAMLSnapshot>(config: ConfigReader(provider: place))
        } catch {
            throw Failure(.usage, code: "invalid_configuration", "\(path) is no YAML of names and values: \(error)")
        }
    }

    /// A misspelt name that is silently ignored gives a server that is not what it looks like.
    private static func checkNames(_ text: String, _ path: String) throws {
        let known = Set(ServeSetting.all.map(\.name))
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard let first = line.first, first.isLetter, let colon = line.firstIndex(of: ":") else { continue }
            let name = String(line[..<colon])
            if known.contains(name) { continue }
            throw Failure(
                .usage, code: "unknown_setting",
                "\(path):\(number + 1): there is no setting '\(name)'; 'dangol config' lists them", field: name)
        }
    }

    /// A place where settings are, and what it calls them.
    fileprivate struct Source {
        var provider: any ConfigProvider
        var name: (String) -> String
    }
}

extension [ServeConfiguration.Source] {
    /// The first source that has a value.
    fileprivate func lookUp(_ setting: String) throws -> (value: String, source: String)? {
        for source in self {
            let name = source.name(setting)
            do {
                let found = try source.provider.value(forKey: AbsoluteConfigKey([setting]), type: .string)
                if case .string(let text)? = found.value?.content, !text.isEmpty { return (text, name) }
            } catch {
                throw Failure(
                    .usage, code: "invalid_setting", "\(setting) (\(name)) is no single value", field: setting)
            }
        }
        return nil
    }
}

extension String {
    /// `requestsPerSecond` as `requests-per-second`.
    fileprivate func words(_ separator: String) -> String {
        map { $0.isUppercase ? separator + $0.lowercased() : String($0) }.joined()
    }
}
