using System.Security.Cryptography;
using System.Text;
using Sluice.Engine.Masking;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Xunit;

namespace Sluice.Tests.Config;

public sealed class MaskingTests
{
    private static readonly MaskSet Salted = new([new Mask("email", MaskMethod.Sha256)], new MaskSalt("sältz"));

    [Theory]
    [InlineData("jane@example.com", "j***@example.com")]
    [InlineData("j@x", "j***@x")]
    [InlineData("😀ane@example.com", "😀***@example.com")]
    [InlineData("a@b@example.com", "a***@example.com")]
    [InlineData("+15551234567", "+1***67")]
    [InlineData("12345678", "12***78")]
    [InlineData("1234567", "***")]
    [InlineData("Jane Doe <jane@example.com>", "Ja***m>")]
    [InlineData("@twitter", "@t***er")]
    [InlineData("12345678@", "12***8@")]
    [InlineData("😀😀😀😀", "***")]
    [InlineData("a", "***")]
    [InlineData("", "")]
    public void Partial_shows_what_lets_people_recognize_a_value_they_know(string value, string masked) =>
        Assert.Equal(masked, MaskSet.None.Apply(MaskMethod.Partial, value));

    [Theory]
    [InlineData("jane@example.com", "***")]
    [InlineData(" ", "***")]
    [InlineData("", "")]
    public void Redact_leaves_nothing_but_that_there_was_something(string value, string masked) =>
        Assert.Equal(masked, MaskSet.None.Apply(MaskMethod.Redact, value));

    [Fact]
    public void Without_a_salt_the_hash_is_what_sha256sum_prints() => Assert.Equal(
        "8c87b489ce35cf2e2f39f80e282cb2e804932a56a213983eeeb428407d43b52d", MaskSet.None.Apply(MaskMethod.Sha256, "jane@example.com"));

    [Fact]
    public void With_a_salt_the_hash_is_an_hmac_with_the_salt_as_its_key()
    {
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes("sältz"), Encoding.UTF8.GetBytes("jänë")));

        Assert.Equal(expected, Salted.Apply(MaskMethod.Sha256, "jänë"));
        Assert.NotEqual(expected, MaskSet.None.Apply(MaskMethod.Sha256, "jänë"));
        Assert.Equal("", Salted.Apply(MaskMethod.Sha256, ""));
    }

    [Fact]
    public void A_salt_is_never_printed()
    {
        var settings = new SettingWords().Say(IngestSettings.MaskSalt, "sältz");
        var request = new IngestRequest { Tables = [], PairId = "x", ParentMasks = Salted };

        Assert.DoesNotContain("sältz", $"{settings}{request}{Salted}{Salted.Fingerprint}", StringComparison.Ordinal);
        Assert.Contains("email:sha256", $"{request}", StringComparison.Ordinal);
    }

    [Fact]
    public void The_fingerprint_tells_other_masks_and_other_salts_apart_but_not_their_order_or_case()
    {
        Mask email = new("email", MaskMethod.Sha256), phone = new("phone", MaskMethod.Redact);
        var same = new MaskSet([phone, new Mask("EMAIL", MaskMethod.Sha256)], new MaskSalt("a"));
        MaskSet[] all =
        [
            MaskSet.None, new([email, phone], new MaskSalt("a")), new([email, phone], new MaskSalt("b")), new([email, phone]), new([email]),
            new([email with { Method = MaskMethod.Partial }]),
        ];

        Assert.Equal(all.Length, all.Select(masking => masking.Fingerprint).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(all[1].Fingerprint, same.Fingerprint);
    }

    [Fact]
    public void Only_hashes_need_a_salt()
    {
        Assert.True(new MaskSet([new Mask("email", MaskMethod.Sha256)]).IsUnsalted);
        Assert.False(new MaskSet([new Mask("email", MaskMethod.Partial)]).IsUnsalted);
        Assert.False(Salted.IsUnsalted);
        Assert.False(MaskSet.None.IsUnsalted);
    }
}
