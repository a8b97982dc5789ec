import ArgumentParser
import Engine
import EventLog

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Reads events from files or standard input.",
        discussion: """
            JSON Lines in Segment's shape need no options. Columns (commas, tabs, or aligned with spaces) need to know \
            which is which. Gzip is recognised. Importing a file again, or after it has grown, adds only what is new, so \
            after an error or Ctrl-C just import again.

            Lines that cannot be used go to a file beside, with number and reason; the exit status is then 2.

            Examples:
              dangol import events.jsonl more.jsonl.gz
              zcat logs/*.gz | dangol import -
              dangol import orders.csv --person customer --time date --event "Order Completed"
              dangol import orders.csv --person customer --time date --time-format dd.MM.yyyy --event-column kind
              dangol import CDNOW_master.txt --person customer_id --time date --time-format yyyyMMdd \\
                --event Purchase --property cds=number_of_cds --property dollars=dollar_value
            """)

    @Argument(help: ArgumentHelp("Files; '-' is standard input.", valueName: "file"))
    var files: [String]

    @OptionGroup(title: "Options for columns") var columns: ColumnOptions

    @OptionGroup(title: "Options for bad lines") var rejects: RejectOptions

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions
}
