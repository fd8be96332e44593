using System.Data.Common;
using System.Text.Json;
using DuckDB.NET.Data;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Sql.Tables;
using Sluice.Sql.Text;

namespace Sluice.Sql.Planning;

/// <summary>
/// A DuckDB in memory for one query: first with empty tables, over which it plans, then with what was fetched, over which it runs. One transaction
/// holds both, so that now() is the same instant in the plan and in the answer. Nothing of the machine can be reached from it but the query's own
/// folder.
/// </summary>
internal sealed class QueryDatabase : IAsyncDisposable
{
    private readonly InterruptibleConnection _connection;
    private readonly SqlStatement _statement;
    private LiveTables _tables;
    private bool _skipsNulls;
    private string _evaluating = Optimizers.Evaluating;

    private QueryDatabase(InterruptibleConnection connection, SqlStatement statement, LiveTables tables) =>
        (_connection, _statement, _tables) = (connection, statement, tables);

    /// <summary>Opens the database with the tables that a statement names, and plans the statement.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="tables">All tables.</param>
    /// <param name="folder">The only folder that can be reached.</param>
    /// <param name="opening">What else can be read.</param>
    /// <param name="cancel">Stops between statements.</param>
    /// <exception cref="SluiceException">DuckDB does not understand the statement, or it is no query (kind Config).</exception>
    public static async Task<(QueryDatabase Database, QueryPlan Plan)> PlanAsync(
        SqlStatement statement, LiveTables tables, string folder, QueryOpening opening, CancellationToken cancel)
    {
        IReadOnlyList<LiveTable> named = [.. tables.All.Where(table => IsNamed(table, statement))];
        if (await TryPlanAsync(named) is { } planned)
        {
            return planned;
        }

        // Only with all tables there DuckDB can say which name may have been meant.
        return (await TryPlanAsync(tables.All))!.Value;

        async Task<(QueryDatabase, QueryPlan)?> TryPlanAsync(IReadOnlyList<LiveTable> made)
        {
            var database = new QueryDatabase(await QueryConnection.OpenAsync(made, folder, opening, cancel), statement, tables);
            try
            {
                var plan = await database.PlanAsync(cancel);
                await database.LeaveOutWhatIsWrongAsync(cancel);
                return (database, plan);
            }
            catch (SluiceException) when (made.Count < tables.All.Count)
            {
                await database.DisposeAsync();
                return null;
            }
            catch
            {
                await database.DisposeAsync();
                throw;
            }
        }
    }

    private async Task<QueryPlan> PlanAsync(CancellationToken cancel)
    {
        using var bare = await SerializeAsync(Optimizers.Readable, cancel);
        using var first = await WithAttributesAsync(bare, cancel);
        if (!PlanError.IsIn(first))
        {
            return Read(first);
        }

        // What is wrong with the statement itself is wrong on every rung.
        if (Mistake(first) is { } mistake)
        {
            throw mistake;
        }

        using var second = await SerializeAsync(Optimizers.Careful, cancel);
        return PlanError.IsIn(second) ? Blind() : Read(second);
    }

    // What makes this query slow is off only where it would else be wrong.
    private async Task LeaveOutWhatIsWrongAsync(CancellationToken cancel)
    {
        if (_skipsNulls)
        {
            using var unfolded = await SerializeAsync($"{Optimizers.Readable},{Optimizers.Unfolded}", cancel);
            _evaluating += $",{(_skipsNulls ? Optimizers.Unpushed : Optimizers.Unfolded)}";
        }
    }

    /// <summary>The tables, with the attributes that the query names as columns of people.</summary>
    public LiveTables Tables => _tables;

    /// <summary>What is wrong with the query if nobody has an attribute that it names.</summary>
    public IReadOnlyDictionary<string, SluiceException> WithoutAttributes { get; private set; } = new Dictionary<string, SluiceException>();

