using System.CommandLine;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Settings;
using Sluice.Settings.Pipelines;

namespace Sluice.Cli.Commands;

/// <summary>The option for the pipeline file, and its reading.</summary>
internal sealed class PipelineFileOption
{
    private const int MostCharacters = 4_000_000;

    private readonly Option<string?> _file = Flag.Text(
        "--file", "FILE", $"The pipeline file; paths in it and .env are of the current folder [default: {PipelineReader.FileName}]");

    public void AddTo(Command command) => command.Add(_file);

    public string Name(Flags flags) => flags.Text(_file) ?? PipelineReader.FileName;

    /// <summary>Reads a file, which can have errors.</summary>
    public static PipelineFile Read(string name, CommandHost host, bool mayBeUnset, IReadOnlyCollection<string>? chosen = null) =>
        new PipelineReader(Surroundings(host.Settings, mayBeUnset)).Read(name, Text(Path.Combine(host.Folder, name), name), chosen);

    public static PipelineContext Surroundings(SettingsLookup settings, bool mayBeUnset) => new()
    {
        Variables = settings.Find,
        Origins = new KeyOrigins(settings.IsOfFile),
        DestinationIdentity = DestinationRegistry.Identity,
        WithPartitions = DestinationRegistry.WithPartitions,
        TableNames = DestinationRegistry.TableNames,
        WorkFolder = settings.WorkFolder,
        MayBeUnset = mayBeUnset,
    };

    private static string Text(string path, string name)
    {
        try
        {
            // Not by the length that the system tells: a device or a pipe has none.
            using var reader = File.OpenText(path);
            var text = new char[MostCharacters + 1];
            var length = reader.ReadBlock(text);
            return length <= MostCharacters
                ? new string(text, 0, length)
                : throw new SluiceException(
                    SluiceErrorKind.Config,
                    $"{name} is longer than {MostCharacters} characters, which no pipeline file is.",
                    "--file names another one.");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SluiceException(
                SluiceErrorKind.Config, $"There is no pipeline file {name}.", "'sluice init' writes one; --file names another.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SluiceException(SluiceErrorKind.Config, $"The pipeline file {name} can't be read: {error.Message}", inner: error);
        }
    }
}
