using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Sluice.Tests.Server;

/// <summary>Somebody with a browser, or a program with a token, who follows no redirect by itself.</summary>
internal sealed partial class ServerVisitor : IDisposable
{
    private readonly HttpClient _client;

    public ServerVisitor(Uri server, string? token = null)
    {
        Cookies = new CookieContainer();
        Token = token;
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies, UseProxy = false })
        {
            BaseAddress = server,
        };
        _client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
    }

    public CookieContainer Cookies { get; }

    public string? Token { get; }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    public async Task<string> ReadAsync(string path)
    {
        using var answer = await GetAsync(path);
        return await answer.Content.ReadAsStringAsync(ServerWorld.Cancel);
    }

    /// <summary>Sends a form such as a page of the server has it.</summary>
    public async Task<HttpResponseMessage> PostFormAsync(string path, params (string Name, string Value)[] fields) =>
        await PostAsync(path, [.. fields, ("__RequestVerificationToken", await FormTokenAsync())]);

    /// <summary>Sends a form as it is given.</summary>
    public Task<HttpResponseMessage> PostAsync(
        string path, IReadOnlyList<(string Name, string Value)> fields, params (string Name, string Value)[] headers) =>
        SendAsync(
            HttpMethod.Post, path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))), headers);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return _client.SendAsync(request, ServerWorld.Cancel);
    }

    /// <summary>The token in the forms, which is the visitor's own.</summary>
    public async Task<string> FormTokenAsync() => FormToken().Match(await ReadAsync("/login")).Groups[1].Value;

    public void Dispose() => _client.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex FormToken();
}
