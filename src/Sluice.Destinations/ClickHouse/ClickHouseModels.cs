using Sluice.Destinations.Models;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Destinations.ClickHouse;

/// <summary>The models of one schema on a server, each made or replaced in a statement of its own.</summary>
internal sealed class ClickHouseModels(ClickHouseServer server, string schema) : IModelViews
{
    private readonly ClickHouseModelSql _sql = new();
    private readonly ClickHouseDatabase _tables = new(server, schema);
    private readonly ClickHouseDatabase _views = new(server, ModelCatalog.SchemaOf(schema));

    public Task<IReadOnlyList<ModelReport>> MakeAsync(bool isDryRun, CancellationToken cancel) =>
        ClickHouseErrors.GuardAsync<IReadOnlyList<ModelReport>>(server.Address, $"Making the models of {schema}", async () =>
        {
            var own = await OwnAsync(cancel);
            var plans = await PlanAsync(own, cancel);
            if (!isDryRun)
            {
                await WriteAsync(plans, own, cancel);
            }

            return [.. plans.Select(plan => plan.Report(NameOf, _sql))];
        });

    public Task<IReadOnlyList<string>> DropAsync(CancellationToken cancel) =>
        ClickHouseErrors.GuardAsync<IReadOnlyList<string>>(server.Address, $"Removing the models of {schema}", async () =>
        {
            var own = await OwnAsync(cancel);
            await DropAsync(own, cancel);
            return [.. own.Select(NameOf)];
        });

    public Task<FoundTables> FindTablesAsync(CancellationToken cancel) =>
        ClickHouseErrors.GuardAsync(server.Address, $"Looking at the tables of {schema}", async () =>
        {
            var there = await _tables.TablesAsync(cancel);
            var loads = await LoadsAsync(there, cancel);
            var tables = new List<FoundTable>();
            foreach (var (source, table) in TablesOf(there, loads, ModelTables.Known(loads)).Found)
            {
                if (await _tables.ReadAsync(table, cancel) is { } found)
                {
                    tables.Add(new FoundTable(source, table, _tables.Schema.Bare(table), ColumnsOf(found))
                    {
                        ReadWith = found.Final,
                        IsLoaded = loads.Any(load => load.Table == table),
                    });
                }
            }

            var ledger = _tables.Schema.Bare(SystemTable.Ledger.Name);
            return new FoundTables(_tables.Schema.Database, there.Contains(ledger) ? ledger : null, tables);
        });

    private async Task<IReadOnlyList<string>> OwnAsync(CancellationToken cancel)
    {
        var names = await server.ListAsync(
            "SELECT name FROM system.tables WHERE database = {database:String} AND engine = 'View' AND startsWith(comment, {mark:String})",
            row => row.GetString(0),
            cancel,
            ("database", _views.Schema.Database),
            ("mark", ModelSql.Mark));

        // The names of other schemas' models may stand in the same database.
        return [.. ModelCatalog.All.Select(model => model.Name).Where(name => names.Contains(_views.Schema.Bare(name)))];
    }

    private async Task<IReadOnlyList<MadeModel>> PlanAsync(IReadOnlyList<string> own, CancellationToken cancel)
    {
        var there = await _tables.TablesAsync(cancel);
        var tables = TablesOf(there, await LoadsAsync(there, cancel), ModelCatalog.Tables);
        var relations = new Dictionary<string, ModelRelation>(StringComparer.Ordinal);
        foreach (var (name, table) in tables.Found)
        {
            if (await _tables.ReadAsync(table, cancel) is { } found)
            {
                relations[name] = ModelRelation.Of(name, found.Rows(), ColumnsOf(found), _sql.HasJson);
            }
        }

        var others = await _views.TablesAsync(cancel);
        bool IsTaken(string name) => !own.Contains(name, StringComparer.Ordinal) && others.Contains(_views.Schema.Bare(name));
        return
        [
            .. ModelPlan.Of(_sql, relations, NameOf, IsTaken, tables.Told).Select(plan => new MadeModel(plan, IsTaken(plan.Model.Name))),
        ];
    }

    private ModelTables TablesOf(IReadOnlySet<string> there, IReadOnlyList<(string Table, string Source)> loads, IReadOnlyList<string> names)
    {
        var known = names.Select(ModelCatalog.TableOf).Concat(loads.Select(load => load.Table));
        return new ModelTables(known.Where(name => there.Contains(_tables.Schema.Bare(name))).ToHashSet(StringComparer.Ordinal), loads, names);
    }

    private static Dictionary<string, ColumnType> ColumnsOf(ClickHouseTable table) =>
        table.Columns.Where(column => !ClickHouseTable.IsHidden(column.Name))
            .ToDictionary(column => column.Name, column => column.Meaning, StringComparer.OrdinalIgnoreCase);

    private async Task<IReadOnlyList<(string Table, string Source)>> LoadsAsync(IReadOnlySet<string> there, CancellationToken cancel) =>
        there.Contains(_tables.Schema.Bare(SystemTable.Ledger.Name))
            ? await server.ListAsync(
                $"SELECT DISTINCT table_name, source FROM {_tables.Schema.Name(SystemTable.Ledger.Name)}",
                row => (row.GetString(0), row.GetString(1)),
                cancel)
            : [];

    private async Task WriteAsync(IReadOnlyList<MadeModel> plans, IReadOnlyList<string> own, CancellationToken cancel)
    {
        var made = plans.Where(plan => plan.IsMade).ToList();
        await DropAsync(own.Where(name => !made.Exists(plan => plan.Plan.Model.Name == name)), cancel);
        if (made.Count > 0 && await server.CountAsync(
            "SELECT count() FROM system.databases WHERE name = {database:String}", cancel, ("database", _views.Schema.Database)) == 0)
        {
            await server.RunAsync(_views.Ddl.CreateDatabase(_views.Schema.Database), cancel);
        }

        foreach (var statement in made.SelectMany(plan => plan.Statements(name => NameOf(name) + _views.Ddl.OnCluster, _sql)))
        {
            await server.RunAsync(statement, cancel);
        }
    }

    private async Task DropAsync(IEnumerable<string> models, CancellationToken cancel)
    {
        foreach (var name in models)
        {
            await server.RunAsync($"DROP VIEW IF EXISTS {NameOf(name)}{_views.Ddl.OnCluster}", cancel);
        }
    }

    private string NameOf(string model) => _views.Schema.Name(model);
}
