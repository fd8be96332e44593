using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Settings;
using Xunit;

namespace Sluice.Tests.Config;

public sealed class SchemaContractTests
{
    [Theory]
    [InlineData(null, SchemaContract.Evolve)]
    [InlineData(" ", SchemaContract.Evolve)]
    [InlineData("evolve", SchemaContract.Evolve)]
    [InlineData(" JSON ", SchemaContract.Json)]
    [InlineData("freeze", SchemaContract.Freeze)]
    public void A_contract_is_read(string? text, SchemaContract contract)
    {
        var mistakes = new ValidationErrors();
        Assert.Equal(contract, Read(text, mistakes));
        Assert.False(mistakes.Any);
    }

    [Theory]
    [InlineData("freez", "Did you mean freeze?")]
    [InlineData("2", "There are evolve, json, freeze.")]
    [InlineData("yes", "There are evolve, json, freeze.")]
    public void A_word_that_is_none_is_a_mistake(string text, string hint)
    {
        var mistakes = new ValidationErrors();
        Read(text, mistakes);
        var error = Assert.Throws<SluiceException>(mistakes.ThrowIfAny);
        Assert.Equal((SluiceErrorKind.Config, hint), (error.Kind, error.Hint));
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    private static SchemaContract Read(string? text, ValidationErrors mistakes) =>
        IngestRequestReader.Read(new SettingWords()
            .Say("--schema-contract", text is null ? [] : [text]), "", mistakes).Tables[0].Settings.Contract;
}
