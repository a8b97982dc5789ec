"""ClickHouse, embedded (chDB): MergeTree ordered by (person, time), LowCardinality strings, default compression."""

import json
import os

from questions import *


class ClickHouse:
    name = "ClickHouse"

    def __init__(self, folder, threads):
        import chdb
        from chdb import session
        self.version = chdb.engine_version if isinstance(chdb.engine_version, str) else str(chdb.engine_version)
        self.folder = os.path.join(folder, "clickhouse")
        self.session = session.Session(self.folder)
        self.threads = threads
        self.session.query("CREATE DATABASE IF NOT EXISTS bench ENGINE = Atomic")
        self.session.query("USE bench")

    def close(self):
        self.session.close()

    def is_built(self, rows):
        tables = self.rows("SELECT count() FROM system.tables WHERE database = 'bench' AND name = 'events'")
        return tables[0][0] == 1 and self.rows("SELECT count() FROM bench.events")[0][0] == rows

    def create(self):
        self.session.query("DROP TABLE IF EXISTS bench.events SYNC")
        # The index over names lets rare events skip granules: it is the peers' best form that counts.
        self.session.query("""
            CREATE TABLE bench.events (
                person UInt64, time DateTime64(3, 'UTC'), name LowCardinality(String), city LowCardinality(String),
                amount Decimal(9, 2), device LowCardinality(String), INDEX names name TYPE set(100) GRANULARITY 1
            ) ENGINE = MergeTree ORDER BY (person, time)""")

    def insert(self, parquet):
        self.session.query(f"""
            INSERT INTO bench.events
            SELECT person, fromUnixTimestamp64Milli(time, 'UTC'), name, city, toDecimal32(amount_cents, 2) / 100, device
            FROM file('{parquet}', Parquet)""")

    def finish(self):
        self.session.query("OPTIMIZE TABLE bench.events FINAL")

    def bytes_on_disk(self):
        return self.rows("SELECT sum(bytes_on_disk) FROM system.parts WHERE database = 'bench' AND table = 'events' AND active")[0][0]

    def rows(self, sql, **settings):
        options = {"max_threads": self.threads, **settings}
        clause = ", ".join(f"{key} = {value}" for key, value in options.items())
        answer = self.session.query(f"{sql} SETTINGS {clause}", "JSONCompactEachRow")
        text = str(answer)
        return [json.loads(line) for line in text.splitlines() if line]

    # Each question in the forms that are worth trying; the fastest counts. All must agree.

    def forms(self, question):
        return getattr(self, question)()

    def in_order(self, sql, shape):
        """A GROUP BY person both ways: by hash table, and in the order of the primary key."""
        return {
            "hash": lambda: shape(self.rows(sql)),
            "in order": lambda: shape(self.rows(sql, optimize_aggregation_in_order=1)),
        }

    def funnel(self):
        conditions = ", ".join(f"name = '{name}'" for name in STEPS)
        return self.in_order(f"""
            SELECT level, count() FROM (
                SELECT windowFunnel({WINDOW_MS})(reinterpretAsUInt64(time), {conditions}) AS level
                FROM bench.events WHERE name IN ({quoted(STEPS)}) GROUP BY person)
            GROUP BY level""", from_levels)

    def funnel_filtered(self):
        a, b, c = (f"name = '{name}'" for name in STEPS)
        a, c = f"{a} AND city = '{CITY}'", f"{c} AND amount >= {AMOUNT}"
        return self.in_order(f"""
            SELECT level, count() FROM (
                SELECT windowFunnel({WINDOW_MS})(reinterpretAsUInt64(time), {a}, {b}, {c}) AS level
                FROM bench.events WHERE ({a}) OR ({b}) OR ({c}) GROUP BY person)
            GROUP BY level""", from_levels)

    def funnel_by_city(self):
        conditions = ", ".join(f"name = '{name}'" for name in STEPS)
        return self.in_order(f"""
            SELECT first_city, level, count() FROM (
                SELECT windowFunnel({WINDOW_MS})(reinterpretAsUInt64(time), {conditions}) AS level,
                       argMin(city, time) AS first_city
                FROM bench.events WHERE name IN ({quoted(STEPS)}) GROUP BY person)
            WHERE level > 0 GROUP BY first_city, level""", by_city)

    def retention(self):
        week = f"bitShiftLeft(toUInt16(1), intDiv(reinterpretAsUInt64(time) - {BASE_MS}, {WEEK_MS}))"
        masks = f"""
            SELECT groupBitOrIf({week}, name = '{TARGET}') AS target, groupBitOrIf({week}, name = '{RETURN}') AS returned
            FROM bench.events WHERE name IN ('{TARGET}', '{RETURN}') GROUP BY person"""
        cells = ", ".join(
            f"countIf(bitAnd(target, {1 << start}) != 0)" if start == later else
            f"countIf(bitAnd(target, {1 << start}) != 0 AND bitAnd(returned, {1 << later}) != 0)"
            for start, later in retention_pairs())
        return self.in_order(f"SELECT {cells} FROM ({masks})", lambda rows: triangle(rows[0]))

    def daily_uniques(self):
        day = f"intDiv(reinterpretAsUInt64(time) - {BASE_MS}, {DAY_MS})"
        plain = f"SELECT name, {day} AS day, {{}} FROM bench.events GROUP BY name, day"
        distinct = f"""
            SELECT name, day, count() FROM (SELECT DISTINCT person, name, toUInt8({day}) AS day FROM bench.events)
            GROUP BY name, day"""
        bits = f"""
            SELECT name, day, count() FROM (
                SELECT name, arrayJoin(days) AS day FROM (
                    SELECT name, groupUniqArray(toUInt8({day})) AS days FROM bench.events GROUP BY person, name))
            GROUP BY name, day"""
        return {
            "uniqExact": lambda: per_day(self.rows(plain.format("uniqExact(person)"))),
            "groupBitmap": lambda: per_day(self.rows(plain.format("groupBitmap(toUInt32(person))"))),
            "distinct in order": lambda: per_day(self.rows(distinct, optimize_distinct_in_order=1)),
            "days by person": lambda: per_day(self.rows(bits, optimize_aggregation_in_order=1)),
        }

    def trends_total(self):
        day = f"intDiv(reinterpretAsUInt64(time) - {BASE_MS}, {DAY_MS})"
        return {"count": lambda: per_day(self.rows(
            f"SELECT name, {day} AS day, count() FROM bench.events GROUP BY name, day"))}

    def paths(self):
        arrays = f"""
            SELECT edge.1, edge.2, edge.3, count() AS people FROM (
                SELECT arrayJoin(arraySplit((e, gap) -> gap, events, gaps)) AS session,
                       arraySlice(session.2, 1, {PATH_STEPS}) AS names,
                       arrayJoin(arrayZip(arrayEnumerate(arrayPopBack(names)), arrayPopBack(names), arrayPopFront(names))) AS edge
                FROM (
                    SELECT arraySort(e -> e.1, groupArray((reinterpretAsUInt64(time), name))) AS events,
                           arrayMap(d -> d > {SESSION_GAP_MS}, arrayDifference(events.1)) AS gaps
                    FROM bench.events GROUP BY person))
            GROUP BY edge ORDER BY people DESC, edge LIMIT {PATH_EDGES}"""
        windows = f"""
            SELECT step - 1, previous, name, count() AS people FROM (
                SELECT name, row_number() OVER s AS step, lagInFrame(name) OVER s AS previous FROM (
                    SELECT person, time, name, sum(fresh) OVER p AS session FROM (
                        SELECT person, time, name,
                               toUInt32(reinterpretAsUInt64(time) - reinterpretAsUInt64(lagInFrame(time) OVER p) > {SESSION_GAP_MS}) AS fresh
                        FROM bench.events WINDOW p AS (PARTITION BY person ORDER BY time))
                    WINDOW p AS (PARTITION BY person ORDER BY time))
                WINDOW s AS (PARTITION BY person, session ORDER BY time))
            WHERE step BETWEEN 2 AND {PATH_STEPS}
            GROUP BY step, previous, name ORDER BY people DESC, step, previous, name LIMIT {PATH_EDGES}"""
        return {
            "arrays": lambda: edges(self.rows(arrays)),
            "arrays in order": lambda: edges(self.rows(arrays, optimize_aggregation_in_order=1)),
            "windows": lambda: edges(self.rows(windows)),
        }

    def rare_funnel(self):
        conditions = ", ".join(f"name = '{name}'" for name in RARE_STEPS)
        query = f"""
            SELECT level, count() FROM (
                SELECT windowFunnel({WINDOW_MS})(reinterpretAsUInt64(time), {conditions}) AS level
                FROM bench.events WHERE name IN ({quoted(RARE_STEPS)}) {{}} GROUP BY person)
            GROUP BY level"""
        only = f"AND person IN (SELECT person FROM bench.events WHERE name = '{RARE}')"
        return {
            "all": lambda: from_levels(self.rows(query.format("")), 2),
            "people with the rare event": lambda: from_levels(self.rows(query.format(only)), 2),
        }

    def rare_count(self):
        day = f"intDiv(reinterpretAsUInt64(time) - {BASE_MS}, {DAY_MS})"
        return {"count": lambda: one_per_day(self.rows(
            f"SELECT {day} AS day, count() FROM bench.events WHERE name = '{RARE}' GROUP BY day"))}
