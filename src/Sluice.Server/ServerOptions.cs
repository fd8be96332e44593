using System.Net;
using Sluice.CustomerIo;
using Sluice.Server.Gate;
using Sluice.Server.Webhooks;
using Sluice.Settings;
using Sluice.Settings.Pipelines;

namespace Sluice.Server;

/// <summary>What a server is started with.</summary>
public sealed record ServerOptions
{
    /// <summary>Where it listens by default: on this machine alone.</summary>
    public static Uri DefaultListen { get; } = new("http://127.0.0.1:4780");

    /// <summary>The current folder, which paths in the pipeline file are relative to.</summary>
    public required string Folder { get; init; }

    /// <summary>The folder for spools, journals and the control database.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>The pipeline file, as it is called in messages; when it is not there, what is set in the browser counts.</summary>
    public string PipelineFile { get; init; } = PipelineReader.FileName;

    /// <summary>Where to listen; port 0 takes a free one.</summary>
    public Uri Listen { get; init; } = DefaultListen;

    /// <summary>The file of the certificate, and of those above it, when it listens with TLS.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>The file of the certificate's key.</summary>
    public string? TlsKey { get; init; }

    /// <summary>The address that people type, when it is another one: that of a proxy.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>The networks of the proxies before it, which are believed when they say where a request is from.</summary>
    public IReadOnlyList<IPNetwork> BehindProxy { get; init; } = [];

    /// <summary>The private networks to which it may connect by HTTP when somebody has typed an address of them into a page.</summary>
    public IReadOnlyList<IPNetwork> AllowPrivate { get; init; } = [];

    /// <summary>The folder below which files may be written that were set in the browser; null for the default.</summary>
    public string? Files { get; init; }

    /// <summary>Whether others than the users of this machine reach it.</summary>
    public bool IsReachedFromElsewhere => BehindProxy.Count > 0 || !ListenRules.IsThisMachine(Listen);

    /// <summary>Whether whoever started it can log in with a link.</summary>
    public bool TakesLinks => !IsReachedFromElsewhere;

    /// <summary>The address of a PostgreSQL database that several nodes share; null for a SQLite file in the work folder.</summary>
    public string? Control { get; init; }

    /// <summary>Where the control database is.</summary>
    internal string ControlAddress => Control ?? ControlFile(WorkFolder);

    /// <summary>The name of this node, which no other node of the same control database has.</summary>
    public string Node { get; init; } = Environment.MachineName;

    /// <summary>Whether all nodes have the same folders, so that any of them may write a destination that is a file.</summary>
    public bool SharesFiles { get; init; }

    /// <summary>The most runs at the same time.</summary>
    public int MostRuns { get; init; } = 2;

    /// <summary>How webhooks are received and folded.</summary>
    public WebhookOptions Webhooks { get; init; } = new();

    /// <summary>Gives the value of a variable of the environment or of .env, or null.</summary>
    public required Func<string, string?> Variables { get; init; }

    /// <summary>Tells whether a variable is of the file .env or of the environment.</summary>
    public KeyOrigins Origins { get; init; } = KeyOrigins.WithoutFile;

    /// <summary>Opens a client of a workspace, under the budget that all runs of the workspace share.</summary>
    public required Func<SourceAddress, RequestBudget?, CustomerIoClient> OpenClient { get; init; }

    /// <summary>Takes what the server says while it runs.</summary>
    public Action<ServerMessage> Tell { get; init; } = _ => { };

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal static string ControlFile(string workFolder) => Path.Combine(workFolder, "serve.db");
}
