using System.Diagnostics;
using System.Globalization;
using System.Text;
using DuckDB.NET.Data;

namespace OpenMash.Benchmarks.Matching;

/// <summary>How a column is compared by the yardstick.</summary>
internal enum Kind
{
    Name,
    Date,
    Code,
    Text,
    Email,
}

/// <summary>A labelled file and what the yardstick needs to know of it.</summary>
internal sealed record Labelled(string Name, string Left, string? Right, string Id, string Truth, (string Column, Kind Kind)[] Columns, string[] Rules, string[] Training);

/// <summary>
/// Probabilistic linkage as it is usually written in SQL, on DuckDB: union of blocking rules without repeats, Jaro-Winkler levels at .92 and .88,
/// Levenshtein on dates, term frequencies on exact agreement, u from random pairs, m by expectation-maximisation on counts of patterns. It is given the
/// columns' meaning; it has no household class, no clusters and no phonetics.
/// </summary>
internal static class DuckYardstick
{
    public static (double Seconds, List<(double Weight, bool True)> Scores, long TruePairs, long Compared) Run(Labelled set, int threads)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        var clock = Stopwatch.StartNew();
        Do(connection, $"SET threads TO {threads}");
        Do(connection, "SET enable_progress_bar=false");
        var linking = set.Right is not null;
        var files = linking ? new[] { set.Left, set.Right! } : [set.Left];
        var source = string.Join(" UNION ALL ", files.Select((f, i) => $"SELECT {i} AS src, * FROM read_csv('{f}', all_varchar=true, header=true, delim=',', quote='\"')"));
        static string Heading(string name) => $"\"{name}\"";
        var columns = set.Columns.Select((c, i) => $"nullif(lower(trim({Heading(c.Column)})), '') AS c{i}");
        Do(connection, $"CREATE TABLE r AS SELECT row_number() OVER () AS n, src, trim({Heading(set.Truth)}) AS truth, {string.Join(", ", columns)} FROM ({source})");
        if (set.Truth == "rec_id")
            Do(connection, "UPDATE r SET truth = split_part(truth, '-', 2)");
        var total = Scalar(connection, linking ? "SELECT (SELECT count(*) FROM r WHERE src=0) * (SELECT count(*) FROM r WHERE src=1)" : "SELECT count(*) * (count(*) - 1) / 2 FROM r");
        for (var i = 0; i < set.Columns.Length; i++)
        {
            if (set.Columns[i].Kind is Kind.Name or Kind.Text)
                Do(connection, $"CREATE TABLE tf{i} AS SELECT c{i} AS v, count(*) / sum(count(*)) OVER () AS tf FROM r WHERE c{i} IS NOT NULL GROUP BY c{i}");
        }

        Block(connection, set, linking);
        var compared = Scalar(connection, "SELECT count(*) FROM b");
        var gammas = string.Join(", ", set.Columns.Select((c, i) => $"{Gamma(c.Kind, i)} AS g{i}"));
        Do(connection, $"CREATE TABLE g AS SELECT b.a, b.z, l.truth = q.truth AS t, {string.Join(", ", Enumerable.Range(0, set.Columns.Length).Where(i => set.Columns[i].Kind is Kind.Name or Kind.Text).Select(i => $"l.c{i} AS v{i}").Append("1 AS one"))}, {gammas} FROM b JOIN r l ON l.n = b.a JOIN r q ON q.n = b.z");
        var (m, u, prior) = Learn(connection, set, linking, total);
        var weight = new StringBuilder(FormattableString.Invariant($"{Math.Log2(prior)}"));
        var joins = new StringBuilder();
        for (var i = 0; i < set.Columns.Length; i++)
        {
            weight.Append(" + CASE g").Append(i);
            for (var l = 1; l < m[i].Length; l++)
                weight.Append(CultureInfo.InvariantCulture, $" WHEN {l} THEN {Math.Log2(m[i][l] / u[i][l])}");
            weight.Append(" ELSE 0 END");
            if (set.Columns[i].Kind is Kind.Name or Kind.Text)
            {
                weight.Append(CultureInfo.InvariantCulture, $" + CASE WHEN g{i} = 1 THEN log2({u[i][1]} / greatest(tf{i}.tf, 0.000001)) ELSE 0 END");
                joins.Append(CultureInfo.InvariantCulture, $" LEFT JOIN tf{i} ON tf{i}.v = g.v{i}");
            }
        }

