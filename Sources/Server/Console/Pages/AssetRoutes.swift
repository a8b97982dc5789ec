import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// The console's style sheet, modules and pictures.
///
/// Their address holds a digest of all of them, so a browser keeps them for good and gets a new release at once.
/// Modules import each other by relative addresses, so these have the digest too.
enum AssetRoutes {
    static let routes: [APIRoute] = [asset, icon]

    private static var asset: APIRoute {
        var route = APIRoute(
            .get, "/assets/{revision}/{name}", name: "asset", group: "Console", "A file of the console", access: .open,
            answers: [.text("text/css", "text/javascript", "image/svg+xml", summary: "The file")]
        ) { call in
            try serve(try call.pathParameter("name"), revision: try call.pathParameter("revision"), call)
        }
        route.isHidden = true
        return route.pathParameter("revision", "A digest of all files").pathParameter("name", "The file's name")
    }

    /// What browsers ask for without being told.
    private static var icon: APIRoute {
        var route = APIRoute(
            .get, "/favicon.ico", name: "favicon", group: "Console", "The console's picture", access: .open,
            answers: [.text("image/svg+xml", summary: "The file")]
        ) { call in
            try serve("favicon.svg", revision: "", call)
        }
        route.isHidden = true
        return route
    }

    private static func serve(_ name: String, revision: String, _ call: Call) throws -> Response {
        let files = try call.parts.console.files()
        guard let asset = files.assets[name] else {
            throw Problem.notFound("the console has no file '\(name.prefix(100))'")
        }
        // Under another release's address only what is asked for anew each time may be given.
        let isCurrent = revision == files.revision
        var headers: HTTPFields = [
            .eTag: asset.tag,
            .cacheControl: isCurrent ? "public, max-age=31536000, immutable" : "no-cache",
        ]
        let known = call.request.headers[values: .ifNoneMatch].joined(separator: ",")
        if known.split(separator: ",").contains(where: { $0.contains(asset.tag) }) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = asset.mediaType
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
    }
}