    // A column that is none of the tables' may be an attribute of people: with it, the query must be understood.
    private async Task<JsonDocument> WithAttributesAsync(JsonDocument bare, CancellationToken cancel)
    {
        var (own, names, answer) = (_tables, new Dictionary<string, SluiceException>(StringComparer.OrdinalIgnoreCase), bare);
        while (AttributeColumn.MissingIn(answer, _statement.Text) is { } name
            && Mistake(answer) is { } mistake
            && names.Count < AttributeColumn.Most
            && names.TryAdd(name, mistake)
            && IsNamed(own.People, _statement))
        {
            _tables = own.WithAttributes([.. names.Keys]);
            await _connection.RunAsync($"DROP TABLE {_tables.People.Name}; {_tables.People.CreateSql}", cancel);
            answer = await SerializeAsync(Optimizers.Readable, cancel);
        }

        if (answer != bare && Mistake(answer) is null)
        {
            WithoutAttributes = names;
            return answer;
        }

        _tables = own;
        return bare;
    }

    /// <summary>Puts what was fetched in the place of a table.</summary>
    public Task ReplaceAsync(LiveTable table, string select, CancellationToken cancel)
    {
        var name = DuckDBIdentifier.Quote(table.Name);
        return _connection.RunAsync($"DROP TABLE {name}; CREATE VIEW {name} AS {select}", cancel);
    }

    /// <summary>The different values of a column of an attached table, in the rows that meet a scan's conditions.</summary>
    public Task<IReadOnlyList<string?>> ValuesAsync(PlanOrigin origin, CancellationToken cancel)
    {
        var conditions = origin.Scan!.Conditions.Select(ConditionSql.Of).OfType<string>().Prepend("true");
        return _connection.ListAsync(
            $"{KeySql.SelectOf(origin)} FROM {origin.Scan.Source.Name} WHERE {string.Join(" AND ", conditions)}",
            row => row.IsDBNull(0) ? null : row.GetString(0),
            cancel);
    }

    /// <summary>The connection, for statements that change the query's own tables.</summary>
    public InterruptibleConnection Connection => _connection;

    /// <summary>Runs the statement over what was fetched; its rows are computed as they are read.</summary>
    /// <exception cref="SluiceException">It can't be computed (kind Config).</exception>
    public async Task<DbDataReader> RunAsync(CancellationToken cancel)
    {
        await LockAsync(cancel);
        return await ReadAsync(_statement.Text, cancel);
    }

    /// <summary>Makes ready for statements that are not Sluice's own.</summary>
    public Task LockAsync(CancellationToken cancel) =>
        _connection.RunAsync($"SET disabled_optimizers = '{_evaluating}'; SET lock_configuration = true", cancel);

    /// <summary>Runs a query over what is there.</summary>
    /// <exception cref="SluiceException">It can't be computed (kind Config).</exception>
    public async Task<DbDataReader> ReadAsync(string query, CancellationToken cancel)
    {
        try
        {
            await FindTypesAsync(query, cancel);
            var command = _connection.CreateCommand();
            command.CommandText = query;
            return await command.ExecuteReaderAsync(cancel);
        }
        catch (DuckDBException error)
        {
            throw Failure(error);
        }
    }

    /// <summary>The types of the result's columns in SQL; none for what is no SELECT.</summary>
    public IReadOnlyList<string> ColumnTypes { get; private set; } = [];

    /// <summary>Runs the statement once more and writes its rows into a Parquet file; gives their number.</summary>
    public async Task<long> WriteParquetAsync(string path, string folder, CancellationToken cancel)
    {
        var file = Path.Combine(folder, "result.parquet");
        try
        {
            var rows = await _connection.RunAsync($"COPY ({_statement.Text}\n) TO {DuckDBLiteral.Quote(file)} (FORMAT parquet)", cancel);
            File.Move(file, path, overwrite: true);
            return rows;
        }
        catch (DuckDBException error)
        {
            throw Failure(error);
        }
    }