        Do(connection, $"CREATE TABLE s AS SELECT a, z, t, {weight} AS w FROM g{joins}");
        Do(connection, "CREATE TABLE kept AS SELECT a, z, t, w FROM s WHERE w > -7");
        var seconds = clock.Elapsed.TotalSeconds;
        var truePairs = Scalar(connection, linking
            ? "SELECT count(*) FROM r l JOIN r q ON l.truth = q.truth AND l.src = 0 AND q.src = 1"
            : "SELECT sum(k * (k - 1) / 2) FROM (SELECT count(*) AS k FROM r GROUP BY truth)");
        var scores = new List<(double, bool)>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT w, t FROM kept ORDER BY w DESC";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            scores.Add((reader.GetDouble(0), reader.GetBoolean(1)));
        return (seconds, scores, (long)truePairs, (long)compared);
    }

    private static void Block(DuckDBConnection connection, Labelled set, bool linking)
    {
        var order = linking ? "l.src = 0 AND q.src = 1" : "l.n < q.n";
        string Rule(string rule) => string.Join(" AND ", rule.Split('+').Select(part => Equal(set, part)));
        var earlier = new List<string>();
        var parts = new List<string>();
        foreach (var rule in set.Rules)
        {
            var condition = Rule(rule);
            parts.Add($"SELECT l.n AS a, q.n AS z FROM r l JOIN r q ON {condition} WHERE {order}" + string.Concat(earlier.Select(e => $" AND NOT coalesce({e}, false)")));
            earlier.Add($"({condition})");
        }

        Do(connection, "CREATE TABLE b AS " + string.Join(" UNION ALL ", parts));
    }

    private static string Equal(Labelled set, string part)
    {
        var at = part.IndexOf(':', StringComparison.Ordinal);
        var i = Array.FindIndex(set.Columns, c => c.Column == (at < 0 ? part : part[..at]));
        return at < 0 ? $"l.c{i} = q.c{i}" : $"substr(l.c{i}, 1, {part[(at + 1)..]}) = substr(q.c{i}, 1, {part[(at + 1)..]})";
    }

    private static string Gamma(Kind kind, int i)
    {
        var missing = $"CASE WHEN l.c{i} IS NULL OR q.c{i} IS NULL THEN 0 WHEN l.c{i} = q.c{i} THEN 1";
        return kind switch
        {
            Kind.Name => $"{missing} WHEN jaro_winkler_similarity(l.c{i}, q.c{i}) >= 0.92 THEN 2 WHEN jaro_winkler_similarity(l.c{i}, q.c{i}) >= 0.88 THEN 3 WHEN jaro_winkler_similarity(l.c{i}, q.c{i}) >= 0.7 THEN 4 ELSE 5 END",
            Kind.Date => $"{missing} WHEN levenshtein(l.c{i}, q.c{i}) <= 1 THEN 2 WHEN levenshtein(l.c{i}, q.c{i}) <= 2 THEN 3 WHEN substr(l.c{i}, 1, 4) = substr(q.c{i}, 1, 4) THEN 4 ELSE 5 END",
            Kind.Code => $"{missing} WHEN levenshtein(l.c{i}, q.c{i}) <= 1 THEN 2 ELSE 3 END",
            Kind.Email => $"{missing} WHEN split_part(l.c{i}, '@', 1) = split_part(q.c{i}, '@', 1) THEN 2 WHEN jaro_winkler_similarity(l.c{i}, q.c{i}) >= 0.88 THEN 3 ELSE 4 END",
            _ => $"{missing} WHEN jaro_winkler_similarity(l.c{i}, q.c{i}) >= 0.9 THEN 2 ELSE 3 END",
        };
    }

    private static int LevelsOf(Kind kind) => kind switch { Kind.Name or Kind.Date => 5, Kind.Email => 4, _ => 3 };

    private static (double[][] M, double[][] U, double Prior) Learn(DuckDBConnection connection, Labelled set, bool linking, double total)
    {
        var n = set.Columns.Length;
        var gammas = string.Join(", ", set.Columns.Select((c, i) => $"{Gamma(c.Kind, i)} AS g{i}"));
        Do(connection, "SELECT setseed(0.42)");
        // Numbered copies as tables: over a window in a subquery DuckDB would not join by hash.
        Do(connection, $"CREATE TABLE k0 AS SELECT *, row_number() OVER () AS k FROM r{(linking ? " WHERE src = 0" : "")}");
        Do(connection, $"CREATE TABLE k1 AS SELECT *, row_number() OVER () AS k FROM r{(linking ? " WHERE src = 1" : "")}");
        var left = (long)Scalar(connection, "SELECT count(*) FROM k0");
        var right = (long)Scalar(connection, "SELECT count(*) FROM k1");
        Do(connection, $"CREATE TABLE random AS SELECT 1 + CAST(floor(random() * {left}) AS BIGINT) AS i, 1 + CAST(floor(random() * {right}) AS BIGINT) AS j FROM range(500000)");
        Do(connection, $"CREATE TABLE ru AS SELECT {gammas} FROM random x JOIN k0 l ON l.k = x.i JOIN k1 q ON q.k = x.j WHERE l.n <> q.n");
        var u = new double[n][];
        var m = new double[n][];
        for (var i = 0; i < n; i++)
        {
            var levels = LevelsOf(set.Columns[i].Kind);
            u[i] = new double[levels + 1];
            m[i] = new double[levels + 1];
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT g{i}, count(*) FROM ru WHERE g{i} > 0 GROUP BY 1";
            using var reader = command.ExecuteReader();
            while (reader.Read())
                u[i][reader.GetInt32(0)] = reader.GetInt64(1);
            var sum = u[i].Sum() + 1;
            for (var l = 1; l <= levels; l++)
            {
                u[i][l] = Math.Max(u[i][l], .05) / sum;
                m[i][l] = l == 1 ? .9 : .1 / (levels - 1);
            }
        }

        // As Splink's documentation trains: pairs that agree on one thing teach the weights of all others; two such sessions, averaged.
        var sessions = set.Training;
        var taught = m.Select(x => new List<double[]>()).ToArray();
        var every = Math.Max(left / 20_000, 1);
        for (var session = 0; session < sessions.Length; session++)
        {
            var parts = sessions[session].Split('+');
            var condition = string.Join(" AND ", parts.Select(p => Equal(set, p)));
            Do(connection, $"CREATE TABLE t{session} AS SELECT {gammas} FROM r l JOIN r q ON {condition} WHERE {(linking ? "l.src = 0 AND q.src = 1" : "l.n < q.n")} AND l.n % {every} = 0");
            var blocked = parts.Select(p => Array.FindIndex(set.Columns, c => c.Column == p)).ToHashSet();
            var prior0 = .3;
            var own = m.Select(x => x.ToArray()).ToArray();
            Maximise(Patterns(connection, $"t{session}", n), own, u, ref prior0, null, blocked, 1);
            for (var i = 0; i < n; i++)
            {
                if (!blocked.Contains(i))
                    taught[i].Add(own[i]);
            }
        }

        for (var i = 0; i < n; i++)
        {
            for (var l = 1; l < m[i].Length; l++)
                m[i][l] = taught[i].Average(x => x[l]);
        }

        var prior = 1 / Math.Sqrt(total);
        Maximise(Patterns(connection, "g", n), m, u, ref prior, total, null, 0);
        return (m, u, prior);
    }

    private static List<(int[] Levels, double Count)> Patterns(DuckDBConnection connection, string table, int n)
    {
        var patterns = new List<(int[] Levels, double Count)>();
        var list = string.Join(", ", Enumerable.Range(0, n).Select(i => "g" + i));
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names of this program's own.
        command.CommandText = $"SELECT {list}, count(*) FROM {table} GROUP BY {list} ORDER BY {list}";
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        while (reader.Read())
            patterns.Add(([.. Enumerable.Range(0, n).Select(i => reader.GetInt32(i))], reader.GetInt64(n)));
        return patterns;
    }

    /// <summary>Expectation-maximisation; m is learnt only where <paramref name="learn"/> is 1, the prior always.</summary>
    private static void Maximise(List<(int[] Levels, double Count)> patterns, double[][] m, double[][] u, ref double prior, double? total, HashSet<int>? blocked, int learn)
    {
        var n = m.Length;
        var all = total ?? Math.Max(patterns.Sum(p => p.Count), 1);
        for (var step = 0; step < 25; step++)
        {
            var next = m.Select(x => new double[x.Length]).ToArray();
            double matches = 0;
            foreach (var (levels, count) in patterns)
            {
                var odds = prior / (1 - prior);
                for (var i = 0; i < n; i++)
                {
                    if (levels[i] > 0 && blocked?.Contains(i) != true)
                        odds *= m[i][levels[i]] / u[i][levels[i]];
                }

                var p = odds / (1 + odds) * count;
                matches += p;
                for (var i = 0; i < n; i++)
                    next[i][levels[i]] += p;
            }

            prior = Math.Clamp(matches / all, 1e-12, .999);
            if (learn == 0)
                continue;
            for (var i = 0; i < n; i++)
            {
                var sum = next[i].Skip(1).Sum() + 1e-9;
                for (var l = 1; l < next[i].Length; l++)
                    m[i][l] = Math.Max(next[i][l] / sum, 1e-4);
            }
        }
    }

    private static void Do(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are put together from column names of this program's own lists.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static double Scalar(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // As above.
        command.CommandText = sql;
#pragma warning restore CA2100
        return Convert.ToDouble(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
