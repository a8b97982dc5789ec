"""DuckDB: one file, rows sorted by (person, time), names and strings as ENUM, times as 64-bit milliseconds."""

import os

from dataset import CITIES, DEVICES, NAMES
from questions import *


class DuckDB:
    name = "DuckDB"

    def __init__(self, folder, threads):
        import duckdb
        self.version = duckdb.__version__
        os.makedirs(folder, exist_ok=True)
        self.file = os.path.join(folder, "duckdb.db")
        self.connection = duckdb.connect(self.file)
        self.connection.execute(f"SET threads = {threads}")
        self.connection.execute("SET memory_limit = '12GB'")
        self.connection.execute("SET enable_progress_bar = false")

    def close(self):
        self.connection.close()

    def is_built(self, rows):
        tables = self.rows("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'events'")
        return tables[0][0] == 1 and self.rows("SELECT count(*) FROM events")[0][0] == rows

    def create(self):
        self.rows("DROP TABLE IF EXISTS events")
        for kind, values in (("event_name", NAMES), ("city_name", CITIES), ("device_name", DEVICES)):
            self.rows(f"DROP TYPE IF EXISTS {kind}")
            self.rows(f"CREATE TYPE {kind} AS ENUM ({quoted(values)})")
        self.rows("""CREATE TABLE events (
            person UBIGINT, time BIGINT, name event_name, city city_name, amount DECIMAL(9, 2), device device_name)""")

    def insert(self, parquet):
        # The rows arrive sorted; the order of insertion is kept.
        self.rows(f"INSERT INTO events SELECT person, time, name, city, (amount_cents / 100)::DECIMAL(9, 2), device FROM read_parquet('{parquet}')")

    def finish(self):
        self.rows("CHECKPOINT")

    def bytes_on_disk(self):
        return os.path.getsize(self.file)

    def rows(self, sql):
        return self.connection.execute(sql).fetchall()

    # Each question in the forms that are worth trying; the fastest counts. All must agree.

    def forms(self, question):
        return getattr(self, question)()

    def funnel_forms(self, conditions, where, shape, city="", steps=3):
        """The latest start that each step can still go back to, step by step, by window functions or by ASOF joins."""
        first, *later = conditions
        columns = "person, time, name, city, amount"
        tables, window = [f"e AS (SELECT {columns} FROM events WHERE {where})"], "(PARTITION BY person ORDER BY time ROWS UNBOUNDED PRECEDING)"
        tables.append(f"s1 AS (SELECT *, max(CASE WHEN {first} THEN time END) OVER {window} AS start1 FROM e)")
        for step, condition in enumerate(later[:-1], 2):
            chain = f"CASE WHEN ({condition}) AND time - start{step - 1} <= {WINDOW_MS} THEN start{step - 1} END"
            tables.append(f"s{step} AS (SELECT *, max({chain}) OVER {window} AS start{step} FROM s{step - 1})")
        last = len(conditions)
        reached = ", ".join([f"bool_or({first})::INT AS r1"] + [
            f"bool_or(({condition}) AND time - start{step - 1} <= {WINDOW_MS})::INT AS r{step}"
            for step, condition in enumerate(later, 2)])
        level = " + ".join(f"coalesce(r{step}, 0)" for step in range(1, last + 1))
        by = "arg_min(city, time) AS first_city, " if city else ""
        group = "first_city, " if city else ""
        windows = f"""
            WITH {', '.join(tables)}, people AS (SELECT {by}{reached} FROM s{last - 1} GROUP BY person)
            SELECT {group}{level} AS level, count(*) FROM people WHERE r1 = 1 GROUP BY ALL"""

        joins = [f"e AS MATERIALIZED (SELECT {columns} FROM events WHERE {where})",
                 f"c1 AS (SELECT person, time, time AS start, city FROM e WHERE {first})"]
        for step, condition in enumerate(later, 2):
            joins.append(f"""
                c{step} AS (SELECT e.person, e.time, c.start FROM (SELECT * FROM e WHERE {condition}) e
                ASOF JOIN (SELECT person, time, max(start) OVER (PARTITION BY person ORDER BY time) AS start FROM c{step - 1}) c
                ON e.person = c.person AND e.time > c.time WHERE e.time - c.start <= {WINDOW_MS})""")
        by = "arg_min(city, time) AS first_city, " if city else ""
        counts = " + ".join(["1"] + [f"(p{step}.person IS NOT NULL)::INT" for step in range(2, last + 1)])
        outer = " ".join(f"LEFT JOIN (SELECT DISTINCT person FROM c{step}) p{step} ON p1.person = p{step}.person" for step in range(2, last + 1))
        asof = f"""
            WITH {', '.join(joins)}
            SELECT {group}{counts} AS level, count(*)
            FROM (SELECT {by}person FROM e GROUP BY person HAVING bool_or({first})) p1 {outer} GROUP BY ALL"""
        return {"windows": lambda: shape(self.rows(windows)), "asof": lambda: shape(self.rows(asof))}

    def funnel(self):
        return self.funnel_forms([f"name = '{name}'" for name in STEPS], f"name IN ({quoted(STEPS)})", from_levels)

    def funnel_filtered(self):
        a, b, c = (f"name = '{name}'" for name in STEPS)
        a, c = f"{a} AND city = '{CITY}'", f"{c} AND amount >= {AMOUNT}"
        return self.funnel_forms([a, b, c], f"({a}) OR ({b}) OR ({c})", from_levels)

    def funnel_by_city(self):
        return self.funnel_forms(
            [f"name = '{name}'" for name in STEPS], f"name IN ({quoted(STEPS)})", by_city, city="city")

    def retention(self):
        week = f"(1::BIGINT << ((time - {BASE_MS}) // {WEEK_MS}))"
        cells = ", ".join(
            f"count(*) FILTER (target & {1 << start} != 0)" if start == later else
            f"count(*) FILTER (target & {1 << start} != 0 AND returned & {1 << later} != 0)"
            for start, later in retention_pairs())
        return {"bit masks": lambda: triangle(self.rows(f"""
            SELECT {cells} FROM (
                SELECT bit_or({week}) FILTER (name = '{TARGET}') AS target, bit_or({week}) FILTER (name = '{RETURN}') AS returned
                FROM events WHERE name IN ('{TARGET}', '{RETURN}') GROUP BY person)""")[0])}

    def daily_uniques(self):
        day = f"(time - {BASE_MS}) // {DAY_MS}"
        return {
            "count distinct": lambda: per_day(self.rows(
                f"SELECT name, {day} AS day, count(DISTINCT person) FROM events GROUP BY ALL")),
            "distinct first": lambda: per_day(self.rows(
                f"SELECT name, day, count(*) FROM (SELECT DISTINCT person, name, ({day})::UTINYINT AS day FROM events) GROUP BY ALL")),
        }

    def trends_total(self):
        return {"count": lambda: per_day(self.rows(
            f"SELECT name, (time - {BASE_MS}) // {DAY_MS} AS day, count(*) FROM events GROUP BY ALL"))}

    def paths(self):
        nested = f"""
            WITH gaps AS (
                SELECT person, time, name, (time - lag(time) OVER p > {SESSION_GAP_MS})::INT AS fresh
                FROM events WINDOW p AS (PARTITION BY person ORDER BY time)),
            sessions AS (
                SELECT person, time, name, coalesce(sum(fresh) OVER p, 0) AS session
                FROM gaps WINDOW p AS (PARTITION BY person ORDER BY time ROWS UNBOUNDED PRECEDING)),
            steps AS (
                SELECT name, row_number() OVER s AS step, lag(name) OVER s AS previous
                FROM sessions WINDOW s AS (PARTITION BY person, session ORDER BY time))
            SELECT step - 1, previous, name, count(*) AS people FROM steps WHERE step BETWEEN 2 AND {PATH_STEPS}
            GROUP BY step, previous, name ORDER BY people DESC, step, previous::VARCHAR, name::VARCHAR LIMIT {PATH_EDGES}"""
        # Without a second partition: a row's position counts from the last session start before it.
        flat = f"""
            WITH rows AS (
                SELECT person, time, name, row_number() OVER p AS n, lag(name) OVER p AS previous,
                       coalesce(time - lag(time) OVER p > {SESSION_GAP_MS}, true) AS fresh
                FROM events WINDOW p AS (PARTITION BY person ORDER BY time)),
            steps AS (
                SELECT name, previous, n - max(CASE WHEN fresh THEN n END) OVER p + 1 AS step
                FROM rows WINDOW p AS (PARTITION BY person ORDER BY time ROWS UNBOUNDED PRECEDING))
            SELECT step - 1, previous, name, count(*) AS people FROM steps WHERE step BETWEEN 2 AND {PATH_STEPS}
            GROUP BY step, previous, name ORDER BY people DESC, step, previous::VARCHAR, name::VARCHAR LIMIT {PATH_EDGES}"""
        return {"nested windows": lambda: edges(self.rows(nested)), "flat windows": lambda: edges(self.rows(flat))}

    def rare_funnel(self):
        conditions = [f"name = '{name}'" for name in RARE_STEPS]
        shape = lambda rows: from_levels(rows, 2)
        only = f" AND person IN (SELECT person FROM events WHERE name = '{RARE}')"
        every = self.funnel_forms(conditions, f"name IN ({quoted(RARE_STEPS)})", shape)
        some = self.funnel_forms(conditions, f"name IN ({quoted(RARE_STEPS)}){only}", shape)
        return {**every, **{form + ", people with the rare event": run for form, run in some.items()}}

    def rare_count(self):
        return {"count": lambda: one_per_day(self.rows(
            f"SELECT (time - {BASE_MS}) // {DAY_MS} AS day, count(*) FROM events WHERE name = '{RARE}' GROUP BY ALL"))}