    private async Task FindTypesAsync(string query, CancellationToken cancel)
    {
        // What is no SELECT has no JSON, which alone can't be told from the rows.
        if (SqlTokenizer.Read(query)[0] is var first && (first.Is("SELECT") || first.Is("WITH") || first.Is("FROM")))
        {
            ColumnTypes = await _connection.ListAsync($"DESCRIBE {query}", row => row.GetString(1), cancel);
        }
    }

    /// <summary>A mistake that shows only while rows are computed.</summary>
    public static SluiceException Failure(DuckDBException error) => DuckDbErrors.IsOutOfMemory(error)
        ? new SluiceException(SluiceErrorKind.Destination, $"The query needs more memory: {error.Message}", MemoryBudget.OfProcess.Advice, error)
        : new SluiceException(SluiceErrorKind.Config, error.Message, inner: error);

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();

    // Names also come from the catalog of DuckDB itself, and a name that is close to one helps whoever mistyped it.
    private static bool IsNamed(LiveTable table, SqlStatement statement) =>
        statement.Words.Contains(table.Name) || table.Aliases.Any(statement.Words.Contains) || statement.ListsTables;

    private async Task<JsonDocument> SerializeAsync(string disabled, CancellationToken cancel)
    {
        await _connection.RunAsync($"SET disabled_optimizers = '{disabled}'", cancel);
        await using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT json_serialize_plan({DuckDBLiteral.Quote(_statement.Text)}, optimize := true)";
        var json = (string)(await command.ExecuteScalarAsync(cancel))!;
        _skipsNulls = Optimizers.SkipsNulls(json);
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
        }
        catch (JsonException)
        {
            // DuckDB writes nan and inf as they are, which is no JSON: the statement itself may be right.
            return JsonDocument.Parse("{\"error\":true}");
        }
    }

    private QueryPlan Read(JsonDocument answer)
    {
        var plans = answer.RootElement.GetProperty("plans");
        foreach (var plan in _statement.WriteVerb is null ? [.. plans.EnumerateArray()] : Array.Empty<JsonElement>())
        {
            PlanKind.RequireQuery(plan);
        }

        var read = ReadOrNone(plans) ?? Blind();
        return read.Scans.Any(scan => scan.UsesRowNumber && scan.Source.IsLive) && _statement.Words.Contains("rowid")
            ? throw new SluiceException(
                SluiceErrorKind.Config, "Live tables have no rowid: rows of the API have no number.", "row_number() OVER () counts rows.")
            : read;
    }

    // The form of plans is DuckDB's own affair: one that can't be read makes the query slow, not wrong.
    private static QueryPlan? ReadOrNone(JsonElement plans)
    {
        try
        {
            var read = PlanReader.Read(plans);
            return read.Scans.Count == PlanReader.CountScans(plans) ? read : null;
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException or FormatException)
        {
            return null;
        }
    }

    // Every table that the text names anywhere, whole.
    private QueryPlan Blind()
    {
        if (_statement.WriteVerb is null)
        {
            PlanKind.RequireQuery(_statement);
        }

        var scans = _tables.All.Where(table => IsNamed(table, _statement) && !_statement.ListsTables).Select((table, place) =>
        {
            var scan = new PlanScan(new TablePlace(TablePlace.Live, "main", table.Name), place);
            scan.Used.UnionWith(table.Columns.Select(column => column.Name));
            return scan;
        });
        return new QueryPlan([.. scans], []) { IsBlind = true };
    }

    private string? Hint() =>
        _tables.Catalog.Resources.FirstOrDefault(resource => resource.Reading == ReadingKind.Export && _statement.Words.Contains(resource.Name))
            is { } export
            ? $"{export.Name} is a file that Customer.io makes on request, within minutes: sluice ingest reads it."
            : null;

    private SluiceException? Mistake(JsonDocument answer) => PlanError.MistakeIn(answer, _statement.Text, Hint());
}
