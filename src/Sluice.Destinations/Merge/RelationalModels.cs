using Sluice.Destinations.Models;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Merge;

/// <summary>The models of one schema of a relational database, made in a transaction.</summary>
internal sealed class RelationalModels(RelationalDatabase database, ModelSql sql, string schema) : IModelViews
{
    private readonly SqlDialect _dialect = database.Dialect;
    private readonly string _views = ModelCatalog.SchemaOf(schema);

    public Task<IReadOnlyList<ModelReport>> MakeAsync(bool isDryRun, CancellationToken cancel) => database.TryAsync<IReadOnlyList<ModelReport>>(
        $"Making the models of {schema}",
        async () =>
        {
            await using var session = isDryRun ? await database.OpenAsync(cancel) : await database.BeginAsync(cancel);
            var own = await _dialect.OwnViewsAsync(session, _views, cancel);
            var plans = await PlanAsync(session, own, cancel);
            if (!isDryRun)
            {
                await WriteAsync(session, plans, own, cancel);
                await session.CommitAsync();
            }

            return [.. plans.Select(plan => plan.Report(NameOf, sql))];
        },
        cancel);

    public Task<IReadOnlyList<string>> DropAsync(CancellationToken cancel) => database.TryAsync<IReadOnlyList<string>>(
        $"Removing the models of {schema}",
        async () =>
        {
            await using var session = await database.BeginAsync(cancel);
            var names = Sorted(await _dialect.OwnViewsAsync(session, _views, cancel)).Select(NameOf).ToList();
            await _dialect.CreateViewsAsync(session, [], names, names, cancel);
            await session.CommitAsync();
            return names;
        },
        cancel);

    public Task<FoundTables> FindTablesAsync(CancellationToken cancel) => database.TryAsync(
        $"Looking at the tables of {schema}",
        async () =>
        {
            await using var session = await database.OpenAsync(cancel);
            var there = await _dialect.TablesAsync(session, schema, cancel);
            var loads = await LoadsAsync(session, there, cancel);
            var found = new List<FoundTable>();
            foreach (var (source, table) in new ModelTables(there, loads, ModelTables.Known(loads)).Found)
            {
                var columns = await _dialect.ColumnsAsync(session, schema, table, cancel);
                found.Add(new FoundTable(source, table, table, columns) { IsLoaded = loads.Any(load => load.Table == table) });
            }

            return new FoundTables(schema, there.Contains(SystemTable.Ledger.Name) ? SystemTable.Ledger.Name : null, found);
        },
        cancel);

    private async Task<IReadOnlyList<MadeModel>> PlanAsync(DbSession session, IReadOnlySet<string> own, CancellationToken cancel)
    {
        var there = await _dialect.TablesAsync(session, schema, cancel);
        var tables = new ModelTables(there, await LoadsAsync(session, there, cancel));
        var relations = new Dictionary<string, ModelRelation>(StringComparer.Ordinal);
        foreach (var (name, table) in tables.Found)
        {
            var columns = await _dialect.ColumnsAsync(session, schema, table, cancel);
            relations[name] = ModelRelation.Of(name, _dialect.Table(schema, table), columns, sql.HasJson);
        }

        var taken = await TakenAsync(session, own, cancel);
        return
        [
            .. ModelPlan.Of(sql, relations, NameOf, taken.Contains, tables.Told)
                .Select(plan => new MadeModel(plan, taken.Contains(plan.Model.Name))),
        ];
    }

    private async Task<IReadOnlyList<(string Table, string Source)>> LoadsAsync(
        DbSession session, IReadOnlySet<string> there, CancellationToken cancel) =>
        there.Contains(SystemTable.Ledger.Name)
            ? await session.ListAsync(
                $"SELECT DISTINCT table_name, source FROM {_dialect.Table(schema, SystemTable.Ledger.Name)}",
                row => (_dialect.Text(row, 0), _dialect.Text(row, 1)),
                cancel)
            : [];

    private async Task<IReadOnlySet<string>> TakenAsync(DbSession session, IReadOnlySet<string> own, CancellationToken cancel)
    {
        var tables = await _dialect.TablesAsync(session, _views, cancel);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in ModelCatalog.All.Select(model => model.Name).Where(name => !own.Contains(name)))
        {
            if (tables.Contains(name) || await _dialect.TakenByAsync(session, _views, name, cancel) is not null)
            {
                taken.Add(name);
            }
        }

        return taken;
    }

    private async Task WriteAsync(
        DbSession session, IReadOnlyList<MadeModel> plans, IReadOnlySet<string> own, CancellationToken cancel)
    {
        var made = plans.Where(plan => plan.IsMade).ToList();
        if (made.Count > 0)
        {
            await _dialect.CreateSchemaAsync(session, _views, cancel);
        }

        var former = Sorted(own);
        var stale = former.Where(name => !made.Exists(plan => plan.Plan.Model.Name == name)).Select(NameOf).ToList();
        await _dialect.CreateViewsAsync(
            session, made.SelectMany(plan => plan.Statements(NameOf, sql)), [.. former.Select(NameOf)], stale, cancel);
    }

    // Each before those that it is made from; a model of an earlier version comes first.
    private static List<string> Sorted(IReadOnlySet<string> views) =>
        [.. views.OrderByDescending(name => ModelCatalog.PlaceOf(name) is var place and >= 0 ? place : int.MaxValue)];

    private string NameOf(string model) => _dialect.Table(_views, model);
}
